#include "predict/simd/instruction_set.h"

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace perfmodel::simd {
namespace {

constexpr InstructionSet kAll[] = {InstructionSet::kBaseline, InstructionSet::kAvx2, InstructionSet::kAvx512};

bool is_available(InstructionSet set) noexcept {
#ifdef PERFMODEL_SIMD_X86
  __builtin_cpu_init();
  if (set == InstructionSet::kAvx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (set == InstructionSet::kAvx512) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  }
#endif
  return set == InstructionSet::kBaseline;
}

InstructionSet look_up() noexcept {
  const char* const named = std::getenv("PERFMODEL_INSTRUCTION_SET");
  InstructionSet chosen = InstructionSet::kBaseline;
  for (const InstructionSet set : kAll) {
    if (is_available(set)) chosen = set;
    if (named != nullptr && std::string_view(named) == instruction_set_name(set)) break;
  }
  return chosen;
}

std::atomic<int> forced{-1};

}  // namespace

const char* instruction_set_name(InstructionSet set) noexcept {
  switch (set) {
    case InstructionSet::kBaseline:
      return "baseline";
    case InstructionSet::kAvx2:
      return "avx2";
    case InstructionSet::kAvx512:
      return "avx512";
  }
  return "";
}

std::vector<InstructionSet> available_instruction_sets() {
  std::vector<InstructionSet> sets;
  for (const InstructionSet set : kAll) {
    if (is_available(set)) sets.push_back(set);
  }
  return sets;
}

InstructionSet chosen_instruction_set() noexcept {
  const int set = forced.load(std::memory_order_relaxed);
  if (set >= 0) return static_cast<InstructionSet>(set);
  static const InstructionSet chosen = look_up();
  return chosen;
}

ForcedInstructionSet::ForcedInstructionSet(InstructionSet set) noexcept
    : previous_(forced.exchange(static_cast<int>(set))) {}

ForcedInstructionSet::~ForcedInstructionSet() {
  forced.store(previous_);
}

}  // namespace perfmodel::simd
