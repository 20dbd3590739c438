#include "predict/simd/kernel_table.h"

namespace perfmodel::simd::baseline {

extern const Kernels kKernels = table_of(InstructionSet::kBaseline);

}  // namespace perfmodel::simd::baseline
