#include "perfmodel/core/error.h"
#include "perfmodel/train/resperfnet.h"
#include "train_torch/check_options.h"

namespace perfmodel {

std::unique_ptr<Learner> make_resperfnet_learner(const ResPerfNetOptions& options) {
  check_options(options);
  throw Error(ErrorCode::kUnsupported, "resperfnet is fitted through LibTorch, which this build of perfmodel lacks");
}

}  // namespace perfmodel
