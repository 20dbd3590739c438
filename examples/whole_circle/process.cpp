#include "machines.h"
#include "perfmodel/core/error.h"

namespace perfmodel::tools {
namespace {

constexpr char kSource[] = "squeezenet", kTarget[] = "resnet18";
constexpr double kTimeout_s = 120;

}  // namespace

CircleResult process_circle(const CircleOptions& options, const std::string& program, bool json) {
  KnobDriver driver(built_in_board("process"));
  const std::vector<std::unique_ptr<PowerMeter>> no_meters;
  const CircleProblem problem{driver.space({"num_threads", "cpu_affinity", "nice", "batch_size", "memory_format"}),
                              kSource, kTarget, command_workload({"'" + program + "' network=" + kSource, kTimeout_s}),
                              command_workload({"'" + program + "' network=" + kTarget, kTimeout_s})};
  const CircleResult result = go_round({driver, no_meters, nullptr}, problem, options);
  report_circle(problem, options, result, json);
  return result;
}

}  // namespace perfmodel::tools
