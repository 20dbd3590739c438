#include "perfmodel_train_c.h"

#include "guard.h"
#include "learners.h"
#include "perfmodel/train/layer_blend.h"
#include "perfmodel/train/register_learners.h"

namespace {

bool has_presets(const std::string& learner) {
  return learner == "perfnet" || learner == "resperfnet";
}

}  // namespace

perfmodel_status perfmodel_train_register_learners(void) noexcept {
  return perfmodel::capi::guard([] {
    perfmodel::LearnerRegistry registry = perfmodel::builtin_learners();  // a blend may have them as members
    add_torch_learners(registry);
    add_xgboost_learners(registry);
    add_layer_learners(registry);
    for (const std::string& name : registry.names()) {
      const auto make = [registry, name](const std::string& json) { return registry.make(name, json); };
      perfmodel_shim_register_learner(name.c_str(), make, has_presets(name));
    }
  });
}
