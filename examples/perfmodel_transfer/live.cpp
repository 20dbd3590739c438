#include <cstdio>
#include <limits>

#include "best_configuration.h"
#include "configuration_text.h"
#include "environments.h"
#include "json_line.h"
#include "live_transfer.h"
#include "options.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"
#include "perfmodel/measure/command.h"
#include "require_writable.h"
#include "stop_signal.h"

namespace perfmodel::tools {
namespace {

/// What a report says besides the transfer.
struct Names {
  std::string source, strategy, learner;
};

/// What was measured has none, nor what a model without intervals predicts.
bool has_interval(const BestConfiguration& best) {
  return best.prediction.lower < best.prediction.upper;
}

void print_json(const TransferToolOptions& options, const Names& names, const LiveTransfer& transfer,
                const ConfigSpace& space, const BestConfiguration& best) {
  JsonObject line;
  line.add("source", names.source).add("target", options.measure).add("objective", options.objective);
  line.add("strategy", names.strategy).add("learner", names.learner).add("budget", options.budget);
  line.add("measured", transfer.outcomes().size() - transfer.num_failed()).add("resumed", transfer.num_resumed());
  line.add("failed", transfer.num_failed()).add("candidates", transfer.candidates().configurations.size());
  line.add("best", configuration_text(space, best.configuration));
  line.add_json("best_configuration", configuration_json(space, best.configuration));
  line.add("best_is_measured", best.is_measured).add("best_value", best.prediction.mean);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();  // null in JSON
  line.add("lower", has_interval(best) ? best.prediction.lower : kNone);
  line.add("upper", has_interval(best) ? best.prediction.upper : kNone);
  std::printf("%s\n", line.text().c_str());
}

void print_text(const TransferToolOptions& options, const LiveTransfer& transfer, const ConfigSpace& space,
                const BestConfiguration& best) {
  const Candidates& candidates = transfer.candidates();
  std::printf("%zu configurations of %zu, %zu of them measured before, %zu failed; rows are in %s\n",
              transfer.outcomes().size(), candidates.configurations.size(), transfer.num_resumed(),
              transfer.num_failed(), options.output.c_str());
  if (!candidates.is_whole_space) {
    std::printf("the space is larger: these vary options around the default and at random\n");
  }
  std::printf("best: %s\n%s %s %.4g", configuration_text(space, best.configuration).c_str(), options.objective.c_str(),
              best.is_measured ? "measured" : "predicted", best.prediction.mean);
  if (has_interval(best)) std::printf(" (%.4g .. %.4g)", best.prediction.lower, best.prediction.upper);
  std::printf("\n");
}

/// The adapted model; where failures leave too little to fit it, says how to go on.
Model adapted_model(const LiveTransfer& transfer) {
  try {
    return transfer.session().model();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidArgument || transfer.num_failed() == 0) throw;
    throw Error(error.code(), std::string(error.what()) + "; --retry-failed measures failures again");
  }
}

void transfer_and_report(const TransferToolOptions& options, const std::string& strategy, const LearnerPair& learner) {
  const MeasuredTable source = read_source(options);
  require_ignored_columns(options.ignored, source, {});
  const ConfigSpace space = options.space.empty() ? source.space : ConfigSpace::read(options.space);
  LiveTarget target(options, space);
  Steps steps("measuring", options.budget);
  TransferOptions session_options = transfer_options(options, options.seed);
  session_options.callbacks.cancelled = is_stopped;

  TransferProblem problem = problem_from(source, options.objective, space, {});
  const Model source_model = fit_source(learner, problem, options, session_options.callbacks);
  std::vector<std::vector<std::size_t>> swept;
  if (strategy == "gs") swept = guided_options(problem, session_options);
  LiveTransfer transfer(target, steps, std::move(problem), candidates_of(space, swept, options.seed));
  const auto start = [&](const TransferProblem& complete) {
    return start_transfer(strategy, complete, source_model, learner.target, session_options);
  };
  transfer.run(start, options.budget, is_stopped);

  const Model model = adapted_model(transfer);
  if (!options.model.empty()) model.save(options.model);
  if (options.explain) {
    for (const std::string& words : transfer.session().explain()) steps.say(words);
  }
  const BestConfiguration best = best_configuration(model, space, transfer.candidates(), transfer.outcomes());
  if (options.json) {
    print_json(options, {source.name, strategy, learner.name}, transfer, space, best);
  } else {
    print_text(options, transfer, space, best);
  }
}

}  // namespace

void transfer_live(const TransferToolOptions& options) {
  check_measuring_command({options.measure, options.timeout_s});
  require_writable(options.model);
  take_stop_signals();
  GuardProcess guard_process({});  // so that no program outlives this one
  try {
    transfer_and_report(options, options.strategies.front(), learners_named(options.learners.front()));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) {
      throw_if_stopped("what was measured is in '" + options.output + "', and the same command goes on from there");
    }
    throw;
  }
  guard_process.finish();
}

}  // namespace perfmodel::tools
