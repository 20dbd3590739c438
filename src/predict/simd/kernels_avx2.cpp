#include "predict/simd/kernel_table.h"

namespace perfmodel::simd::avx2 {

extern const Kernels kKernels = table_of(InstructionSet::kAvx2);

}  // namespace perfmodel::simd::avx2
