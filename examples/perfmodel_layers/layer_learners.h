#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/learner/learner.h"

namespace perfmodel::tools {

/// Learners that layers may be given to.
std::vector<std::string> layer_learner_names();

/// A learner by name. One that has the option log_target fits the logarithm: times of layers span decades, and an error
/// counts by its share of the time.
/// @param preset  of resperfnet and perfnet: "default" or "paper"
/// @throws Error kUnsupported: no such learner, or not in this build.
std::unique_ptr<Learner> make_layer_learner(const std::string& name, const std::string& preset = "default");

}  // namespace perfmodel::tools
