// perfmodel-transfer: carries what was measured in one environment to another with a handful of measurements, and
// compares the strategies that do so.

#include <CLI/CLI.hpp>

#include "number_checks.h"
#include "options.h"
#include "perfmodel/core/error.h"
#include "stop_signal.h"
#include "tool_main.h"

namespace {

using namespace perfmodel::tools;

/// Takes what `look_up` takes.
CLI::Validator is_known(const std::function<void(const std::string&)>& look_up) {
  const auto check = [look_up](const std::string& name) -> std::string {
    try {
      look_up(name);
      return {};
    } catch (const perfmodel::Error& error) {
      return error.what();
    }
  };
  return CLI::Validator(check, "");
}

void add_environments(CLI::App& app, TransferToolOptions& options) {
  app.add_option("--source", options.source, "CSV measured on the source, or written by perfmodel-knobs measure")
      ->required()
      ->type_name("FILE");
  auto* target = app.add_option("--target", options.targets, "CSV that stands for the machine being measured (replay)")
                     ->type_name("FILE");
  app.add_option("--measure", options.measure,
                 "command that measures one configuration: gets option=value arguments at its end, its last line of "
                 "output is the objective, as a number or among name=number pairs")
      ->type_name("CMD")
      ->excludes(target);
  app.add_option("--objective", options.objective, "column to predict")->required()->type_name("COLUMN");
  app.add_option("--ignore", options.ignored, "columns that are no options")->delimiter(',')->type_name("COLUMN,...");
  app.add_option(
         "--space", options.space,
         "config space of the target, JSON; without it, from the tables, which hold it where a campaign wrote them")
      ->type_name("FILE");
  app.add_option("--source-space", options.source_space,
                 "config space of the source, JSON; without it, from its table: the columns that --space names, or all")
      ->type_name("FILE");
}

void add_method(CLI::App& app, TransferToolOptions& options) {
  app.add_option("--strategy", options.strategies,
                 "dm gs lms nlms residual auto, or all; without it all, with --measure auto")
      ->delimiter(',')
      ->check(is_known([](const std::string& name) { strategies_named({name}); }));
  app.add_option("--learner", options.learners, "learners of the source model, e.g. tree,mlp,xgboost")
      ->delimiter(',')
      ->check(is_known([](const std::string& name) { learners_named(name); }))
      ->capture_default_str();
  app.add_flag("--gs-aic", options.guided_by_aic, "gs chooses terms by AIC, as R's step(), not by significance");
  app.add_option("--gs-order", options.guided_order, "options in one interaction of gs, at most")
      ->check(between(1, 9))
      ->capture_default_str();
  app.add_option("--budget", options.budget,
                 "configurations measured on a target; with --measure, those that --output holds count")
      ->check(at_least(0))
      ->capture_default_str();
  app.add_option("--repeats", options.repeats, "replays from different seeds")
      ->check(at_least(1))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of the first repeat")->check(at_least(0))->capture_default_str();
  app.add_option("--threads", options.num_threads, "that a fit may use")->check(at_least(1))->capture_default_str();
}

void add_output(CLI::App& app, TransferToolOptions& options) {
  app.add_flag("--json", options.json, "one JSON object per line");
  app.add_flag("--explain", options.explain, "say what each strategy found, on standard error");
  auto* measure = app.get_option("--measure");
  app.add_option("--timeout", options.timeout_s, "with --measure: seconds until the command is killed")
      ->needs(measure)
      ->check(above(0))
      ->capture_default_str();
  app.add_option("--output", options.output,
                 "with --measure: campaign file. The same command goes on where it was stopped; rows of another "
                 "strategy, seed or budget are used, too, and nothing in the file is measured again")
      ->needs(measure)
      ->type_name("FILE")
      ->capture_default_str();
  app.add_flag("--retry-failed", options.retry_failed,
               "with --measure: what failed in --output is forgotten and may be measured again")
      ->needs(measure);
  app.add_option("--model", options.model, "with --measure: where the adapted model goes")
      ->needs(measure)
      ->type_name("FILE");
}

void run(TransferToolOptions& options) {
  const bool is_live = !options.measure.empty();
  if (!is_live && options.targets.empty()) throw CLI::ValidationError("--target or --measure is required");
  if (options.strategies.empty()) options.strategies = {is_live ? "auto" : "all"};
  options.strategies = strategies_named(options.strategies);
  options.learners = each_once(options.learners);
  if (!is_live) return compare_strategies(options);
  if (options.strategies.size() != 1 || options.learners.size() != 1) {
    throw CLI::ValidationError("--measure", "takes one strategy and one learner");
  }
  transfer_live(options);
}

}  // namespace

int main(int argc, char** argv) {
  TransferToolOptions options;
  CLI::App app{"Carries a model of configurations from one environment to another with a few measurements",
               "perfmodel-transfer"};
  add_environments(app, options);
  add_method(app, options);
  add_output(app, options);
  app.callback([&] { run(options); });
  return end_of_tool(run_tool(app, argc, argv));
}
