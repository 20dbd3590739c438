#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "perfmodel/core/random.h"
#include "perfmodel/learner/model.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// Evaluators of the sizes that fits have, with random numbers in them: they cost what a fitted one costs, their
/// answers mean nothing. Made for inputs about standard normal; the same bits from the same generator.

/// A network's layer with Xavier's uniform weights (Glorot and Bengio, 2010) and biases of 0; with ReLU.
NetworkLayer random_network_layer(NetworkLayer::Kind kind, std::size_t inputs, std::size_t outputs, std::size_t kernel,
                                  Random& random);

/// ResPerfNet as the paper has it, for rows of `length` features.
std::vector<NetworkLayer> random_resperfnet(std::size_t length, bool output_relu, Random& random);

/// Dense layers of `hidden_units`, then one output without activation. ResPerfNet's predecessor PerfNet has
/// {32, 64, 128, 256} with ReLU, Iqbal's perceptron {40} with tanh.
std::vector<NetworkLayer> random_perceptron(std::size_t length, const std::vector<std::size_t>& hidden_units, bool tanh,
                                            Random& random);

/// Complete trees of `depth` levels of decisions.
TreeEnsemble random_ensemble(std::size_t num_inputs, std::size_t num_trees, int depth, Random& random);

/// All products of inputs up to `degree`.
Polynomial random_polynomial(std::size_t num_inputs, int degree, Random& random);

/// Matern 5/2 through `num_points` points, with a deviation.
GaussianProcess random_process(std::size_t num_inputs, std::size_t num_points, Random& random);

/// n x d standard normal values, row-major.
std::vector<double> random_rows(std::size_t num_rows, std::size_t num_inputs, Random& random);

/// A model whose features are inputs within +-10.
Model model_of(std::shared_ptr<const Evaluator> evaluator);

/// Floating-point operations for one row: 2 per multiply-add of a weight, biases and activations not counted.
double flops_per_row(std::size_t length, const std::vector<NetworkLayer>& layers);

}  // namespace perfmodel
