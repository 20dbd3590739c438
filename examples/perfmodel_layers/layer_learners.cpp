#include "layer_learners.h"

#include <algorithm>
#include <array>

#include "json_line.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/train/layer_blend.h"
#include "perfmodel/train/register_learners.h"

namespace perfmodel::tools {
namespace {

constexpr std::array kWithPresets = {"perfnet", "resperfnet"};
constexpr std::array kWithLogTarget = {"forest", "gp", "mlp", "polynomial", "stepwise", "tree", "xgboost"};

template <typename Names>
bool holds(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

LearnerRegistry layer_learners() {
  LearnerRegistry registry = builtin_learners();
  add_torch_learners(registry);
  add_xgboost_learners(registry);
  add_layer_learners(registry);
  return registry;
}

}  // namespace

std::vector<std::string> layer_learner_names() {
  return layer_learners().names();
}

std::unique_ptr<Learner> make_layer_learner(const std::string& name, const std::string& preset) {
  JsonObject options;
  if (holds(kWithPresets, name)) options.add("preset", preset);
  if (holds(kWithLogTarget, name)) options.add("log_target", true);
  return layer_learners().make(name, options.text());
}

}  // namespace perfmodel::tools
