#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <vector>

#include "perfmodel/learner/workspace.h"
#include "random_evaluators.h"

/// Every kind of evaluator by itself, at 1, 16, 256 and 46 080 rows of nine features. Items are rows.

namespace perfmodel {
namespace {

using EvaluatorPtr = std::shared_ptr<const Evaluator>;

constexpr std::size_t kFeatures = 9, kPoints = 84;
constexpr std::uint64_t kSeed = 1;

EvaluatorPtr tree() {
  Random random(kSeed);
  return make_tree_ensemble(random_ensemble(kFeatures, 1, 14, random));
}
EvaluatorPtr forest() {
  Random random(kSeed);
  return make_tree_ensemble(random_ensemble(kFeatures, 100, 12, random));
}
EvaluatorPtr boosted_trees() {
  Random random(kSeed);
  return make_tree_ensemble(random_ensemble(kFeatures, 500, 6, random));
}
/// With a direction for missing values at every node.
EvaluatorPtr boosted_trees_with_directions() {
  Random random(kSeed);
  TreeEnsemble trees = random_ensemble(kFeatures, 500, 6, random);
  for (std::size_t i = 0; i < trees.feature.size(); ++i) trees.missing_left.push_back(random.chance(0.5) ? 1 : 0);
  return make_tree_ensemble(trees);
}
EvaluatorPtr mlp() {
  Random random(kSeed);
  return make_sequence_network(kFeatures, random_perceptron(kFeatures, {40}, true, random));
}
EvaluatorPtr perfnet() {
  Random random(kSeed);
  return make_sequence_network(kFeatures, random_perceptron(kFeatures, {32, 64, 128, 256}, false, random));
}
EvaluatorPtr resperfnet() {
  Random random(kSeed);
  return make_sequence_network(kFeatures, random_resperfnet(kFeatures, false, random));
}
EvaluatorPtr polynomial() {
  Random random(kSeed);
  return make_polynomial(random_polynomial(kFeatures, 3, random));
}
EvaluatorPtr gaussian_process() {
  Random random(kSeed);
  return make_gaussian_process(random_process(kFeatures, kPoints, random));
}
/// A network and boosted trees, averaged.
EvaluatorPtr blend() {
  return make_mean({resperfnet(), boosted_trees()}, {1, 1}, false);
}
/// A perceptron behind logarithms of all features, its answer the logarithm of the target.
EvaluatorPtr transformed() {
  const std::vector<ColumnTransform> columns(kFeatures, {ColumnTransform::Shape::kLog, 1, -0.5, 1, true});
  TargetTransform target;
  target.kind = TargetTransform::Kind::kLog;
  target.trend.assign(kFeatures, 0.01);
  return make_transformed(FeatureTransform(columns), mlp(), target);
}

/// At least what each feature allows.
EvaluatorPtr floored() {
  return make_floored(mlp(), std::vector<double>(kFeatures, 0.1));
}
/// A forest shifted by a process that sees the row and the logarithm of the forest's answer: a transferred model.
EvaluatorPtr stacked() {
  Random random(kSeed);
  return make_stacked(forest(), make_gaussian_process(random_process(kFeatures + 1, kPoints, random)),
                      /*keep_row=*/true, /*log_inner=*/true);
}
/// A forest behind maps of every feature: a model of another machine's clocks.
EvaluatorPtr remapped() {
  std::vector<std::int32_t> inputs(kFeatures);
  std::iota(inputs.begin(), inputs.end(), 0);
  return make_remapped(kFeatures, inputs, std::vector<InputMap>(kFeatures, {{0, 0.5, 1, 2}, {0, 0.4, 1.2, 2}}),
                       forest());
}

/// Random rows, all positive, which logarithms take.
std::vector<double> positive_rows(std::size_t num_rows) {
  Random random(kSeed + 1);
  std::vector<double> values = random_rows(num_rows, kFeatures, random);
  for (double& value : values) value = std::abs(value) + 1e-3;
  return values;
}

/// The same, one value of each missing.
std::vector<double> rows_that_lack_a_value(std::size_t num_rows) {
  Random random(kSeed + 2);
  std::vector<double> values = positive_rows(num_rows);
  for (std::size_t i = 0; i < num_rows; ++i) {
    const auto missing = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(kFeatures) - 1));
    values[i * kFeatures + missing] = std::numeric_limits<double>::quiet_NaN();
  }
  return values;
}

void evaluate_rows(benchmark::State& state, EvaluatorPtr (*make)(), const std::vector<double>& values,
                   bool with_deviation) {
  const auto num_rows = static_cast<std::size_t>(state.range(0));
  const EvaluatorPtr evaluator = make();
  const MatrixView<const double> rows(values.data(), num_rows, kFeatures);
  std::vector<double> answers(num_rows), deviations(with_deviation ? num_rows : 0);
  Workspace workspace(evaluator->scratch_bytes(num_rows));
  for (auto _ : state) {
    evaluate_part(*evaluator, rows, answers, deviations, workspace.data());
    benchmark::DoNotOptimize(answers.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_Evaluate(benchmark::State& state, EvaluatorPtr (*make)(), bool with_deviation) {
  evaluate_rows(state, make, positive_rows(static_cast<std::size_t>(state.range(0))), with_deviation);
}

void BM_EvaluateMissing(benchmark::State& state, EvaluatorPtr (*make)()) {
  evaluate_rows(state, make, rows_that_lack_a_value(static_cast<std::size_t>(state.range(0))), false);
}

void over_rows(benchmark::internal::Benchmark* benchmark) {
  for (const std::int64_t num_rows : {1, 16, 256, 46080}) benchmark->Arg(num_rows);
  benchmark->Unit(benchmark::kMicrosecond);
}

BENCHMARK_CAPTURE(BM_Evaluate, tree, tree, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, forest, forest, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, boosted_trees, boosted_trees, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, boosted_trees_with_directions, boosted_trees_with_directions, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_EvaluateMissing, boosted_trees, boosted_trees_with_directions)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, mlp, mlp, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, perfnet, perfnet, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, resperfnet, resperfnet, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, polynomial, polynomial, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, gaussian_process, gaussian_process, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, gaussian_process_with_deviation, gaussian_process, true)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, blend, blend, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, transformed, transformed, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, floored, floored, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, stacked, stacked, false)->Apply(over_rows);
BENCHMARK_CAPTURE(BM_Evaluate, remapped, remapped, false)->Apply(over_rows);

}  // namespace
}  // namespace perfmodel
