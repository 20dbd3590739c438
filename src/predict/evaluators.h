#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/data/transform.h"
#include "predict/evaluator.h"

namespace perfmodel {

/// Answers the same for every row.  @throws Error kCorrupt: a value that is not finite.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_constant(std::size_t num_inputs, double value);

/// One step of a sequence network. Activations are length x channels, float32, starting as num_inputs x 1.
struct NetworkLayer {
  enum class Kind {
    kConv,  ///< 1-D convolution over the length, stride 1, zeros around it to the same length: (kernel - 1) / 2 before,
            ///< kernel / 2 after, so that an even kernel sees one more on the right
    kResidual,  ///< relu(x + relu(W2 relu(W1 x + b1) + b2)) with kernel 1, channels kept (ResPerfNet, equation 1)
    kDense,     ///< on everything flattened, position by position (length-major: index = position * channels + channel)
  };
  Kind kind = Kind::kDense;
  std::size_t inputs = 0;  ///< channels in (kConv, kResidual) or values in (kDense)
  std::size_t outputs = 0;
  std::size_t kernel = 1;      ///< of kConv
  bool relu = true;            ///< of kConv and kDense
  std::vector<float> weights;  ///< kConv: kernel x inputs x outputs; kDense: inputs x outputs; kResidual: W1 then W2,
                               ///< each channels x channels (inputs x outputs)
  std::vector<float> bias;     ///< outputs (kConv, kDense; may be empty: none) or 2 x channels (kResidual)
};

/// Shape of a layer's weights in a model file; that of a residual block is 2 x channels x channels.
std::vector<std::size_t> weights_shape(const NetworkLayer& layer);

/// A feed-forward network on a row seen as a sequence with one channel, in float32: ResPerfNet, PerfNet, MLP. It ends
/// in one value. A row's answer depends on the rows evaluated beside it within float rounding, as products are summed
/// in other orders.
/// @throws Error kCorrupt: layers that do not fit one another, values that are not finite, no inputs.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_sequence_network(std::size_t num_inputs,
                                                                        std::vector<NetworkLayer> layers);

/// How the number a learner fitted becomes the target.
struct TargetTransform {
  enum class Kind {
    kScale,  ///< target = y / scale
    kLog,    ///< target = costs(row) * exp(mean + deviation * y + trend_bias + sum_j trend[j] * transformed feature j)
  };
  Kind kind = Kind::kScale;
  double scale = 1;
  double mean = 0, deviation = 1;
  double trend_bias = 0;
  std::vector<double> trend;  ///< one per transformed feature; empty: none
  std::vector<double> costs;  ///< one per raw feature, >= 0: costs(row) = sum_j costs[j] * row[j], but at least
                              ///< kSmallestCost; empty: costs(row) = 1
  static constexpr double kSmallestCost = 1e-9;
};

/// Transforms features, asks `inner`, transforms its answer to the target.
/// @throws Error kCorrupt: widths that do not fit, a number that is not finite, a divisor that is 0.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_transformed(FeatureTransform features,
                                                                   std::shared_ptr<const Evaluator> inner,
                                                                   TargetTransform target);

/// Weighted mean of members on the same rows: arithmetic, or geometric (exp of the mean log, where an answer <= 0
/// counts as the smallest positive normal double). Weights are >= 0 and need not sum to 1.
/// @throws Error kCorrupt: no members, members of different widths, weights that are negative or sum to 0.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_mean(std::vector<std::shared_ptr<const Evaluator>> members,
                                                            std::vector<double> weights, bool geometric);

/// A sum of binary trees: out = base + sum of the leaf that the row reaches in each tree, added in double precision.
/// Comparison in float32: left when value < threshold.
struct TreeEnsemble {
  std::size_t num_inputs = 0;
  double base = 0;
  std::vector<std::int32_t> roots;    ///< node index of each tree's root
  std::vector<std::int32_t> feature;  ///< per node; -1 at a leaf
  std::vector<float> threshold;       ///< per node; the leaf's value at a leaf
  std::vector<std::int32_t> left;     ///< per node; index of the left child, the right one follows it
};
/// @throws Error kCorrupt: an index out of range, a child that does not come after its parent or has two, a threshold
///         or leaf that is not finite.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_tree_ensemble(TreeEnsemble trees);

}  // namespace perfmodel
