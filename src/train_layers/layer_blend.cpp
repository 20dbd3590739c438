#include "perfmodel/train/layer_blend.h"

#include <utility>
#include <vector>

#include "learner/option_json.h"
#include "perfmodel/learner/blend.h"
#include "perfmodel/train/mlp.h"
#include "perfmodel/train/xgboost.h"

namespace perfmodel {
namespace {

constexpr int kPerfNets = 4;

/// A blend under a name of its own.
class LayerBlend final : public Learner {
 public:
  LayerBlend() {
    PerfNetOptions perfnet = resperfnet_preset("default");
    perfnet.members = kPerfNets;
    std::vector<std::shared_ptr<const Learner>> members;
    members.push_back(make_xgboost_learner({}));
    members.push_back(make_perfnet_learner(perfnet));
    blend_ = make_blend_learner(std::move(members));
  }

  std::string name() const override { return "layer_blend"; }
  Model fit(const Dataset& data, const FitOptions& options) const override { return blend_->fit(data, options); }

 private:
  std::unique_ptr<Learner> blend_;
};

}  // namespace

std::unique_ptr<Learner> make_layer_blend_learner() {
  return std::make_unique<LayerBlend>();
}

void add_layer_learners(LearnerRegistry& registry) {
  registry.add("layer_blend", [](const std::string& json) {
    const OptionReader reader("layer_blend", json, {});
    return make_layer_blend_learner();
  });
}

}  // namespace perfmodel
