#pragma once

#include <cstddef>
#include <vector>

#include "layer_timing/host_memory.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// One set of a layer's parameters, in memory that the pool owns.
struct WeightSet {
  const float* weights = nullptr;  ///< of a normalisation the scales, then (kBatchNorm2d) the means
  const float* bias = nullptr;     ///< of a normalisation the shifts; null when the layer has none
};

/// Where weights come from: one large piece of memory, handed out set by set.
///
/// A layer in a network finds its weights as cold as all that the network has touched since the last run left them. A
/// layer timed in a loop would find them in the cache. So a loop takes another set each time, and comes back to the
/// first after about as many bytes as the program in which the layer will run touches (LayerContext::reuse_bytes).
class WeightPool {
 public:
  /// No more than that many bytes are laid out for one layer, unless a single set is larger; beyond, everything is
  /// cold. A quarter of the free memory, where that is less: a machine with less memory than that has no cache which
  /// would notice.
  static constexpr double kMaxSpanBytes = 640e6;
  static constexpr std::size_t kMaxSets = 2048;

  /// Sets of `layer` to use in turn, at least one. Those that fit into a cache have just been read, in order.
  /// The next call may end their life.
  /// @throws Error kOutOfMemory.
  std::vector<WeightSet> sets(const LayerSpec& layer, double reuse_bytes);

  /// One set for each of `layers`, side by side, as a network has them. Biases are next to nothing: as large as weights
  /// they would drown what random weights make of the input, and every channel would be all zeros or all alike. Scales
  /// of normalisations are 1.
  /// @throws Error kOutOfMemory.
  std::vector<WeightSet> one_set_each(const std::vector<LayerSpec>& layers);

  /// Pieces of at least `num_floats` floats each, to use in turn like sets().
  std::vector<const float*> slices(std::size_t num_floats, double reuse_bytes);

 private:
  FilledBuffer buffer_;
};

}  // namespace perfmodel
