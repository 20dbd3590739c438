#pragma once

#include <vector>

namespace perfmodel::simd {

/// Instruction sets that kernels are compiled for, each including those before.
enum class InstructionSet {
  kBaseline,  ///< what every processor of the architecture has: SSE2 on x86-64, NEON on AArch64
  kAvx2,      ///< AVX2 and FMA
  kAvx512,    ///< AVX-512 F, BW, DQ and VL
};

const char* instruction_set_name(InstructionSet set) noexcept;  ///< "baseline", "avx2", "avx512"

/// Those that this build has kernels for and this processor runs, the baseline first.
std::vector<InstructionSet> available_instruction_sets();

/// The last of these, or the last up to the one that the environment variable PERFMODEL_INSTRUCTION_SET names.
/// Looked up once. A name that is none is ignored.
InstructionSet chosen_instruction_set() noexcept;

/// For tests: evaluators made while it lives use this set.
class ForcedInstructionSet {
 public:
  /// REQUIRES: an available one
  explicit ForcedInstructionSet(InstructionSet set) noexcept;
  ~ForcedInstructionSet();
  ForcedInstructionSet(const ForcedInstructionSet&) = delete;
  ForcedInstructionSet& operator=(const ForcedInstructionSet&) = delete;

 private:
  int previous_;
};

}  // namespace perfmodel::simd
