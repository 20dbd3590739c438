#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/core/random.h"
#include "perfmodel/network/layer.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// From where layers are drawn.
enum class SamplingRanges {
  kPaper,  ///< ResPerfNet's table 3, square, channels below 10000 / size as in the authors' sampler
  kWide,   ///< also holds AlexNet's 11 x 11 kernel and VGG16's 25 088 inputs; rectangles and average pooling too; no
           ///< kernel larger than its input
};

struct SamplerOptions {
  std::uint64_t seed = 0;
  SamplingRanges ranges = SamplingRanges::kWide;
  double max_bytes = 600e6;  ///< cap on input + output + weights of one layer
  double max_flops = 6e9;    ///< cap on the work of one layer; a 128th for pooling and what memory bounds
  double conv_share = 0.6;   ///< of the layers drawn; dense_share besides, the rest is pooling
  double dense_share = 0.2;
  /// Not empty: these kinds instead, each as often, in the forms that networks with branches and attention have:
  /// convolutions mostly depthwise or in groups, dense layers mostly over tokens. `ranges` and the shares do not
  /// matter.
  std::vector<LayerKind> kinds;
  double around_fraction = 0.0;  ///< share of the layers drawn around shapes of `around` instead of from the ranges;
                                 ///< a kind that no network there has is drawn from the ranges
  std::vector<Network> around;   ///< real networks whose shapes steer that share
  std::vector<Network> never;    ///< networks whose exact shapes are never drawn: at any batch size, with or without
                                 ///< bias and activation
};

/// A layer to measure, and the context to measure it in: half of them cold, the others log-uniform from 64 KB up.
struct LayerSample {
  LayerSpec layer;
  LayerContext context;
};

/// Draws layers at random, log-uniform where a range spans decades; the i-th sample depends on options and i alone, so
/// a campaign that is resumed or made longer goes on with the same layers.
class PERFMODEL_EXPORT LayerSampler {
 public:
  /// @throws Error kInvalidArgument: shares (or their sum) outside [0, 1], around_fraction > 0 without networks, a cap
  ///         <= 0, a kind that is none.
  explicit LayerSampler(SamplerOptions options);

  /// Sample `index`: valid, within the caps, no layer of `never`.
  /// @throws Error kInvalidArgument: the caps leave (nearly) nothing to draw.
  LayerSample sample(std::uint64_t index) const;

 private:
  LayerKind kind_of(double choice) const;
  LayerSpec draw(LayerKind kind, Random& random) const;
  bool is_allowed(const LayerSpec& layer) const;

  SamplerOptions options_;
  std::vector<std::vector<LayerSpec>> around_[kNumLayerKinds];  ///< by kind, then network: its layers of that kind
  std::vector<LayerSpec> never_;
};

/// Whether two layers have one shape: all sizes but the batch. Bias, activation and kind of pooling make no other one.
PERFMODEL_EXPORT bool have_same_shape(const LayerSpec& a, const LayerSpec& b) noexcept;

/// Sequential networks to draw around: the layer shapes of well-known families (ResNet-50, MobileNet, SqueezeNet, and
/// in the manner of VGG, AlexNet and LeNet). Batch 1. Many are those of the built-in ResNets, so that draws come close
/// to these; SamplerOptions::never keeps them from the exact shapes.
PERFMODEL_EXPORT std::vector<Network> steering_networks();

/// Likewise with branches, for SamplerOptions::kinds: in the manner of ResNet, MobileNetV2, SqueezeNet and of a
/// Transformer's encoder, with other channels, pictures and tokens.
PERFMODEL_EXPORT std::vector<Network> branched_steering_networks();

}  // namespace perfmodel
