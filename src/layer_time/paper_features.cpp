#include <cmath>
#include <iterator>

#include "layer_time/feature_sets.h"

namespace perfmodel {
namespace {

using Layer = const LayerSpec&;
using Context = const LayerContext&;

// The paper's layers are square; of a rectangle, the geometric mean of the sides stands for both.
double geometric_mean(Size2 size) {
  return std::sqrt(static_cast<double>(size.height) * static_cast<double>(size.width));
}

double area(Size2 size) {
  return static_cast<double>(size.height) * static_cast<double>(size.width);
}

double batch_size(Layer layer, Context) {
  return static_cast<double>(layer.batch);
}
double matrix_size_squared(Layer layer, Context) {
  return area(layer.input);
}
double kernel_size_squared(Layer layer, Context) {
  return area(layer.kernel);
}
double channels_in(Layer layer, Context) {
  return static_cast<double>(layer.channels_in);
}
double channels_out(Layer layer, Context) {
  return static_cast<double>(layer.channels_out);
}
double padding(Layer layer, Context) {
  return layer.pads == Pads{} ? 0 : 1;
}
double strides(Layer layer, Context) {
  return geometric_mean(layer.stride);
}
double use_bias(Layer layer, Context) {
  return layer.bias ? 1 : 0;
}
double activation(Layer layer, Context) {
  return static_cast<double>(layer.activation);
}
double pool_size(Layer layer, Context) {
  return geometric_mean(layer.kernel);
}

constexpr LayerFeature kConv2d[] = {
    {"batch_size", batch_size},
    {"matrix_size_squared", matrix_size_squared},
    {"kernel_size_squared", kernel_size_squared},
    {"channels_in", channels_in},
    {"channels_out", channels_out},
    {"padding", padding},
    {"strides", strides},
    {"use_bias", use_bias},
    {"activation", activation},
};

constexpr LayerFeature kPool2d[] = {
    {"batch_size", batch_size},   {"matrix_size_squared", matrix_size_squared},
    {"channels_in", channels_in}, {"pool_size", pool_size},
    {"padding", padding},         {"strides", strides},
};

constexpr LayerFeature kDense[] = {
    {"batch_size", batch_size}, {"inputs", channels_in},    {"outputs", channels_out},
    {"use_bias", use_bias},     {"activation", activation},
};

}  // namespace

Span<const LayerFeature> paper_features(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::kConv2d:
      return {kConv2d, std::size(kConv2d)};
    case LayerKind::kPool2d:
      return {kPool2d, std::size(kPool2d)};
    case LayerKind::kDense:
      return {kDense, std::size(kDense)};
    default:
      return {};
  }
}

}  // namespace perfmodel
