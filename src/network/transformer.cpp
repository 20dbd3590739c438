#include "network/transformer.h"
#include "network/graph_builder.h"
#include "network/graph_networks.h"
#include "perfmodel/network/layer_makers.h"

namespace perfmodel {
namespace {

/// A layer of attention: products or softmax, head by head.
LayerSpec by_head(LayerKind kind, std::int64_t num_heads, std::int64_t channels_out) {
  LayerSpec layer = of_kind(kind);
  layer.groups = num_heads;
  layer.channels_out = channels_out;
  return layer;
}

}  // namespace

Network encoder_block(const std::string& name, std::int64_t batch, const EncoderSizes& sizes) {
  GraphBuilder graph(name, "tokens", {batch, sizes.channels, sizes.num_tokens, 1});
  const auto over_tokens = [&](std::int64_t channels_out, Activation activation = Activation::kNone) {
    return dense_over_tokens(1, sizes.num_tokens, 1, channels_out, activation);
  };
  const auto project = [&](const char* node, const std::string& input) {
    return graph.add(node, over_tokens(sizes.channels), {input});
  };
  const LayerSpec norm = of_kind(LayerKind::kLayerNorm), add = of_kind(LayerKind::kAdd);

  const std::string query = project("query", "tokens"), key = project("key", "tokens");
  const std::string value = project("value", "tokens");
  const std::string scores = graph.add(
      "scores", by_head(LayerKind::kMatMul, sizes.num_heads, sizes.num_heads * sizes.num_tokens), {query, key});
  const std::string weights = graph.add("weights", by_head(LayerKind::kSoftmax, sizes.num_heads, 1), {scores});
  const std::string context =
      graph.add("context", by_head(LayerKind::kMatMul, sizes.num_heads, sizes.channels), {weights, value});
  const std::string attended = graph.add("attention_add", add, {project("attention_out", context), "tokens"});
  const std::string normed = graph.add("attention_norm", norm, {attended});

  const std::string hidden = graph.add("hidden", over_tokens(sizes.hidden_channels, Activation::kGelu), {normed});
  graph.add("norm", norm, {graph.add("hidden_add", add, {project("hidden_out", hidden), normed})});
  return graph.finish();
}

Network transformer_encoder(std::int64_t batch) {
  return encoder_block("transformer_encoder", batch, {128, 768, 12, 3072});
}

}  // namespace perfmodel
