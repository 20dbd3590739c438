#include "perfmodel/network/layer.h"

#include <functional>

#include "expect_error.h"

namespace perfmodel {
namespace {

TEST(LayerSpec, CountsAConvolutionByHand) {
  const LayerSpec layer = conv2d(8, 56, 64, 128, 3, 2, 1, Activation::kRelu);
  layer.validate();
  EXPECT_EQ(layer.output(), (Size2{28, 28}));  // floor((56 + 2 - 3) / 2) + 1
  EXPECT_EQ(layer.num_inputs(), 1605632);      // 8 * 64 * 56 * 56
  EXPECT_EQ(layer.num_outputs(), 802816);      // 8 * 128 * 28 * 28
  EXPECT_EQ(layer.num_weights(), 73856);       // 128 * 64 * 9 + 128
  EXPECT_EQ(layer.input_bytes(), 4.0 * 1605632);
  EXPECT_EQ(layer.output_bytes(), 4.0 * 802816);
  EXPECT_EQ(layer.weight_bytes(), 4.0 * 73856);
  EXPECT_EQ(layer.flops(), 802816.0 * (2 * 64 * 9 + 1 + 1));  // bias and relu: one each
}

TEST(LayerSpec, CountsGroupsDilationAndRectangles) {
  LayerSpec layer = conv2d(1, 1, 8, 12, 1);
  layer.input = {20, 30};
  layer.kernel = {3, 5};
  layer.stride = {1, 2};
  layer.dilation = {2, 3};
  layer.pads = {2, 1, 0, 4};
  layer.groups = 4;
  layer.bias = false;
  layer.validate();
  EXPECT_EQ(layer.output(), (Size2{19, 11}));  // 20 + 3 - 5 + 1; floor((30 + 4 - 13) / 2) + 1
  EXPECT_EQ(layer.num_weights(), 12 * 2 * 15);
  EXPECT_EQ(layer.flops(), 2.0 * 12 * 19 * 11 * 2 * 15);
}

TEST(LayerSpec, CountsPoolingAndDense) {
  const LayerSpec pool = pool2d(2, 13, 256, 3, 2);
  pool.validate();
  EXPECT_EQ(pool.output(), (Size2{6, 6}));
  EXPECT_EQ(pool.num_weights(), 0);
  EXPECT_EQ(pool.flops(), 2.0 * 256 * 36 * 9);

  const LayerSpec layer = dense(4, 9216, 4096, Activation::kRelu);
  layer.validate();
  EXPECT_EQ(layer.output(), (Size2{1, 1}));
  EXPECT_EQ(layer.num_inputs(), 4 * 9216);
  EXPECT_EQ(layer.num_weights(), 9216 * 4096 + 4096);
  EXPECT_EQ(layer.flops(), 4.0 * 4096 * (2 * 9216 + 2));
}

TEST(LayerSpec, HasNoOutputWhereNothingFits) {
  EXPECT_LT(conv2d(1, 2, 1, 1, 3).output().height, 1);  // one row short: plain division would round up to one
  EXPECT_LT(conv2d(1, 2, 1, 1, 3, 4).output().width, 1);
  EXPECT_LT(conv2d(1, 8, 1, 1, 3, 0).output().height, 1);
}

TEST(LayerSpec, ComparesEveryField) {
  const LayerSpec layer = conv2d(1, 8, 4, 4, 3);
  const std::function<void(LayerSpec&)> changes[] = {[](LayerSpec& l) { l.kind = LayerKind::kPool2d; },
                                                     [](LayerSpec& l) { l.batch = 2; },
                                                     [](LayerSpec& l) { l.input.width = 9; },
                                                     [](LayerSpec& l) { l.channels_in = 5; },
                                                     [](LayerSpec& l) { l.channels_out = 5; },
                                                     [](LayerSpec& l) { l.kernel.height = 2; },
                                                     [](LayerSpec& l) { l.stride.height = 2; },
                                                     [](LayerSpec& l) { l.dilation.width = 2; },
                                                     [](LayerSpec& l) { l.pads.right = 1; },
                                                     [](LayerSpec& l) { l.groups = 2; },
                                                     [](LayerSpec& l) { l.bias = false; },
                                                     [](LayerSpec& l) { l.activation = Activation::kRelu; },
                                                     [](LayerSpec& l) { l.pool_kind = PoolKind::kAverage; }};
  EXPECT_EQ(layer, conv2d(1, 8, 4, 4, 3));
  for (const auto& change : changes) {
    LayerSpec other = layer;
    change(other);
    EXPECT_NE(layer, other);
  }
}

// TensorFlow's documented rule (tf.nn, "Notes on padding"), by hand.
TEST(SamePads, FollowTensorFlow) {
  EXPECT_EQ(same_pads({28, 28}, {5, 5}, {1, 1}), (Pads{2, 2, 2, 2}));
  EXPECT_EQ(same_pads({224, 224}, {3, 3}, {2, 2}), (Pads{0, 1, 0, 1}));    // 111 * 2 + 3 - 224 = 1, to bottom and right
  EXPECT_EQ(same_pads({224, 224}, {11, 11}, {4, 4}), (Pads{3, 4, 3, 4}));  // 55 * 4 + 11 - 224 = 7
  EXPECT_EQ(same_pads({10, 10}, {1, 1}, {3, 3}), (Pads{}));                // 3 * 3 + 1 - 10 = 0
  EXPECT_EQ(same_pads({9, 9}, {1, 1}, {4, 4}), (Pads{}));
  EXPECT_EQ(same_pads({8, 9}, {2, 3}, {1, 2}), (Pads{0, 1, 1, 1}));
  EXPECT_EQ(same_pads({16, 16}, {3, 3}, {1, 1}, {2, 2}), (Pads{2, 2, 2, 2}));
}

TEST(SamePads, MakeTheOutputCeilOfInputOverStride) {
  for (std::int64_t input = 1; input <= 20; ++input) {
    for (std::int64_t kernel = 1; kernel <= 7; ++kernel) {
      for (std::int64_t stride = 1; stride <= 4; ++stride) {
        LayerSpec layer = conv2d(1, input, 1, 1, kernel, stride);
        layer.pads = same_pads(layer.input, layer.kernel, layer.stride);
        EXPECT_NO_THROW(layer.validate());
        EXPECT_EQ(layer.output().height, (input + stride - 1) / stride);
      }
    }
  }
}

struct BadLayer {
  const char* name;
  LayerSpec layer;
  const char* says;
};

LayerSpec changed(LayerSpec layer, const std::function<void(LayerSpec&)>& change) {
  change(layer);
  return layer;
}

TEST(LayerSpec, RejectsBadLayers) {
  const LayerSpec conv = conv2d(1, 8, 4, 4, 3);
  const BadLayer bad_layers[] = {
      {"batch", conv2d(0, 8, 4, 4, 3), "conv2d layer: batch is 0, allowed are 1 to 2^53"},
      {"input", conv2d(1, 0, 4, 4, 3), "input height is 0"},
      {"channels in", conv2d(1, 8, -4, 4, 3), "channels_in is -4"},
      {"channels out", conv2d(1, 8, 4, 0, 3), "channels_out is 0"},
      {"kernel", conv2d(1, 8, 4, 4, 0), "kernel height is 0"},
      {"stride", conv2d(1, 8, 4, 4, 3, 0), "stride height is 0"},
      {"dilation", changed(conv, [](LayerSpec& l) { l.dilation.width = 0; }), "dilation width is 0"},
      {"groups zero", changed(conv, [](LayerSpec& l) { l.groups = 0; }), "groups is 0"},
      {"negative pad", changed(conv, [](LayerSpec& l) { l.pads.left = -1; }), "left pad is -1, allowed are 0 to 2^53"},
      {"too wide", changed(conv, [](LayerSpec& l) { l.input.width = INT64_MAX; }),
       "input width is 9223372036854775807"},
      {"groups", changed(conv, [](LayerSpec& l) { l.groups = 3; }),
       "4 channels in and 4 out are not divisible by groups 3"},
      {"groups out", changed(conv2d(1, 8, 4, 6, 3), [](LayerSpec& l) { l.groups = 4; }), "not divisible by groups 4"},
      {"pad as large as the kernel", conv2d(1, 8, 4, 4, 3, 1, 3), "pads 3 must be smaller than the dilated kernel 3"},
      {"one-sided pad", changed(conv, [](LayerSpec& l) { l.pads.bottom = 3; }), "pads [0, 3, 0, 0] must be smaller"},
      {"no output", conv2d(1, 2, 4, 4, 3), "the dilated kernel 3 does not fit into the input 2 with pads 0"},
      {"no output, dilated",
       changed(conv,
               [](LayerSpec& l) {
                 l.dilation = {4, 4};
               }),
       "the dilated kernel 9 does not fit into the input 8"},
      {"input elements", conv2d(1 << 20, 1 << 15, 1 << 10, 1, 3), "elements of the input are 1.15e+18"},
      {"weights", conv2d(1, 1 << 20, 1 << 10, 1 << 10, 1 << 19), "elements of the weights are 2.88e+17"},
      {"dilated kernel", changed(conv, [](LayerSpec& l) { l.dilation.height = std::int64_t{1} << 53; }),
       "rows of the dilated kernel are"},
      {"output elements", conv2d(1 << 20, 1 << 10, 1, 1 << 20, 1), "elements of the output are 1.15e+18"},
      {"flops", conv2d(1, 1 << 15, 1 << 10, 1 << 10, 5), "flops are 5.63e+16"},
      {"pool changes channels", changed(pool2d(1, 8, 4, 2, 2), [](LayerSpec& l) { l.channels_out = 5; }),
       "pool2d layer: channels_out is 5, must equal channels_in 4"},
      {"pool with groups", changed(pool2d(1, 8, 4, 2, 2), [](LayerSpec& l) { l.groups = 2; }),
       "pool2d layer: groups is 2, this kind has none"},
      {"dense with a kernel",
       changed(dense(1, 4, 4),
               [](LayerSpec& l) {
                 l.kernel = {2, 2};
               }),
       "dense layer: kernel 2, stride 1, dilation 1, pads 0 must be 1, 1, 1, 0"},
      {"kind", changed(conv, [](LayerSpec& l) { l.kind = static_cast<LayerKind>(11); }),
       "layer kind 11 is not known (0 to 10)"},
      {"activation", changed(conv, [](LayerSpec& l) { l.activation = static_cast<Activation>(9); }),
       "activation 9 is not known (0 to 5)"},
      {"pool kind", changed(conv, [](LayerSpec& l) { l.pool_kind = static_cast<PoolKind>(-1); }), "pool kind -1"},
      {"data type", changed(conv, [](LayerSpec& l) { l.data_type = static_cast<DataType>(1); }), "data type 1"},
  };
  for (const BadLayer& bad : bad_layers) {
    SCOPED_TRACE(bad.name);
    EXPECT_PM_ERROR(bad.layer.validate(), ErrorCode::kInvalidArgument, bad.says);
    EXPECT_THAT(bad.layer.why_invalid(), ::testing::HasSubstr(bad.says));
  }
  EXPECT_EQ(conv.why_invalid(), "");
}

TEST(LayerKinds, HaveNamesBothWays) {
  for (int i = 0; i < kNumLayerKinds; ++i) {
    const auto kind = static_cast<LayerKind>(i);
    EXPECT_EQ(parse_layer_kind(layer_kind_name(kind)), kind);
  }
  EXPECT_STREQ(layer_kind_name(static_cast<LayerKind>(kNumLayerKinds)), "unknown");
  EXPECT_EQ(parse_layer_kind("conv"), LayerKind::kConv2d);
  EXPECT_EQ(parse_layer_kind("pool"), LayerKind::kPool2d);
  EXPECT_PM_ERROR(parse_layer_kind("lstm"), ErrorCode::kUnsupported,
                  "layer kind 'lstm' is not known (conv2d, pool2d, dense, batch_norm2d, layer_norm, add, concat, "
                  "activation, global_pool2d, softmax, matmul)");
  EXPECT_PM_ERROR(parse_layer_kind(""), ErrorCode::kUnsupported, "layer kind ''");
}

TEST(Activations, HaveNamesBothWays) {
  for (int i = 0; i < kNumActivations; ++i) {
    const auto activation = static_cast<Activation>(i);
    EXPECT_EQ(parse_activation(activation_name(activation)), activation);
  }
  EXPECT_STREQ(activation_name(static_cast<Activation>(kNumActivations)), "unknown");
  EXPECT_PM_ERROR(parse_activation("swish"), ErrorCode::kUnsupported,
                  "activation 'swish' is not known (none, relu, sigmoid, tanh, gelu, relu6)");
}

TEST(Describe, NamesWhatMatters) {
  EXPECT_EQ(describe(conv2d(8, 56, 64, 128, 3, 1, 1, Activation::kRelu)),
            "conv2d 8x64x56x56 -> 128, kernel 3, stride 1, pad 1, relu");
  EXPECT_EQ(describe(pool2d(1, 13, 256, 3, 2, 0, PoolKind::kAverage)),
            "average pool2d 1x256x13x13, kernel 3, stride 2, pad 0");
  EXPECT_EQ(describe(dense(4, 9216, 4096)), "dense 4x9216 -> 4096");
  EXPECT_EQ(describe(dense(4, 9216, 4096, Activation::kTanh)), "dense 4x9216 -> 4096, tanh");
  LayerSpec layer = conv2d(1, 20, 8, 8, 3);
  layer.kernel = {3, 5};
  layer.pads = {0, 1, 0, 1};
  layer.dilation = {2, 2};
  layer.groups = 4;
  layer.bias = false;
  EXPECT_EQ(describe(layer),
            "conv2d 1x8x20x20 -> 8, kernel 3x5, stride 1, pad [0, 1, 0, 1], dilation 2, groups 4, no bias");
}

}  // namespace
}  // namespace perfmodel
