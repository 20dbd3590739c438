#include "layer_timing/weight_pool.h"

#include <algorithm>

namespace perfmodel {
namespace {

constexpr std::size_t kAlignmentFloats = 16;  // 64 bytes, a cache line
constexpr double kReadFirstBytes = 64e6;      // a larger span is in no cache anyway
constexpr float kNetworkBias = 1e-20f;        // far below any activation, far above denormal numbers
constexpr double kMemoryFraction = 0.25;      // of what is free; the rest is for tensors

std::size_t align(std::size_t num_floats) {
  return (num_floats + kAlignmentFloats - 1) / kAlignmentFloats * kAlignmentFloats;
}

bool is_norm(const LayerSpec& layer) {
  return layer.kind == LayerKind::kBatchNorm2d || layer.kind == LayerKind::kLayerNorm;
}

std::size_t num_bias(const LayerSpec& layer) {
  const bool has_bias =
      is_norm(layer) || (layer.bias && (layer.kind == LayerKind::kConv2d || layer.kind == LayerKind::kDense));
  return has_bias ? static_cast<std::size_t>(layer.channels_out) : 0;
}

/// Of a batch normalisation the scales and then the means; its variances are 1, as these random numbers may be
/// negative.
std::size_t num_weights_without_bias(const LayerSpec& layer) {
  if (layer.kind == LayerKind::kBatchNorm2d) return 2 * static_cast<std::size_t>(layer.channels_out);
  return static_cast<std::size_t>(layer.num_weights()) - num_bias(layer);
}

std::size_t set_floats(const LayerSpec& layer) {
  return align(num_weights_without_bias(layer)) + align(num_bias(layer));
}

WeightSet set_at(const float* memory, const LayerSpec& layer) {
  const std::size_t bias_offset = align(num_weights_without_bias(layer));
  return {memory, num_bias(layer) == 0 ? nullptr : memory + bias_offset};
}

}  // namespace

std::vector<const float*> WeightPool::slices(std::size_t num_floats, double reuse_bytes) {
  const std::size_t step = std::max(align(num_floats), kAlignmentFloats);
  const double step_bytes = static_cast<double>(step * sizeof(float));
  const double span_bytes = std::min({reuse_bytes, kMaxSpanBytes, kMemoryFraction * available_memory_bytes()});
  const std::size_t fitting = static_cast<std::size_t>(std::max(1.0, span_bytes / step_bytes));
  const std::size_t count = num_floats == 0 ? 1 : std::min(fitting, kMaxSets);

  const float* memory = buffer_.reserve(count * step);
  if (static_cast<double>(count) * step_bytes <= kReadFirstBytes) read_lines(memory, count * step);
  std::vector<const float*> slices(count);
  for (std::size_t i = 0; i < count; ++i) slices[i] = memory + i * step;
  return slices;
}

std::vector<WeightSet> WeightPool::sets(const LayerSpec& layer, double reuse_bytes) {
  std::vector<WeightSet> sets;
  for (const float* slice : slices(set_floats(layer), reuse_bytes)) sets.push_back(set_at(slice, layer));
  return sets;
}

std::vector<WeightSet> WeightPool::one_set_each(const std::vector<LayerSpec>& layers) {
  std::size_t total = 0;
  for (const LayerSpec& layer : layers) total += set_floats(layer);
  float* memory = buffer_.reserve(total);
  std::vector<WeightSet> sets;
  for (const LayerSpec& layer : layers) {
    sets.push_back(set_at(memory, layer));
    std::fill_n(memory + align(num_weights_without_bias(layer)), num_bias(layer), kNetworkBias);
    if (is_norm(layer)) std::fill_n(memory, layer.channels_out, 1.0f);
    memory += set_floats(layer);
  }
  return sets;
}

}  // namespace perfmodel
