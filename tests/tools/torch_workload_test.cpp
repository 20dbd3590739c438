// perfmodel-torch-workload: a program for campaigns over configurations to measure.

#include <gmock/gmock.h>

#include <cstdio>
#include <ctime>

#include "expect_error.h"
#include "run_tool.h"
#include "workload_options.h"

namespace perfmodel {
namespace {

using ::testing::HasSubstr;

ToolRun run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--seconds", "0"});
  return run_tool(PERFMODEL_TORCH_WORKLOAD, arguments);
}

double monotonic_s() {
  timespec time = {};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

TEST(TorchWorkload, AnswersOnItsLastLine) {
  const double before_s = monotonic_s();
  const ToolRun done = run({"network=lenet", "batch_size=4", "num_threads=1", "memory_format=channels_last"});
  const double after_s = monotonic_s();
  ASSERT_EQ(done.exit_code, 0) << done.err;
  double latency_ms = 0, per_image_ms = 0, cpu_ms = 0, begin_s = 0, end_s = 0;
  int num_runs = 0;
  ASSERT_EQ(std::sscanf(last_line(done.out).c_str(),
                        "latency_ms=%lf latency_ms_per_image=%lf cpu_ms_per_image=%lf window_begin_s=%lf "
                        "window_end_s=%lf window_runs=%d",
                        &latency_ms, &per_image_ms, &cpu_ms, &begin_s, &end_s, &num_runs),
            6)
      << done.out;
  EXPECT_EQ(num_runs, 5);
  EXPECT_GT(begin_s, before_s);
  EXPECT_LT(end_s, after_s);
  EXPECT_GT(end_s - begin_s, 2e-3 * latency_ms);           // of five runs three take the median time or more
  EXPECT_LT(end_s - begin_s, 0.9 * (after_s - before_s));  // it did not begin with the process
  EXPECT_GT(latency_ms, 0);
  EXPECT_GT(cpu_ms, 0);
  EXPECT_NEAR(per_image_ms, latency_ms / 4, 1e-4 * latency_ms);  // six digits are printed
}

TEST(TorchWorkload, SaysWhatIsWrongOnTheCommandLine) {
  const ToolRun done = run({"network=nonet"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("squeezenet"));
}

TEST(WorkloadRequest, TakesOptionsAndLeavesToOthersWhatIsTheirs) {
  const tools::WorkloadRequest request = tools::parse_request(
      {"batch_size=8", "cpu_affinity=1", "nice=5", "memory_format=channels_last", "num_threads=2", "network=lenet"});
  EXPECT_EQ(request.network, "lenet");
  EXPECT_EQ(request.batch, 8);
  EXPECT_EQ(request.benchmark.num_threads, 2);
  EXPECT_EQ(request.benchmark.memory_format, MemoryFormat::kChannelsLast);
}

TEST(WorkloadRequest, RefusesWhatThereIsNot) {
  const auto refused = [](std::vector<std::string> arguments, const char* says) {
    EXPECT_PM_ERROR(tools::parse_request(arguments), ErrorCode::kInvalidArgument, says);
  };
  refused({"batch"}, "'batch' is not of the form option=value");
  refused({"colour=red"}, "option 'colour' is unknown (network, batch_size, num_threads, memory_format)");
  refused({"batch_size=0"}, "option 'batch_size' is '0', allowed are whole numbers from 1 on");
  refused({"num_threads=two"}, "option 'num_threads' is 'two'");
  refused({"memory_format=nhwc"}, "(contiguous, channels_last)");
  refused({"batch_size=1", "batch_size=2"}, "option 'batch_size' is given twice");
}

}  // namespace
}  // namespace perfmodel
