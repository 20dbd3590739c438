#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "perfmodel/core/random.h"
#include "perfmodel/core/span.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// n x d values between -2 and 2.
std::vector<double> random_rows(std::size_t num_rows, std::size_t num_inputs, Random& random);

/// Answers of an evaluator, whose scratch memory is exactly scratch_bytes() long and surrounded by guard bytes that
/// must not change.
std::vector<double> evaluate(const Evaluator& evaluator, MatrixView<const double> rows);

/// The same with deviations.
struct AnswersWithDeviation {
  std::vector<double> answers, deviations;
};
AnswersWithDeviation evaluate_with_deviation(const Evaluator& evaluator, MatrixView<const double> rows);

/// A layer with random weights that keep activations near 1.
NetworkLayer random_layer(NetworkLayer::Kind kind, std::size_t inputs, std::size_t outputs, std::size_t kernel,
                          Random& random);

/// ResPerfNet's 26 layers with random weights, `width` filters in the first stage (128 in the paper).
std::vector<NetworkLayer> resperfnet_layers(std::size_t num_inputs, std::size_t width, Random& random);

/// A network of random layers: convolutions of kernels 1 to 5, residual blocks, dense layers, with and without bias.
std::vector<NetworkLayer> random_layers(std::size_t num_inputs, Random& random);

/// What a network answers for one row, computed by plain loops in double precision from the definitions in
/// evaluators.h.
double reference_answer(const std::vector<NetworkLayer>& layers, Span<const double> row);

/// `num_trees` random trees of 7 nodes each.
TreeEnsemble random_trees(std::size_t num_inputs, std::size_t num_trees, Random& random);

/// A Gaussian process through `num_points` random points, with an uncertain linear mean and a deviation. The triangles
/// are those of random matrices, so that nothing but their shape is like a fitted one's.
GaussianProcess random_process(std::size_t num_inputs, std::size_t num_points, Random& random);

/// One evaluator of each kind, all on 3 positive inputs. "gaussian_process" has a deviation, and so has what holds one:
/// "remapped" and "stacked".
std::shared_ptr<const Evaluator> example_evaluator(const std::string& kind);
inline constexpr const char* kEvaluatorKinds[] = {"constant",    "floored",  "gaussian_process", "mean",
                                                  "polynomial",  "remapped", "sequence_network", "stacked",
                                                  "transformed", "trees"};

}  // namespace perfmodel
