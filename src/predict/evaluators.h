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
  bool tanh = false;           ///< of kConv and kDense, in place of relu
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

/// Transforms features, asks `inner`, transforms its answer to the target. The deviation goes through the transform's
/// slope (the delta method): divided by |scale|, or multiplied by the target and |deviation|. A missing value stays one
/// for `inner`; with a trend or costs none is taken.
/// @throws Error kCorrupt: widths that do not fit, a number that is not finite, a divisor that is 0.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_transformed(FeatureTransform features,
                                                                   std::shared_ptr<const Evaluator> inner,
                                                                   TargetTransform target);

/// Weighted mean of members on the same rows: arithmetic, or geometric (exp of the mean log, where an answer <= 0
/// counts as the smallest positive normal double). Weights are >= 0 and need not sum to 1. Where all members have a
/// deviation the mean has one: the weighted mean of theirs (geometric: of the relative ones), which is the most it can
/// be, reached when their errors go together, as those of members fitted to the same rows mostly do.
/// @throws Error kCorrupt: no members, members of different widths, weights that are negative or sum to 0.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_mean(std::vector<std::shared_ptr<const Evaluator>> members,
                                                            std::vector<double> weights, bool geometric);

/// A sum of binary trees: out = base + sum of the leaf that the row reaches in each tree. Comparison in float32: left
/// when value < threshold. A missing value goes where its node says.
struct TreeEnsemble {
  std::size_t num_inputs = 0;
  double base = 0;
  std::vector<std::int32_t> roots;         ///< node index of each tree's root
  std::vector<std::int32_t> feature;       ///< per node; -1 at a leaf
  std::vector<float> threshold;            ///< per node; the leaf's value at a leaf
  std::vector<std::int32_t> left;          ///< per node; index of the left child, the right one follows it
  std::vector<std::uint8_t> missing_left;  ///< per node: 1 where a missing value goes left, else 0; empty: not taken
  std::vector<double> importance;  ///< per input: its share of what all splits lower the squared error by, or all
                                   ///< 0; empty: not known
  bool float32_sums = false;  ///< from the base on, each tree's leaf is added in float32, one after another: XGBoost's
                              ///< sums, bit for bit; else in double precision, in any order
};
/// @throws Error kCorrupt: an index out of range, a child that does not come after its parent or has two, a threshold,
///         leaf or base that is not finite, a direction that is none, an importance outside [0, 1].
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_tree_ensemble(const TreeEnsemble& trees);

/// base + sum of coefficient x product of powers of inputs, in double precision.
struct Polynomial {
  struct Factor {
    std::int32_t input = 0;
    std::int32_t power = 1;  ///< >= 1
  };
  std::size_t num_inputs = 0;
  double base = 0;
  std::vector<double> coefficients;        ///< one per term
  std::vector<std::int32_t> first_factor;  ///< per term, and one more: where its factors begin; ascending
  std::vector<Factor> factors;
};
/// @throws Error kCorrupt: an input or offset out of range, a power outside [1, 64], a number that is not finite.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_polynomial(Polynomial polynomial);

/// A Gaussian process with a length scale per input and a linear mean: mean and deviation (that of a new noisy
/// measurement) by equations 2.25 and 2.26 of Rasmussen and Williams (2006), with 2.42 where the mean is uncertain.
///
/// Covariance of x and y at distance r, r^2 = sum_j ((x_j - y_j) inverse_length_scales[j])^2:
/// signal_variance exp(-r^2 / 2), or signal_variance (1 + sqrt(5) r + 5 r^2 / 3) exp(-sqrt(5) r) (Matern 5/2).
struct GaussianProcess {
  enum class Kernel { kSquaredExponential, kMatern52 };
  Kernel kernel = Kernel::kMatern52;
  std::vector<double> inverse_length_scales;  ///< one per input, >= 0; 0: the input does not matter
  double signal_variance = 1;                 ///< >= 0
  double noise_variance = 0;                  ///< >= 0
  double base = 0;                            ///< mean(x) = base + sum_j slopes[j] x_j
  std::vector<double> slopes;                 ///< one per input; empty: none
  std::vector<double> points;                 ///< n x d, row-major: the training inputs
  std::vector<double> weights;                ///< n: (K + noise I)^-1 (targets - mean)
  std::vector<double> cholesky;  ///< n x n, row-major: the lower triangle L of K + noise I = L L'; what is above the
                                 ///< diagonal does not count; empty: no deviation
  std::vector<double> mean_cholesky;  ///< (d + 1) x (d + 1), likewise: of H (K + noise I)^-1 H' where the columns of H
                                      ///< are [1, x] of the points; empty: base and slopes are certain
};
/// @throws Error kCorrupt: sizes that do not fit, a negative scale or variance, a diagonal that is not positive, a
///         number that is not finite.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_gaussian_process(GaussianProcess process);

/// outer's answer on a row [x, t]: x the row (where keep_row), t inner's answer on it or its logarithm (of at least the
/// smallest positive normal double). A shift of a source model is one of these. The deviation is outer's: t counts as
/// known.
/// @throws Error kCorrupt: widths that do not fit.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_stacked(std::shared_ptr<const Evaluator> inner,
                                                               std::shared_ptr<const Evaluator> outer, bool keep_row,
                                                               bool log_inner);

/// What is done to one input before `inner` sees it: straight lines between knots, the first and last value beyond
/// them; a missing value stays one. Empty: nothing.
struct InputMap {
  std::vector<double> from;  ///< ascending
  std::vector<double> to;    ///< as many
};
PERFMODEL_EXPORT double map_input(const InputMap& map, double value) noexcept;

/// Asks `inner` on chosen and mapped inputs: its j-th is inputs[j] of the row, through maps[j]. The deviation is
/// inner's.
/// @throws Error kCorrupt: an input out of range, widths that do not fit, knots that do not ascend or are not finite.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_remapped(std::size_t num_inputs,
                                                                std::vector<std::int32_t> inputs,
                                                                std::vector<InputMap> maps,
                                                                std::shared_ptr<const Evaluator> inner);

/// At least what a machine's limits allow: max(inner's answer, floors[j] * row[j] for each j), where floors[j] is the
/// least time per unit of input j; 0: no limit. The deviation is inner's. Source: Williams, Waterman and Patterson,
/// "Roofline" (2009).
/// @throws Error kCorrupt: not one floor per input, one that is negative or not finite.
PERFMODEL_EXPORT std::shared_ptr<const Evaluator> make_floored(std::shared_ptr<const Evaluator> inner,
                                                               std::vector<double> floors);

}  // namespace perfmodel
