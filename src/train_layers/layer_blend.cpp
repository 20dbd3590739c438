#include "perfmodel/train/layer_blend.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "learner/option_json.h"
#include "perfmodel/learner/blend.h"
#include "perfmodel/train/few_layers.h"
#include "perfmodel/train/mlp.h"
#include "perfmodel/train/register_learners.h"
#include "perfmodel/train/xgboost.h"
#include "train_layers/with_kind.h"

namespace perfmodel {
namespace {

constexpr int kPerfNets = 4;
/// So many rows make the same number of steps with twice the batch, and more trees worth growing.
constexpr std::size_t kManyRows = 8000;

XGBoostOptions tree_options(std::size_t num_rows) {
  XGBoostOptions options;
  if (num_rows >= kManyRows) {
    options.num_rounds = 2000;
    options.column_sample = 0.5;
  }
  return options;
}

PerfNetOptions network_options(std::size_t num_rows) {
  PerfNetOptions options = resperfnet_preset("default");
  options.members = kPerfNets;
  if (num_rows >= kManyRows) options.batch_size *= 2;
  return options;
}

/// Of "blend", where its options name none.
constexpr const char* kBlendMembers = R"([{"learner": "xgboost"},
  {"learner": "resperfnet", "options": {"preset": "default"}}, {"learner": "mlp", "options": {"log_target": true}}])";

/// A blend under a name of its own.
class LayerBlend final : public Learner {
 public:
  std::string name() const override { return "layer_blend"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    std::vector<std::shared_ptr<const Learner>> members;
    members.push_back(make_xgboost_learner(tree_options(data.num_rows())));
    members.push_back(make_perfnet_learner(network_options(data.num_rows())));
    return with_kind(make_blend_learner(std::move(members))->fit(data, options), name());
  }
};

}  // namespace

std::unique_ptr<Learner> make_layer_blend_learner() {
  make_xgboost_learner({});  // neither is in every build
  make_perfnet_learner({});
  return std::make_unique<LayerBlend>();
}

void add_layer_learners(LearnerRegistry& registry) {
  LearnerRegistry members = registry;
  add_torch_learners(members);
  add_xgboost_learners(members);
  add_blend_learner(members, kBlendMembers);
  registry.add("blend", [members](const std::string& json) { return members.make("blend", json); });
  registry.add("few_layers", [](const std::string& json) {
    const OptionReader reader("few_layers", json, {});
    return make_few_layers_learner();
  });
  registry.add("layer_blend", [](const std::string& json) {
    const OptionReader reader("layer_blend", json, {});
    return make_layer_blend_learner();
  });
}

}  // namespace perfmodel
