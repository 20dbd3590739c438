// Layers of the kinds that networks with branches and attention have.
#include <functional>

#include "expect_error.h"
#include "perfmodel/network/layer_makers.h"

namespace perfmodel {
namespace {

LayerSpec changed(LayerSpec layer, const std::function<void(LayerSpec&)>& change) {
  change(layer);
  return layer;
}

struct Counted {
  const char* name;
  LayerSpec layer;
  std::int64_t num_inputs, num_outputs, num_weights;
  double flops;
};

// 2 pictures of 8 x 5 x 5: 400 elements. 3 sequences of 7 tokens with 12 channels: 252 elements.
TEST(BranchedLayers, AreCountedByHand) {
  const Counted kCounted[] = {
      {"batch norm", batch_norm2d(2, 5, 8), 400, 400, 16, 800},  // a scale and a shift for each of 8 channels
      {"batch norm, relu6", batch_norm2d(2, 5, 8, Activation::kRelu6), 400, 400, 16, 1200},
      {"layer norm", layer_norm(3, 7, 12), 252, 252, 24, 8 * 252},
      {"addition", addition(2, 5, 8), 800, 400, 0, 400},
      {"addition, relu", addition(2, 5, 8, Activation::kRelu), 800, 400, 0, 800},
      {"concatenation", concatenation(2, 5, 8, 3), 400, 400, 0, 0},
      {"activation", activation_layer(2, 5, 8, Activation::kGelu), 400, 400, 0, 400},
      {"global pooling", global_pool2d(2, 5, 8), 400, 16, 0, 400},  // each of 16 results adds 25 values
      {"softmax", softmax(3, 7, 12, 2), 252, 252, 0, 5 * 252},
      // 3 x 2 products of 7 x 6 times 6 x 4: 3 * 7 * 12 and 3 * 2 * 6 * 4 values in, 3 * 7 * 8 out of 6 multiply-adds.
      {"matrix product", matmul(3, 2, 7, 6, 4), 252 + 144, 168, 0, 2 * 6 * 168},
      // 21 rows: 12 multiply-adds, a bias and an activation for each of 5 results.
      {"dense over tokens", dense_over_tokens(3, 7, 12, 5, Activation::kGelu), 252, 105, 65, 105 * 26},
      {"depthwise convolution", depthwise(conv2d(2, 5, 8, 8, 3, 1, 1)), 400, 400, 80, 400 * 19},
  };
  for (const Counted& expected : kCounted) {
    SCOPED_TRACE(expected.name);
    EXPECT_NO_THROW(expected.layer.validate());
    EXPECT_EQ(expected.layer.num_inputs(), expected.num_inputs);
    EXPECT_EQ(expected.layer.num_outputs(), expected.num_outputs);
    EXPECT_EQ(expected.layer.num_weights(), expected.num_weights);
    EXPECT_EQ(expected.layer.flops(), expected.flops);
    EXPECT_EQ(expected.layer.input_bytes(), 4.0 * static_cast<double>(expected.num_inputs));
  }
}

TEST(BranchedLayers, ReadTheStatisticsOfABatchNormalisationToo) {
  EXPECT_EQ(batch_norm2d(2, 5, 8).weight_bytes(), 4.0 * 32);  // scale, shift, mean, variance
  EXPECT_EQ(layer_norm(2, 5, 8).weight_bytes(), 4.0 * 16);
}

TEST(BranchedLayers, KeepTheSizesOfTheirInput) {
  LayerSpec wide = addition(1, 5, 8);
  wide.input = {5, 9};
  EXPECT_EQ(wide.output(), (Size2{5, 9}));
  EXPECT_EQ(matmul(3, 2, 7, 6, 4).output(), (Size2{7, 1}));
  EXPECT_EQ(dense_over_tokens(3, 7, 12, 5).output(), (Size2{7, 1}));
  EXPECT_EQ(global_pool2d(1, 5, 8).output(), (Size2{1, 1}));
}

TEST(BranchedLayers, SayHowManyTensorsTheyTake) {
  EXPECT_EQ(conv2d(1, 8, 4, 4, 3).num_input_tensors(), 1);
  EXPECT_EQ(depthwise(conv2d(1, 8, 4, 4, 3)).num_input_tensors(), 1);
  EXPECT_EQ(addition(1, 5, 8).num_input_tensors(), 2);
  EXPECT_EQ(matmul(1, 2, 3, 4, 5).num_input_tensors(), 2);
  EXPECT_EQ(concatenation(1, 5, 8, 4).num_input_tensors(), 4);
  EXPECT_EQ(softmax(1, 5, 8, 4).num_input_tensors(), 1);
}

TEST(BranchedLayers, AreMemoryBoundOrNot) {
  for (const LayerKind kind : {LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense, LayerKind::kMatMul}) {
    EXPECT_FALSE(is_memory_bound(kind)) << layer_kind_name(kind);
  }
  for (const LayerKind kind : {LayerKind::kBatchNorm2d, LayerKind::kLayerNorm, LayerKind::kAdd, LayerKind::kConcat,
                               LayerKind::kActivation, LayerKind::kGlobalPool2d, LayerKind::kSoftmax}) {
    EXPECT_TRUE(is_memory_bound(kind)) << layer_kind_name(kind);
  }
}

struct BadLayer {
  const char* name;
  LayerSpec layer;
  const char* says;
};

TEST(BranchedLayers, AreRejectedWhereTheyMakeNoSense) {
  const BadLayer bad_layers[] = {
      {"no channels", batch_norm2d(1, 5, 0), "batch_norm2d layer: channels_in is 0"},
      {"norm that changes channels", changed(layer_norm(1, 5, 8), [](LayerSpec& l) { l.channels_out = 4; }),
       "layer_norm layer: channels_out is 4, must equal channels_in 8"},
      {"addition with groups", changed(addition(1, 5, 8), [](LayerSpec& l) { l.groups = 2; }),
       "add layer: groups is 2, this kind has none"},
      {"addition with a stride",
       changed(addition(1, 5, 8),
               [](LayerSpec& l) {
                 l.stride = {2, 2};
               }),
       "add layer: kernel 1, stride 2, dilation 1, pads 0 must be 1, 1, 1, 0"},
      {"one tensor", concatenation(1, 5, 8, 1), "concat layer: groups is 1, allowed are 2 to 8 tensors of 8 channels"},
      {"more tensors than channels", concatenation(1, 5, 8, 9), "groups is 9, allowed are 2 to 8"},
      {"nothing to do", activation_layer(1, 5, 8, Activation::kNone), "activation layer: activation is 0 (none)"},
      {"uneven softmax", softmax(1, 5, 8, 3), "softmax layer: 8 channels in and 8 out are not divisible by groups 3"},
      {"uneven heads", changed(matmul(1, 2, 3, 4, 5), [](LayerSpec& l) { l.channels_out = 9; }),
       "matmul layer: 8 channels in and 9 out are not divisible by groups 2"},
      {"second input", matmul(1, 1, 1, std::int64_t{1} << 30, std::int64_t{1} << 30),
       "elements of the second input are 1.15e+18, allowed are 2^53"},
      {"matrix product's work", matmul(1 << 10, 1, 1 << 15, 1 << 14, 1 << 14), "flops are"},
      {"pads of a global pooling", changed(global_pool2d(1, 5, 8), [](LayerSpec& l) { l.pads.top = 1; }),
       "global_pool2d layer: kernel 1, stride 1, dilation 1, pads [1, 0, 0, 0] must be"},
  };
  for (const BadLayer& bad : bad_layers) {
    SCOPED_TRACE(bad.name);
    EXPECT_PM_ERROR(bad.layer.validate(), ErrorCode::kInvalidArgument, bad.says);
  }
}

TEST(Describe, NamesWhatMattersOfBranchedLayers) {
  EXPECT_EQ(describe(batch_norm2d(2, 5, 8, Activation::kRelu6)), "batch_norm2d 2x8x5x5, relu6");
  EXPECT_EQ(describe(layer_norm(3, 7, 12)), "layer_norm 3x12x7x1");
  EXPECT_EQ(describe(concatenation(1, 5, 8, 3)), "concat 1x8x5x5, 3 tensors");
  EXPECT_EQ(describe(activation_layer(1, 5, 8, Activation::kGelu)), "activation 1x8x5x5, gelu");
  EXPECT_EQ(describe(softmax(1, 7, 12, 2)), "softmax 1x12x7x1, groups 2");
  EXPECT_EQ(describe(matmul(3, 2, 7, 6, 4)), "matmul 3x12x7x1 -> 8, groups 2");
  EXPECT_EQ(describe(dense_over_tokens(3, 7, 12, 5)), "dense 3x12x7x1 -> 5");
  EXPECT_EQ(describe(depthwise(conv2d(1, 5, 8, 8, 3, 1, 1))),
            "conv2d 1x8x5x5 -> 8, kernel 3, stride 1, pad 1, groups 8");
}

}  // namespace
}  // namespace perfmodel
