#pragma once

#include <memory>
#include <string>

#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// The learners that need no third party, made from options in JSON (docs/learners.md lists the keys); "" is {}. Each
/// is defined beside its learner and reads with learner/option_json.h.
/// @throws Error kParse (not a JSON object, an unknown option, another type), kInvalidArgument (out of range).
std::unique_ptr<Learner> additive_cost_learner_from_json(const std::string& json);
std::unique_ptr<Learner> constant_learner_from_json(const std::string& json);
std::unique_ptr<Learner> tree_learner_from_json(const std::string& json);
std::unique_ptr<Learner> forest_learner_from_json(const std::string& json);
std::unique_ptr<Learner> polynomial_learner_from_json(const std::string& json);
std::unique_ptr<Learner> stepwise_learner_from_json(const std::string& json);
std::unique_ptr<Learner> gp_learner_from_json(const std::string& json);

}  // namespace perfmodel
