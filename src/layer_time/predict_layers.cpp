#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>

#include "layer_time/predictor_impl.h"
#include "predict/evaluator.h"

namespace perfmodel {
namespace {

// Stands for a time that a model cannot say; thousands of them still add up to a finite number.
constexpr double kLongestMs = 1e15;

// Parts of the workspace for one block. The models' own part comes first: a Model takes a workspace from its beginning.
struct Scratch {
  double* features;         // kMaxLayerFeatures per layer
  Prediction* predictions;  // one per layer
  std::size_t* positions;   // where in the block each layer of the kind at hand stands
};

constexpr std::size_t feature_bytes(std::size_t num_layers) {
  return align64(num_layers * kMaxLayerFeatures * sizeof(double));
}
constexpr std::size_t prediction_bytes(std::size_t num_layers) {
  return align64(num_layers * sizeof(Prediction));
}
constexpr std::size_t position_bytes(std::size_t num_layers) {
  return align64(num_layers * sizeof(std::size_t));
}

std::size_t model_bytes(const std::vector<LayerTimePredictor::KindModels>& models, std::size_t num_layers) noexcept {
  std::size_t bytes = 0;
  for (const LayerTimePredictor::KindModels& kind : models) {
    for (const Model& model : kind.phases) bytes = std::max(bytes, model.workspace_bytes(num_layers));
  }
  return align64(bytes);
}

bool is_valid(const LayerSpec& layer) noexcept {
  try {
    layer.validate();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

// As a time: finite, not negative, lower <= mean <= upper.
TimeEstimate to_estimate(const Prediction& prediction) noexcept {
  const double mean_ms = std::clamp(prediction.mean, 0.0, kLongestMs);
  return {mean_ms, std::clamp(prediction.lower, 0.0, mean_ms), std::clamp(prediction.upper, mean_ms, kLongestMs)};
}

// Answers every row. One that the model has no finite answer for gets an infinite one; it does not spoil the others.
void predict_rows(const Model& model, MatrixView<const double> rows, Span<Prediction> out,
                  Workspace& workspace) noexcept {
  if (model.predict(rows, out, workspace).ok()) return;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const MatrixView<const double> row(rows.row(i).data(), 1, rows.cols());
    if (model.predict(row, out.subspan(i, 1), workspace).ok()) continue;
    constexpr double kUnknown = std::numeric_limits<double>::infinity();
    out[i] = {kUnknown, kUnknown, kUnknown, false};
  }
}

// Predicts `phases` of the layers of one kind in a block that begins at layer `begin`, and 0 for other phases.
void predict_kind(const LayerTimePredictor::KindModels& models, const LayerEncoder& encoder, const LayerView& layers,
                  std::size_t begin, const LayerContext& context, Span<const Phase> phases, Span<LayerTime> out,
                  const Scratch& scratch, Workspace& workspace) noexcept {
  const std::size_t num_features = encoder.num_features();
  std::size_t count = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const LayerSpec& layer = layers[begin + i];
    if (layer.kind != models.kind) continue;
    encoder.encode(layer, context, {scratch.features + count * num_features, num_features});
    out[i] = {};
    scratch.positions[count++] = i;
  }
  if (count == 0) return;
  const MatrixView<const double> rows(scratch.features, count, num_features);
  for (const Phase each : phases) {
    const auto phase = static_cast<std::size_t>(each);
    predict_rows(models.phases[phase], rows, {scratch.predictions, count}, workspace);
    for (std::size_t i = 0; i < count; ++i) {
      LayerTime& time = out[scratch.positions[i]];
      time.phase[phase] = to_estimate(scratch.predictions[i]);
      time.in_domain = time.in_domain && scratch.predictions[i].in_domain;
    }
  }
}

}  // namespace

std::size_t LayerTimePredictor::workspace_bytes(std::size_t num_layers) const noexcept {
  const std::size_t n = std::min(num_layers, kLayersPerBlock);
  return n == 0 ? 0 : model_bytes(impl_->models, n) + feature_bytes(n) + prediction_bytes(n) + position_bytes(n);
}

Status LayerTimePredictor::predict(Span<const LayerSpec> layers, const LayerContext& context, Span<LayerTime> out,
                                   Workspace& workspace) const noexcept {
  if (out.size() != layers.size()) {
    return {ErrorCode::kMismatch, -1, "one result per layer is needed", -1, out.size(), layers.size()};
  }
  if (!layers.empty() && (layers.data() == nullptr || out.data() == nullptr)) {
    return {ErrorCode::kInvalidArgument, -1, "layers or out is null"};
  }
  if (!(context.reuse_bytes > 0 && std::isfinite(context.reuse_bytes))) {
    return {ErrorCode::kInvalidArgument, -1, "reuse_bytes of the context must be finite and greater than 0"};
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto index = static_cast<std::ptrdiff_t>(i);
    if (!is_valid(layers[i])) {
      return {ErrorCode::kInvalidArgument, index, "the layer is invalid (see LayerSpec::validate)"};
    }
    if (!knows(layers[i].kind)) return {ErrorCode::kUnsupported, index, "no model for the kind of this layer"};
  }
  const std::size_t needed_bytes = workspace_bytes(layers.size());
  if (workspace.size() < needed_bytes) {
    return {ErrorCode::kBufferTooSmall,
            -1,
            "the workspace is smaller than workspace_bytes() of so many layers",
            -1,
            workspace.size(),
            needed_bytes};
  }
  impl_->predict_known(LayerView(layers), context, out, workspace);
  return {};
}

void LayerTimePredictor::Impl::predict_known(const LayerView& layers, const LayerContext& context, Span<LayerTime> out,
                                             Workspace& workspace) const noexcept {
  const LayerContext& known = environment.timing == LayerTiming::kTotal ? kCallContext : context;
  const std::size_t block_size = std::min(layers.size(), kLayersPerBlock);
  std::byte* after_models = workspace.data() + model_bytes(models, block_size);
  const Scratch scratch = {
      reinterpret_cast<double*>(after_models), reinterpret_cast<Prediction*>(after_models + feature_bytes(block_size)),
      reinterpret_cast<std::size_t*>(after_models + feature_bytes(block_size) + prediction_bytes(block_size))};
  for (std::size_t begin = 0; begin < layers.size(); begin += block_size) {
    const std::size_t count = std::min(block_size, layers.size() - begin);
    for (std::size_t k = 0; k < models.size(); ++k) {
      predict_kind(models[k], encoders[k], layers, begin, known, told_phases(environment.timing),
                   out.subspan(begin, count), scratch, workspace);
    }
  }
}

}  // namespace perfmodel
