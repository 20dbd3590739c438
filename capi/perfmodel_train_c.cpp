#include "perfmodel_train_c.h"

#include "guard.h"
#include "learners.h"
#include "perfmodel/train/resperfnet.h"

perfmodel_status perfmodel_train_register_learners(void) noexcept {
  return perfmodel::capi::guard([] {
    perfmodel_shim_register_learner("resperfnet", [](const std::string& preset) {
      return perfmodel::make_resperfnet_learner(perfmodel::resperfnet_preset(preset));
    });
  });
}
