#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// Makes learners by name from options in JSON (docs/learners.md). A value: copy it, add to it. Not for several threads
/// at once while it is added to.
class PERFMODEL_EXPORT LearnerRegistry {
 public:
  /// @param json  an object; its keys are the learner's options, "" is {}.
  using Factory = std::function<std::unique_ptr<Learner>(const std::string& json)>;

  /// A later one of the same name takes the place of the earlier.
  void add(const std::string& name, Factory factory);
  std::vector<std::string> names() const;
  /// @throws Error kUnsupported (no such learner; lists those there are), kParse (not JSON, an unknown option; lists
  ///         the allowed ones), kInvalidArgument (an option out of range).
  std::unique_ptr<Learner> make(const std::string& name, const std::string& json = "") const;

 private:
  std::map<std::string, Factory> factories_;
};

/// The learners that need no third party: additive_cost, constant, tree, forest, polynomial, stepwise, gp.
PERFMODEL_EXPORT LearnerRegistry builtin_learners();

/// Adds blend, whose "members" name learners that the registry holds now: [{"learner": NAME, "options": {...}}, ...].
/// @param default_members  such an array, meant where the options name none; "": then they must
PERFMODEL_EXPORT void add_blend_learner(LearnerRegistry& registry, const std::string& default_members = "");

}  // namespace perfmodel
