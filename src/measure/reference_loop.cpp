#include "measure/reference_loop.h"

#include <algorithm>
#include <array>

#include "measure/clock.h"

namespace perfmodel {
namespace {

constexpr double kLoop_ms = 0.01;
/// Untimed loops before the timed ones: wide vector units that have rested wake up over some 20 microseconds.
constexpr int kLeadInLoops = 2;

#if defined(__aarch64__)
constexpr int kNumChains = 16;  // two to four vector units of latency 4
#else
constexpr int kNumChains = 8;  // two vector units of latency 4
#endif

template <int kBytes>
struct VectorOf {
  typedef float Type __attribute__((vector_size(kBytes)));
};

/// Hides where a value comes from, so that the compiler can neither merge the chains nor compute them ahead.
template <typename T>
[[gnu::always_inline]] inline void hide(T& value) {
#if defined(__clang__)
  __asm__ volatile("" : "+m"(value));  // it has no registers for vectors wider than the baseline's in a template
#elif defined(__aarch64__)
  __asm__ volatile("" : "+w"(value));
#else
  __asm__ volatile("" : "+x"(value));
#endif
}

/// Independent chains of x = x * a + b, enough of them to hide the latency of one.
template <int kBytes>
[[gnu::always_inline]] inline void multiply_add_chains(int iterations) {
  using Vector = typename VectorOf<kBytes>::Type;
  Vector factor = Vector{} + 0.999f;
  Vector summand = Vector{} + 0.001f;
  hide(factor);
  hide(summand);
  std::array<Vector, kNumChains> chains;
  for (Vector& chain : chains) {
    chain = Vector{} + 1.0f;
    hide(chain);
  }
  for (int i = 0; i < iterations; ++i) {
#pragma GCC unroll 16
    for (Vector& chain : chains) chain = chain * factor + summand;
  }
  for (Vector& chain : chains) hide(chain);
}

void run_generic(int iterations) {
  multiply_add_chains<16>(iterations);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void run_avx2(int iterations) {
  multiply_add_chains<32>(iterations);
}
__attribute__((target("avx512f"))) void run_avx512(int iterations) {
  multiply_add_chains<64>(iterations);
}
#endif

using Loop = void (*)(int iterations);

Loop widest_loop() noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return run_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return run_avx2;
#endif
  return run_generic;
}

double time_ms(Loop loop, int iterations) {
  const double start_ms = now_ms();
  loop(iterations);
  return now_ms() - start_ms;
}

struct CalibratedLoop {
  Loop loop = widest_loop();
  int iterations = 0;

  CalibratedLoop() {
    constexpr int kTrialIterations = 1000;
    constexpr int kTrials = 200;
    double best_ms = time_ms(loop, kTrialIterations);
    for (int i = 0; i < kTrials; ++i) best_ms = std::min(best_ms, time_ms(loop, kTrialIterations));
    const double per_iteration_ms = std::max(best_ms, 1e-6) / kTrialIterations;
    iterations = std::clamp(static_cast<int>(kLoop_ms / per_iteration_ms), 100, 1000000);
  }
};

}  // namespace

double reference_loop_ms() noexcept {
  static const CalibratedLoop calibrated;
  calibrated.loop(kLeadInLoops * calibrated.iterations);
  const double first_ms = time_ms(calibrated.loop, calibrated.iterations);
  return std::min(first_ms, time_ms(calibrated.loop, calibrated.iterations));
}

}  // namespace perfmodel
