#include <fmt/format.h>

#include "perfmodel/core/error.h"
#include "perfmodel/train/mlp.h"
#include "train_torch/check_options.h"

namespace perfmodel {
namespace {

[[noreturn]] void refuse(const char* learner) {
  throw Error(ErrorCode::kUnsupported,
              fmt::format("{} is fitted through LibTorch, which this build of perfmodel lacks", learner));
}

}  // namespace

std::unique_ptr<Learner> make_resperfnet_learner(const ResPerfNetOptions& options) {
  check_options(options);
  refuse("resperfnet");
}

std::unique_ptr<Learner> make_perfnet_learner(const PerfNetOptions& options) {
  check_options(options);
  refuse("perfnet");
}

std::unique_ptr<Learner> make_mlp_learner(const MlpOptions& options) {
  check_options(options);
  refuse("mlp");
}

}  // namespace perfmodel
