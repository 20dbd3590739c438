#include "perfmodel_train_c.h"

#include "guard.h"
#include "learners.h"
#include "perfmodel/train/resperfnet.h"
#include "perfmodel/train/xgboost.h"

namespace {

using perfmodel::Error;
using perfmodel::ErrorCode;
using perfmodel::Learner;

std::unique_ptr<Learner> make_resperfnet(const std::string& preset) {
  return perfmodel::make_resperfnet_learner(perfmodel::resperfnet_preset(preset));
}

std::unique_ptr<Learner> make_xgboost(const std::string& preset) {
  if (preset != "default") {
    throw Error(ErrorCode::kInvalidArgument, "learner 'xgboost' has no preset '" + preset + "', only 'default'");
  }
  return perfmodel::make_xgboost_learner({});
}

}  // namespace

perfmodel_status perfmodel_train_register_learners(void) noexcept {
  return perfmodel::capi::guard([] {
    perfmodel_shim_register_learner("resperfnet", make_resperfnet);
    perfmodel_shim_register_learner("xgboost", make_xgboost);
  });
}
