#include "perfmodel/learner/registry.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "learner/builtin.h"

namespace perfmodel {

void LearnerRegistry::add(const std::string& name, Factory factory) {
  factories_.insert_or_assign(name, std::move(factory));
}

std::vector<std::string> LearnerRegistry::names() const {
  std::vector<std::string> names;
  for (const auto& [name, factory] : factories_) names.push_back(name);
  return names;
}

std::unique_ptr<Learner> LearnerRegistry::make(const std::string& name, const std::string& json) const {
  const auto found = factories_.find(name);
  if (found == factories_.end()) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("learner '{}' is not registered; there are {}", name, fmt::join(names(), ", ")));
  }
  return found->second(json);
}

LearnerRegistry builtin_learners() {
  LearnerRegistry registry;
  registry.add("additive_cost", additive_cost_learner_from_json);
  registry.add("constant", constant_learner_from_json);
  registry.add("tree", tree_learner_from_json);
  registry.add("forest", forest_learner_from_json);
  registry.add("polynomial", polynomial_learner_from_json);
  registry.add("stepwise", stepwise_learner_from_json);
  registry.add("gp", gp_learner_from_json);
  return registry;
}

}  // namespace perfmodel
