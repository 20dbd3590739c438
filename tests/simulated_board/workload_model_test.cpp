#include "simulated_board/workload_model.h"

#include <gtest/gtest.h>

#include <limits>

#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-9;  // of the calculations by hand, which were made with twelve digits

const BoardClocks kHighest = {4, 2035200e3, 1236750e3, 1866000e3};
constexpr SimulatedWorkload kWorkloads[] = {SimulatedWorkload::kResnet50, SimulatedWorkload::kVgg16};

double latency_s(SimulatedWorkload workload, const BoardClocks& clocks, int batch = 1) {
  SimulatedSettings settings;
  settings.batch = batch;
  return batch_time(workload, settings, clocks).seconds;
}

TEST(WorkloadModel, ResnetAtTheHighestClocksIsAsByHand) {
  // GPU at 1236.75e6 x 512 x 0.6 x 1/2 = 189.9648e9 flop/s, memory at 1866e6 x 22.4 = 41.7984e9 bytes/s.
  const double convolutions_s = 8.18e9 / 189.9648e9;  // more than (94e6 + 85e6) bytes take
  const double element_wise_s = 224e6 / 41.7984e9;
  const double dense_s = 8.2e6 / 41.7984e9;  // more than 4.1e6 flop take
  const double gpu_s = convolutions_s + element_wise_s + dense_s;
  const double serial_s = (160 * 130e3 + 97e6 / 1048576 * 20e3) / 2035.2e6;
  const double images_s = 24e6 / 2035.2e6;
  const double total_s = gpu_s + serial_s + images_s * (0.1 + 0.9 / 4);
  EXPECT_NEAR(total_s, 63.58e-3, 0.01e-3);

  const BatchTime time = batch_time(SimulatedWorkload::kResnet50, {}, kHighest);
  EXPECT_NEAR(time.seconds, total_s, kRounding * total_s);
  EXPECT_NEAR(time.activity.cpu_fraction, (serial_s + images_s) / (4 * total_s), kRounding);
  const double compute_s = convolutions_s + 4.1e6 / 189.9648e9;
  EXPECT_NEAR(time.activity.gpu_fraction, (0.3 * gpu_s + 0.7 / 2 * compute_s) / total_s, kRounding);
  EXPECT_NEAR(time.activity.memory_bytes_per_s, 411.2e6 / total_s, 1);
}

TEST(WorkloadModel, VggOnTwoSlowCoresIsAsByHand) {
  // Batch 8 without growth, 960, 522.75 and 408 MHz: 522.75e6 x 512 x 0.7 x 8/8.3 flop/s and 408e6 x 22.4 bytes/s.
  SimulatedSettings settings;
  settings.batch = 8;
  settings.memory_growth = false;
  const double flops_per_s = 522.75e6 * 512 * 0.7 * 8 / 8.3, bytes_per_s = 9.1392e9;
  const double gpu_s = 30.7e9 * 8 / flops_per_s  // more than 786.8e6 bytes take
                       + 136e6 * 8 / bytes_per_s + 494.6e6 / bytes_per_s;
  const double cpu_s = 37 * 130e3 / 960e6 + 8 * 24e6 / 960e6 * (0.1 + 0.9 / 2);
  EXPECT_NEAR(gpu_s + cpu_s, 1648.2e-3, 0.1e-3);
  const BatchTime time = batch_time(SimulatedWorkload::kVgg16, settings, {2, 960000e3, 522750e3, 408000e3});
  EXPECT_NEAR(time.seconds, gpu_s + cpu_s, kRounding * time.seconds);
}

TEST(WorkloadModel, LatencyFallsWithEachFrequencyAndLessEachTime) {
  struct Sweep {
    const char* name;
    Span<const double> levels_hz;
    double BoardClocks::*clock;
  };
  const Sweep sweeps[] = {{"cpu", cpu_levels_hz(), &BoardClocks::cpu_hz},
                          {"gpu", gpu_levels_hz(), &BoardClocks::gpu_hz},
                          {"memory", memory_levels_hz(), &BoardClocks::memory_hz}};
  for (const SimulatedWorkload workload : kWorkloads) {
    for (const Sweep& sweep : sweeps) {
      SCOPED_TRACE(std::string(simulated_workload_name(workload)) + " " + sweep.name);
      double last_s = 0, last_gain = std::numeric_limits<double>::infinity();
      for (std::size_t i = 0; i < sweep.levels_hz.size(); ++i) {
        BoardClocks clocks = kHighest;
        clocks.*sweep.clock = sweep.levels_hz[i];
        const double now_s = latency_s(workload, clocks);
        if (i > 0) {
          const double gain = (last_s - now_s) / (sweep.levels_hz[i] - sweep.levels_hz[i - 1]);
          EXPECT_GT(gain, 0) << i;
          EXPECT_LT(gain, last_gain) << i;
          last_gain = gain;
        }
        last_s = now_s;
      }
    }
  }
}

