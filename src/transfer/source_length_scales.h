#pragma once

#include <Eigen/Core>
#include <vector>

#include "perfmodel/core/callbacks.h"
#include "perfmodel/core/random.h"

namespace perfmodel {

/// How far apart options must be for the source to answer otherwise: the length scales of a Gaussian process on its log
/// answers at some of the candidates, of greatest posterior density under a wide log-normal prior, which keeps options
/// that hardly count from length scales that the few answers cannot tell.
/// @param features     candidates x columns of ResidualFeatures: first the options, last the log source answer
/// @param num_options  columns of options
/// @return             one per column of options
/// @throws Error kCancelled.
std::vector<double> source_length_scales(const Eigen::MatrixXd& features, Eigen::Index num_options, Random random,
                                         const Callbacks& callbacks);

}  // namespace perfmodel
