#include "predict/simd/kernel_table.h"

namespace perfmodel::simd::avx512 {

extern const Kernels kKernels = table_of(InstructionSet::kAvx512);

}  // namespace perfmodel::simd::avx512
