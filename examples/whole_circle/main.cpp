// perfmodel-circle: the whole circle, once. A space, a model of one workload, a transfer strategy that says what to
// measure of another, knobs set and that measured, the adapted model, its best configuration: set, measured, compared.

#include <CLI/CLI.hpp>
#include <filesystem>

#include "machines.h"
#include "number_checks.h"
#include "perfmodel/core/error.h"
#include "stop_signal.h"
#include "tool_main.h"

namespace {

using namespace perfmodel::tools;

void go_round(const CircleOptions& options, const std::string& program, bool json) {
  if (program.empty()) {
    simulated_circle(options, json);
  } else {
    process_circle(options, program, json);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CircleOptions options;
  std::string program;
  bool json = false;
  CLI::App app{
      "Goes from one workload's measurements to the best configuration of another, on a simulated board or, with "
      "--program, on this machine with process knobs",
      "perfmodel-circle"};
  app.add_option("--program", program, "perfmodel-torch-workload: measure it on this machine")
      ->check(CLI::ExistingFile)
      ->type_name("FILE");
  app.add_option("--objective", options.objective,
                 "what is to be small: latency_ms or latency_ms_per_image, with --program any number that it answers "
                 "(perfmodel-torch-workload also cpu_ms_per_image)")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--source-count", options.num_source, "configurations of the source")
      ->check(at_least(20))
      ->capture_default_str();
  app.add_option("--budget", options.budget, "configurations of the target")->check(at_least(2))->capture_default_str();
  app.add_option("--checks", options.num_checks, "further ones that tell how good predictions are")
      ->check(at_least(1))
      ->capture_default_str();
  app.add_option("--warmup", options.warmup_runs, "untimed runs before these")
      ->check(at_least(0))
      ->capture_default_str();
  app.add_option("--repeats", options.repeats, "runs of each; medians are kept")
      ->check(at_least(1))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "")->check(at_least(0))->capture_default_str();
  app.add_option("--output", options.folder, "campaigns, model and picture; the same command goes on there")
      ->type_name("FOLDER")
      ->capture_default_str();
  app.add_flag("--json", json, "one JSON object");
  app.footer(
      "Exit codes: 0 ok, 1 failed, 2 usage. SIGINT, SIGTERM or SIGHUP end the measurement under way and restore the "
      "knobs;\n"
      "then it ends by that signal (to a shell 130, 143, 129), and the same command goes on.");
  app.callback([&] {
    take_stop_signals();
    std::filesystem::create_directories(options.folder);
    try {
      go_round(options, program, json);
    } catch (const perfmodel::Error& error) {
      if (error.code() == perfmodel::ErrorCode::kCancelled)
        throw_if_stopped("what was measured is in '" + options.folder + "', the same command goes on");
      throw;
    }
  });
  return end_of_tool(run_tool(app, argc, argv));
}
