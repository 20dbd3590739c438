#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "perfmodel/core/random.h"
#include "perfmodel/data/metrics.h"
#include "simulated_board/board_power.h"
#include "simulated_board/workload_model.h"

// What makes the simulated board worth exploring: properties of its whole space, from the model alone at 25 degrees.

namespace perfmodel {
namespace {

constexpr SimulatedWorkload kWorkloads[] = {SimulatedWorkload::kResnet50, SimulatedWorkload::kVgg16};
const BoardClocks kHighest = {4, 2035200e3, 1236750e3, 1866000e3};

struct Point {
  double ms_per_image = 0, watts = 0;
  double joules_per_image() const { return ms_per_image * watts / 1e3; }
};

Point point_of(SimulatedWorkload workload, const BoardClocks& clocks, int batch) {
  SimulatedSettings settings;
  settings.batch = batch;
  const BatchTime time = batch_time(workload, settings, clocks);
  return {1e3 * time.seconds / batch, board_power(clocks, time.activity, 25).total_watts()};
}

std::vector<BoardClocks> all_clocks() {
  std::vector<BoardClocks> all;
  for (int cores = 1; cores <= kNumCores; ++cores) {
    for (const double cpu_hz : cpu_levels_hz()) {
      for (const double gpu_hz : gpu_levels_hz()) {
        for (const double memory_hz : memory_levels_hz()) all.push_back({cores, cpu_hz, gpu_hz, memory_hz});
      }
    }
  }
  return all;
}

/// Where energy per image is least along the levels of one clock, all others highest.
std::size_t best_level(SimulatedWorkload workload, Span<const double> levels_hz, double BoardClocks::*clock,
                       int batch) {
  std::vector<double> joules;
  for (const double hz : levels_hz) {
    BoardClocks clocks = kHighest;
    clocks.*clock = hz;
    joules.push_back(point_of(workload, clocks, batch).joules_per_image());
  }
  return static_cast<std::size_t>(std::min_element(joules.begin(), joules.end()) - joules.begin());
}

TEST(SimulatedSpace, EnergyIsLeastBetweenTheSlowestAndTheFastestClocks) {
  for (const SimulatedWorkload workload : kWorkloads) {
    for (const int batch : {1, 8}) {
      SCOPED_TRACE(std::string(simulated_workload_name(workload)) + " batch " + std::to_string(batch));
      const std::size_t cpu = best_level(workload, cpu_levels_hz(), &BoardClocks::cpu_hz, batch);
      const std::size_t gpu = best_level(workload, gpu_levels_hz(), &BoardClocks::gpu_hz, batch);
      EXPECT_GT(cpu, 1u);
      EXPECT_LT(cpu, 11u);
      EXPECT_GT(gpu, 3u);
      EXPECT_LT(gpu, 10u);
    }
  }
}

TEST(SimulatedSpace, ABadConfigurationCostsSeveralTimesTheEnergyOfTheBest) {
  for (const SimulatedWorkload workload : kWorkloads) {
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (const BoardClocks& clocks : all_clocks()) {
      const double joules = point_of(workload, clocks, 1).joules_per_image();
      least = std::min(least, joules);
      most = std::max(most, joules);
    }
    EXPECT_GT(most / least, 3);
    EXPECT_LT(most / least, 20);  // the greatest that is published for such a board, for all its options together
  }
}

TEST(SimulatedSpace, TheFrontOfTimeAndPowerHasManyPoints) {
  for (const SimulatedWorkload workload : kWorkloads) {
    std::vector<Point> points;
    for (const BoardClocks& clocks : all_clocks()) points.push_back(point_of(workload, clocks, 1));
    std::sort(points.begin(), points.end(),
              [](const Point& a, const Point& b) { return a.ms_per_image < b.ms_per_image; });
    std::size_t on_front = 0;
    double least_watts = std::numeric_limits<double>::infinity();
    for (const Point& point : points) {
      if (point.watts >= least_watts) continue;
      least_watts = point.watts;
      ++on_front;
    }
    EXPECT_GT(on_front, 100u) << simulated_workload_name(workload);
    EXPECT_LT(on_front, points.size() / 4) << simulated_workload_name(workload);
  }
}

TEST(SimulatedSpace, TheWorkloadsAreRelatedButNotByOneFactor) {
  Random random(7);
  std::vector<double> time[2], watts[2], joules[2], ratio;
  for (int i = 0; i < 500; ++i) {
    const auto any = [&](Span<const double> levels) {
      return levels[static_cast<std::size_t>(random.integer(0, static_cast<int>(levels.size()) - 1))];
    };
    const BoardClocks clocks = {static_cast<int>(random.integer(1, kNumCores)), any(cpu_levels_hz()),
                                any(gpu_levels_hz()), any(memory_levels_hz())};
    const int batch = 1 << random.integer(0, 3);
    for (const int w : {0, 1}) {
      const Point point = point_of(kWorkloads[w], clocks, batch);
      time[w].push_back(point.ms_per_image);
      watts[w].push_back(point.watts);
      joules[w].push_back(point.joules_per_image());
    }
    ratio.push_back(time[1].back() / time[0].back());
  }
  for (const auto* values : {&time, &watts, &joules}) {
    const double correlation = spearman((*values)[0], (*values)[1]);
    EXPECT_GT(correlation, 0.5);
    EXPECT_LT(correlation, 0.985);
  }
  EXPECT_GT(*std::min_element(ratio.begin(), ratio.end()), 1);
  EXPECT_GT(quantile(ratio, 0.95) / quantile(ratio, 0.05), 1.5);
}

}  // namespace
}  // namespace perfmodel
