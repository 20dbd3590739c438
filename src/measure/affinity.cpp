#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "measure/clock.h"
#include "measure/reference_loop.h"
#include "perfmodel/measure/protocol.h"

namespace perfmodel {
namespace {

/// Puts the calling thread's CPUs back on the way out.
class AffinityScope {
 public:
  AffinityScope() { known_ = ::pthread_getaffinity_np(::pthread_self(), sizeof cpus_, &cpus_) == 0; }
  ~AffinityScope() {
    if (known_) ::pthread_setaffinity_np(::pthread_self(), sizeof cpus_, &cpus_);
  }
  AffinityScope(const AffinityScope&) = delete;
  AffinityScope& operator=(const AffinityScope&) = delete;

  std::vector<int> cpus() const {
    std::vector<int> allowed;
    for (int cpu = 0; known_ && cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &cpus_)) allowed.push_back(cpu);
    }
    return allowed;
  }

 private:
  cpu_set_t cpus_;
  bool known_ = false;
};

double mean_loop_ms(double duration_ms) {
  const double start_ms = now_ms();
  double sum_ms = 0;
  int count = 0;
  while (count == 0 || now_ms() - start_ms < duration_ms) {
    sum_ms += reference_loop_ms();
    ++count;
  }
  return sum_ms / count;
}

}  // namespace

bool pin_current_thread(int cpu) noexcept {
  if (cpu < 0 || cpu >= CPU_SETSIZE) return false;
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(cpu, &cpus);
  return ::pthread_setaffinity_np(::pthread_self(), sizeof cpus, &cpus) == 0;
}

int quietest_cpu() {
  constexpr double kPerCpu_ms = 100;
  constexpr double kTotal_ms = 2000;
  const AffinityScope restore;
  const std::vector<int> cpus = restore.cpus();
  if (cpus.empty()) return std::max(0, ::sched_getcpu());
  if (cpus.size() == 1) return cpus.front();
  const double duration_ms = std::min(kPerCpu_ms, kTotal_ms / static_cast<double>(cpus.size()));
  int quietest = cpus.front();
  double least_ms = std::numeric_limits<double>::infinity();
  for (const int cpu : cpus) {
    if (!pin_current_thread(cpu)) continue;
    const double loop_ms = mean_loop_ms(duration_ms);
    if (loop_ms < least_ms) {
      least_ms = loop_ms;
      quietest = cpu;
    }
  }
  return quietest;
}

}  // namespace perfmodel
