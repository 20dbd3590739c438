#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "perfmodel/core/error.h"
#include "transfer/session_base.h"

namespace perfmodel {
namespace {

using Factory = std::unique_ptr<SessionBase> (*)(TransferSetup);

constexpr std::pair<const char*, Factory> kStrategies[] = {
    {"auto", make_auto},
    {"dm", make_direct_model},
    {"gs", make_guided_sampling},
    {"lms", make_linear_model_shift},
    {"nlms", make_nonlinear_model_shift},
    {"residual", make_residual},
};

std::unique_ptr<SessionBase> start(const std::string& strategy, TransferSetup setup) {
  for (const auto& [name, factory] : kStrategies) {
    if (strategy == name) return factory(std::move(setup));
  }
  throw Error(ErrorCode::kUnsupported, fmt::format("strategy '{}' does not exist; there are: {}", strategy,
                                                   fmt::join(transfer_strategies(), ", ")));
}

TransferSetup make_setup(TransferProblem problem, Model source_model, std::shared_ptr<const Learner> target_learner,
                         const TransferOptions& options) {
  if (options.num_threads < 1) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("num_threads is {}, at least 1 is allowed", options.num_threads));
  }
  if (!(options.interval_level > 0 && options.interval_level < 1)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("interval_level is {}, allowed is (0, 1)", options.interval_level));
  }
  return {std::move(problem), std::move(source_model), std::move(target_learner), options};
}

}  // namespace

std::vector<std::string> transfer_strategies() {
  std::vector<std::string> names;
  for (const auto& [name, factory] : kStrategies) names.push_back(name);
  return names;
}

std::unique_ptr<TransferSession> start_transfer(const std::string& strategy, TransferProblem problem,
                                                Model source_model, std::shared_ptr<const Learner> target_learner,
                                                const TransferOptions& options) {
  return start(strategy, make_setup(std::move(problem), std::move(source_model), std::move(target_learner), options));
}

std::unique_ptr<TransferSession> restore_transfer(const std::string& saved, TransferProblem problem, Model source_model,
                                                  std::shared_ptr<const Learner> target_learner,
                                                  const TransferOptions& options) {
  const std::string strategy = saved_strategy(saved);
  std::unique_ptr<SessionBase> session =
      start(strategy, make_setup(std::move(problem), std::move(source_model), std::move(target_learner), options));
  session->replay(saved);
  return session;
}

}  // namespace perfmodel
