#include "features_hash.h"

#include <cstdint>
#include <cstdio>
#include <vector>

#include "perfmodel/layer_time/layer_features.h"

namespace perfmodel::bench {
namespace {

/// FNV-1a, 64 bits, of texts.
class Hash {
 public:
  void add(const std::string& text) {
    for (const char letter : text + ";") value_ = (value_ ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  }
  std::string text() const { return digits("%016llx", static_cast<unsigned long long>(value_)); }

  template <class Number>
  static std::string digits(const char* format, Number number) {
    char text[32];
    std::snprintf(text, sizeof text, format, number);
    return text;
  }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

/// Large and small, with odd sizes, with padding even and uneven, to which algorithms apply and do not.
std::vector<LayerSpec> described_layers() {
  std::vector<LayerSpec> layers = {conv2d(33, 116, 71, 47, 7, 2, 3),
                                   conv2d(8, 56, 64, 128, 3, 1, 1),
                                   conv2d(1, 224, 3, 64, 5),
                                   pool2d(15, 98, 57, 5, 3),
                                   pool2d(4, 27, 192, 3, 2),
                                   dense(35, 1420, 2379, Activation::kRelu),
                                   dense(1, 3125, 2632)};
  LayerSpec uneven = conv2d(3, 4, 2, 5, 2);
  uneven.pads = same_pads(uneven.input, uneven.kernel, uneven.stride);
  layers.push_back(uneven);
  return layers;
}

}  // namespace

std::string features_hash() {
  Hash hash;
  for (const LayerKind kind : {LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense}) {
    for (const FeatureSet features : {FeatureSet::kPaper, FeatureSet::kPhysics}) {
      for (const std::string& name : layer_feature_names(features, kind)) hash.add(name);
    }
  }
  return hash.text();
}

std::string features_values_hash() {
  Hash hash;
  for (const LayerSpec& layer : described_layers()) {
    for (const FeatureSet features : {FeatureSet::kPaper, FeatureSet::kPhysics, FeatureSet::kPhysicsTiles}) {
      std::vector<double> row(layer_feature_names(features, layer.kind).size());
      encode_layer(features, layer, {}, row);
      for (const double value : row) hash.add(Hash::digits("%.10g", value));
    }
  }
  return hash.text();
}

}  // namespace perfmodel::bench
