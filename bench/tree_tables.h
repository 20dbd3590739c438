#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "perfmodel/data/dataset.h"

namespace perfmodel {

/// Generated tables of nine columns for the benchmarks of trees.

/// Friedman's first problem (Friedman, 1991): uniform columns x0..x8, of which five matter,
/// y = 10 sin(pi x0 x1) + 20 (x2 - 0.5)^2 + 10 x3 + 5 x4 + noise of deviation 1. All values are distinct.
Dataset friedman1_table(std::size_t num_rows, std::uint64_t seed);

/// Random configurations of nine options with levels like those of a Jetson board, and a run time in seconds: host work
/// over cores (Amdahl's law) and CPU clock, plus the slower of compute at the GPU's clock and traffic at the memory's,
/// with small effects of the kernel's settings and noise of 2 %. Few levels, many equal values.
Dataset jetson_levels_table(std::size_t num_rows, std::uint64_t seed);

/// Little-endian doubles: each row's features, then its target.  @throws Error kIo.
void write_table(const Dataset& data, const std::string& path);

}  // namespace perfmodel
