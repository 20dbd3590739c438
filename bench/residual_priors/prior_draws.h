#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "transfer/residual_process.h"

namespace perfmodel::bench {

/// Settings drawn at random, each number log-uniform about that which is shipped: deviations of coefficients and
/// medians from 1/4 to 4 times it, the widths of the log-normals from 1/2 to 2 times. The shipped setting, which was
/// settled with these tables in sight, is not among them. More settings begin with the same ones.
std::vector<ResidualPriors> draw_priors(std::size_t count, std::uint64_t seed);

/// What a setting's numbers are called, and the numbers in that order.
const std::vector<std::string>& prior_names();
std::vector<double> prior_numbers(const ResidualPriors& priors);

}  // namespace perfmodel::bench