TEST(WorkloadModel, EachCoreHelpsLessThanTheOneBefore) {
  for (const SimulatedWorkload workload : kWorkloads) {
    double seconds[kNumCores];
    for (int n = 1; n <= kNumCores; ++n) seconds[n - 1] = latency_s(workload, {n, 960000e3, 522750e3, 800000e3});
    EXPECT_GT(seconds[0] - seconds[1], seconds[1] - seconds[2]);
    EXPECT_GT(seconds[1] - seconds[2], seconds[2] - seconds[3]);
    EXPECT_GT(seconds[2], seconds[3]);
  }
}

TEST(WorkloadModel, LargerBatchesTakeLongerButLessPerImage) {
  for (const SimulatedWorkload workload : kWorkloads) {
    for (int batch = 2; batch <= 32; batch *= 2) {
      EXPECT_GT(latency_s(workload, kHighest, batch), latency_s(workload, kHighest, batch / 2));
      EXPECT_LT(latency_s(workload, kHighest, batch), 2 * latency_s(workload, kHighest, batch / 2));
    }
  }
}

TEST(WorkloadModel, GrowthCostsTimeButNeedsLessMemory) {
  for (const SimulatedWorkload workload : kWorkloads) {
    SimulatedSettings grows, at_start;
    at_start.memory_growth = false;
    EXPECT_GT(batch_time(workload, grows, kHighest).seconds, batch_time(workload, at_start, kHighest).seconds);
    EXPECT_LT(footprint_bytes(workload, grows), footprint_bytes(workload, at_start));
  }
}

int largest_batch(SimulatedWorkload workload, bool growth, double fraction) {
  int largest = 0;
  for (int batch = 1; batch <= 1024; ++batch) {
    SimulatedSettings settings;
    settings.batch = batch;
    settings.memory_growth = growth;
    settings.memory_fraction = fraction;
    try {
      require_runnable(workload, settings);
      largest = batch;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kOutOfMemory) << error.what();
    }
  }
  return largest;
}

TEST(WorkloadModel, LargestBatchesAreAsByHand) {
  // ResNet-50: (4 GiB x fraction - 0.5e9 - 102e6) / 97e6; VGG-16: (... - 0.5e9 - 553e6) / 225e6; 1.2 times the need
  // without growth.
  EXPECT_EQ(largest_batch(SimulatedWorkload::kResnet50, true, 1), 38);
  EXPECT_EQ(largest_batch(SimulatedWorkload::kResnet50, false, 1), 30);
  EXPECT_EQ(largest_batch(SimulatedWorkload::kResnet50, true, 0.25), 4);
  EXPECT_EQ(largest_batch(SimulatedWorkload::kVgg16, true, 1), 14);
  EXPECT_EQ(largest_batch(SimulatedWorkload::kVgg16, false, 1), 11);
  EXPECT_EQ(largest_batch(SimulatedWorkload::kVgg16, true, 0.25), 0);
}

TEST(WorkloadModel, SaysWhatDoesNotFit) {
  SimulatedSettings settings;
  settings.batch = 16;
  settings.memory_growth = false;
  EXPECT_PM_ERROR(require_runnable(SimulatedWorkload::kVgg16, settings), ErrorCode::kOutOfMemory,
                  "vgg16 with batch 16 takes 5325 MiB, allowed are 4096 MiB (memory_fraction 1, taken at the start)");
}

TEST(WorkloadModel, RefusesSettingsThatAreNone) {
  for (const int batch : {0, -1, 1025}) {
    SimulatedSettings settings;
    settings.batch = batch;
    EXPECT_PM_ERROR(require_runnable(SimulatedWorkload::kResnet50, settings), ErrorCode::kInvalidArgument,
                    "is out of range, allowed is 1 to 1024");
  }
  for (const double fraction : {0.0, -0.5, 1.01, std::numeric_limits<double>::quiet_NaN()}) {
    SimulatedSettings settings;
    settings.memory_fraction = fraction;
    EXPECT_PM_ERROR(require_runnable(SimulatedWorkload::kResnet50, settings), ErrorCode::kInvalidArgument,
                    "allowed is above 0 up to 1");
  }
}

}  // namespace
}  // namespace perfmodel
