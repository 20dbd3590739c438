#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/learner/trees.h"
#include "tree_tables.h"

/// usage: trees_benchmark FOLDER ROWS REPEATS
///
/// Times fitting and predicting with a tree and a forest of 100 trees on one thread, prints one JSON object per line,
/// and leaves the tables in a folder for another program to do the same on (bench/trees_vs_sklearn.py). Fits calibrate
/// their intervals, as every fit does.

namespace perfmodel {
namespace {

constexpr std::uint64_t kTrainingSeed = 1, kTestSeed = 2;

/// Median of the wall time of `repeats` calls, in milliseconds.
double median_ms(int repeats, const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times_ms;
  for (int i = 0; i < repeats; ++i) {
    const Clock::time_point start = Clock::now();
    work();
    times_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  return median(times_ms);
}

double rmse(Span<const double> measured, const std::vector<Prediction>& predictions) {
  double sum = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const double error = predictions[i].mean - measured[i];
    sum += error * error;
  }
  return std::sqrt(sum / static_cast<double>(predictions.size()));
}

struct Repeats {
  int fit, predict;
};

void time_learner(const std::string& table, const Dataset& training, const Dataset& test, const Learner& learner,
                  const Repeats& repeats) {
  std::unique_ptr<const Model> model;
  const double fit_ms =
      median_ms(repeats.fit, [&] { model = std::make_unique<const Model>(learner.fit(training, FitOptions())); });
  std::vector<Prediction> predictions(test.num_rows());
  Workspace workspace(model->workspace_bytes(test.num_rows()));
  const double predict_ms =
      median_ms(repeats.predict, [&] { model->predict(test.features(), predictions, workspace).throw_if_error(); });
  fmt::print(R"({{"program":"perfmodel","table":"{}","rows":{},"learner":"{}","fit_ms":{:.4f},"predict_ms":{:.4f},)"
             R"("rmse":{:.6g}}})"
             "\n",
             table, training.num_rows(), learner.name(), fit_ms, predict_ms, rmse(test.targets(), predictions));
  std::fflush(stdout);
}

void run(const std::string& folder, std::size_t num_rows, int repeats) {
  struct Table {
    const char* name;
    Dataset (*make)(std::size_t num_rows, std::uint64_t seed);
  };
  constexpr Table kTables[] = {{"friedman1", friedman1_table}, {"jetson_levels", jetson_levels_table}};
  for (const Table& table : kTables) {
    const Dataset training = table.make(num_rows, kTrainingSeed), test = table.make(num_rows, kTestSeed);
    write_table(training, fmt::format("{}/{}_training.f64", folder, table.name));
    write_table(test, fmt::format("{}/{}_test.f64", folder, table.name));
    time_learner(table.name, training, test, *make_tree_learner(), {5 * repeats, 20 * repeats});
    time_learner(table.name, training, test, *make_forest_learner(), {repeats, 3 * repeats});
  }
}

}  // namespace
}  // namespace perfmodel

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: trees_benchmark FOLDER ROWS REPEATS\n");
    return 2;
  }
  try {
    perfmodel::run(argv[1], std::stoul(argv[2]), std::stoi(argv[3]));
  } catch (const std::exception& error) {
    fmt::print(stderr, "trees_benchmark: {}\n", error.what());
    return 1;
  }
  return 0;
}
