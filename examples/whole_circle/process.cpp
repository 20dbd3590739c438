#include "machines.h"
#include "perfmodel/knob/knob_guard.h"
#include "stop_signal.h"

namespace perfmodel::tools {
namespace {

constexpr char kSource[] = "squeezenet", kTarget[] = "resnet18";
constexpr double kTimeout_s = 120;

/// Of what the machine allows, what is worth a look: a batch of 128 takes long, and niceness matters little.
ConfigSpace space_of(const KnobDriver& driver) {
  std::vector<Option> options = driver.space({"num_threads", "cpu_affinity"}).options();
  options.push_back(Option::ordinal("nice", {0, 5, 10, 19}, 0));
  options.push_back(Option::ordinal("batch_size", {1, 2, 4, 8, 16, 32}, 0));
  options.push_back(driver.space({"memory_format"}).options().front());
  return ConfigSpace(std::move(options));
}

Workload workload_of(const std::string& program, const std::string& network, const Board& board) {
  return command_workload({"'" + program + "' network=" + network, kTimeout_s}, board, is_stopped);
}

}  // namespace

CircleResult process_circle(const CircleOptions& options, const std::string& program, bool json) {
  GuardProcess guard_process({});  // so that no program outlives this one
  KnobDriver driver(built_in_board("process"));
  const std::vector<std::unique_ptr<PowerMeter>> no_meters;
  const CircleProblem problem{space_of(driver), kSource, kTarget, workload_of(program, kSource, driver.board()),
                              workload_of(program, kTarget, driver.board())};
  const CircleResult result = go_round({driver, no_meters, nullptr}, problem, options);
  guard_process.finish();
  report_circle(problem, options, result, json);
  return result;
}

}  // namespace perfmodel::tools
