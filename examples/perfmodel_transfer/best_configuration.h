#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "candidates.h"
#include "perfmodel/config/config_space.h"
#include "perfmodel/learner/model.h"
#include "perfmodel/transfer/transfer.h"

namespace perfmodel::tools {

/// What was told of a target, by the configurations' index in its space.
using Outcomes = std::map<std::uint64_t, Outcome>;

/// A configuration and what is known of it.
struct BestConfiguration {
  Configuration configuration;
  bool is_measured = false;
  Prediction prediction;  ///< the measured value, if it was measured
};

/// The configuration of the least value, measured or else predicted; one that failed is none. Where the candidates are
/// not the whole space, it goes on from the best of them to the best neighbour for as long as that is better.
/// @throws Error kInvalidArgument: all candidates failed.
BestConfiguration best_configuration(const Model& model, const ConfigSpace& space, const Candidates& candidates,
                                     const Outcomes& outcomes);

}  // namespace perfmodel::tools
