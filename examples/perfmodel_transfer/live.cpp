#include <csignal>
#include <cstdio>

#include "best_configuration.h"
#include "configuration_text.h"
#include "environments.h"
#include "json_line.h"
#include "live_transfer.h"
#include "options.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"
#include "perfmodel/measure/command.h"
#include "require_writable.h"

namespace perfmodel::tools {
namespace {

// Set by SIGINT and SIGTERM: the measurement under way is killed, what is measured stays in the campaign.
volatile std::sig_atomic_t g_interrupted = 0;

bool is_interrupted() {
  return g_interrupted != 0;
}

/// What a report says besides the transfer.
struct Names {
  std::string source, strategy, learner;
};

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
  line.add("lower", best.prediction.lower).add("upper", best.prediction.upper);
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
  std::printf("best: %s\n%s %s %s (%s .. %s)\n", configuration_text(space, best.configuration).c_str(),
              options.objective.c_str(), best.is_measured ? "measured" : "predicted",
              format_number(best.prediction.mean).c_str(), format_number(best.prediction.lower).c_str(),
              format_number(best.prediction.upper).c_str());
}

void transfer_and_report(const TransferToolOptions& options, const std::string& strategy, const LearnerPair& learner) {
  const MeasuredTable source = read_source(options);
  const ConfigSpace space = options.space.empty() ? source.space : ConfigSpace::read(options.space);
  LiveTarget target(options, space);
  Steps steps("measuring", options.budget);
  TransferOptions session_options = transfer_options(options, options.seed);
  session_options.callbacks.cancelled = is_interrupted;

  TransferProblem problem = problem_from(source, options.objective, space, {});
  const Model source_model = fit_source(learner, problem, options, session_options.callbacks);
  std::vector<std::vector<std::size_t>> swept;
  if (strategy == "gs") swept = guided_options(problem, session_options);
  LiveTransfer transfer(target, steps, std::move(problem), candidates_of(space, swept, options.seed));
  const auto start = [&](const TransferProblem& complete) {
    return start_transfer(strategy, complete, source_model, learner.target, session_options);
  };
  transfer.run(start, options.budget, is_interrupted);

  const Model model = transfer.session().model();
  if (!options.model.empty()) model.save(options.model);
  for (const std::string& words : transfer.session().explain()) steps.say(words);
  const BestConfiguration best = best_configuration(model, space, transfer.candidates(), transfer.outcomes());
  if (options.json) {
    print_json(options, {source.name, strategy, learner.name}, transfer, space, best);
  } else {
    print_text(options, transfer, space, best);
  }
}

}  // namespace

void transfer_live(const TransferToolOptions& options) {
  const std::vector<std::string> strategies = strategies_named(options.strategies);
  const std::vector<std::string> learners = each_once(options.learners);
  if (strategies.size() != 1 || learners.size() != 1) {
    throw Error(ErrorCode::kInvalidArgument, "--measure takes one strategy and one learner");
  }
  check_measuring_command({options.measure, options.timeout_s});
  require_writable(options.model);
  std::signal(SIGINT, [](int) { g_interrupted = 1; });
  std::signal(SIGTERM, [](int) { g_interrupted = 1; });
  try {
    transfer_and_report(options, strategies.front(), learners_named(learners.front()));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCancelled) throw;
    throw Error(ErrorCode::kCancelled, "interrupted; what was measured is in '" + options.output +
                                           "', and the same command goes on from there");
  }
}

}  // namespace perfmodel::tools
