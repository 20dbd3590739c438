#include <algorithm>

#include "options.h"
#include "perfmodel/core/error.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/train/register_learners.h"
#include "perfmodel/transfer/transfer.h"

namespace perfmodel::tools {
namespace {

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

std::vector<std::string> each_once(const std::vector<std::string>& names) {
  std::vector<std::string> once;
  for (const std::string& name : names) add_once(once, name);
  return once;
}

std::vector<std::string> strategies_named(const std::vector<std::string>& names) {
  const std::vector<std::string> all = transfer_strategies();
  std::vector<std::string> chosen;
  for (const std::string& name : names) {
    if (name == "all") {
      for (const std::string& each : all) add_once(chosen, each);
      continue;
    }
    bool known = false;
    std::string list;
    for (const std::string& other : all) {
      known = known || other == name;
      list += " " + other;
    }
    if (!known) throw Error(ErrorCode::kUnsupported, "strategy '" + name + "' does not exist; there are: all" + list);
    add_once(chosen, name);
  }
  return chosen;
}

LearnerPair learners_named(const std::string& name) {
  LearnerRegistry registry = builtin_learners();
  add_torch_learners(registry);
  add_xgboost_learners(registry);
  // The study's networks: 40 units for the source, 8 for what is fitted on few samples (Iqbal et al., OpML 2019).
  const bool is_mlp = name == "mlp";
  return {name, registry.make(name), registry.make(name, is_mlp ? R"({"hidden_units": [8]})" : "")};
}

TransferOptions transfer_options(const TransferToolOptions& options, std::uint64_t seed) {
  TransferOptions transfer;
  transfer.seed = seed;
  transfer.budget = options.budget;
  transfer.num_threads = options.num_threads;
  if (options.guided_by_aic) transfer.guided_terms.criterion = StepwiseOptions::Criterion::kAic;
  transfer.guided_terms.max_order = options.guided_order;
  return transfer;
}

}  // namespace perfmodel::tools
