#pragma once

#include <Eigen/Core>
#include <vector>

#include "perfmodel/core/random.h"
#include "transfer/residual_process.h"

namespace perfmodel {

/// Candidates to measure next, best first: each lowers the variance of the answers, summed over the candidates, most
/// (greedy A-optimal design; what was measured does not matter, but where).
///
/// Parameters are as expected before anything is measured. Each step chooses among a random third of the candidates:
/// that costs next to nothing and keeps the plan from leaning on assumptions that are wrong. From more than 1000
/// candidates a random 1000 stand for all, and what is asked for beyond 300 is drawn at random.
/// @param features  candidates x columns
/// @param taken     one per candidate: measured, or about to be
std::vector<std::size_t> plan_measurements(const ResidualProcess& process, const Eigen::MatrixXd& features,
                                           const std::vector<bool>& taken, std::size_t count, Random random);

}  // namespace perfmodel
