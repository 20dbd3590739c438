#include "predict/simd/kernels.h"

namespace perfmodel::simd {

namespace baseline {
extern const Kernels kKernels;
}
#ifdef PERFMODEL_SIMD_X86
namespace avx2 {
extern const Kernels kKernels;
}
namespace avx512 {
extern const Kernels kKernels;
}
#endif

const Kernels& kernels_of(InstructionSet set) noexcept {
#ifdef PERFMODEL_SIMD_X86
  if (set == InstructionSet::kAvx512) return avx512::kKernels;
  if (set == InstructionSet::kAvx2) return avx2::kKernels;
#endif
  static_cast<void>(set);
  return baseline::kKernels;
}

const Kernels& chosen_kernels() noexcept {
  return kernels_of(chosen_instruction_set());
}

}  // namespace perfmodel::simd
