#include "perfmodel/train/layer_benchmark.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "expect_error.h"
#include "layer_timing/device.h"
#include "layer_timing/framework.h"
#include "layer_timing/host_memory.h"

namespace perfmodel {
namespace {

// Sums of at most some hundred products of numbers up to 0.01 in float32: rounding stays far below this share of the
// largest.
constexpr double kTolerance = 1e-4;

/// Quick rather than exact: what is tested is not how long something takes.
LayerBenchmarkOptions quick_options(const std::string& framework) {
  LayerBenchmarkOptions options;
  options.framework = framework;
  options.pin_thread = false;
  options.protocol.max_seconds = 0.01;
  options.protocol.warmup_runs = 2;
  return options;
}

LayerSample warm(const LayerSpec& layer) {
  return {layer, LayerContext{1e6}};
}

LayerSpec with_pads(LayerSpec layer, Pads pads) {
  layer.pads = pads;
  return layer;
}

LayerSpec with_groups(LayerSpec layer, std::int64_t groups) {
  layer.groups = groups;
  return layer;
}

LayerSpec with_dilation(LayerSpec layer, Size2 dilation) {
  layer.dilation = dilation;
  return layer;
}

LayerSpec without_bias(LayerSpec layer) {
  layer.bias = false;
  return layer;
}

LayerSpec rectangular(LayerSpec layer, Size2 input, Size2 kernel, Size2 stride) {
  layer.input = input;
  layer.kernel = kernel;
  layer.stride = stride;
  return layer;
}

std::size_t size(std::int64_t n) {
  return static_cast<std::size_t>(n);
}

double activated(double value, Activation activation) {
  switch (activation) {
    case Activation::kNone:
      return value;
    case Activation::kRelu:
      return std::max(value, 0.0);
    case Activation::kSigmoid:
      return 1 / (1 + std::exp(-value));
    case Activation::kTanh:
      return std::tanh(value);
    default:
      break;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// Layers by their definition, one sum after the other. Average pooling counts the padding.
std::vector<double> reference(const LayerSpec& layer, const float* input, const WeightSet& set) {
  const Size2 out = layer.output();
  const std::int64_t group_in = layer.channels_in / layer.groups, group_out = layer.channels_out / layer.groups;
  const bool is_pool = layer.kind == LayerKind::kPool2d;
  const bool is_max = is_pool && layer.pool_kind == PoolKind::kMax;
  std::vector<double> output;
  for (std::int64_t n = 0; n < layer.batch; ++n) {
    for (std::int64_t o = 0; o < layer.channels_out; ++o) {
      for (std::int64_t y = 0; y < out.height; ++y) {
        for (std::int64_t x = 0; x < out.width; ++x) {
          double value = is_max ? -std::numeric_limits<double>::infinity() : 0;
          if (!is_pool && set.bias != nullptr) value = set.bias[o];
          for (std::int64_t i = 0; i < (is_pool ? 1 : group_in); ++i) {
            const std::int64_t channel = is_pool ? o : o / group_out * group_in + i;
            for (std::int64_t ky = 0; ky < layer.kernel.height; ++ky) {
              for (std::int64_t kx = 0; kx < layer.kernel.width; ++kx) {
                const std::int64_t row = y * layer.stride.height + ky * layer.dilation.height - layer.pads.top;
                const std::int64_t column = x * layer.stride.width + kx * layer.dilation.width - layer.pads.left;
                if (row < 0 || row >= layer.input.height || column < 0 || column >= layer.input.width) continue;
                const double in =
                    input[((n * layer.channels_in + channel) * layer.input.height + row) * layer.input.width + column];
                const std::int64_t weight = ((o * group_in + i) * layer.kernel.height + ky) * layer.kernel.width + kx;
                if (is_max) {
                  value = std::max(value, in);
                } else {
                  value += is_pool ? in / static_cast<double>(layer.kernel.height * layer.kernel.width)
                                   : in * set.weights[weight];
                }
              }
            }
          }
          output.push_back(activated(value, layer.activation));
        }
      }
    }
  }
  return output;
}

/// What a framework computes with the pool's first set of weights and the caller's input.
void expect_computes_reference(const std::string& framework_name, const LayerSpec& layer) {
  SCOPED_TRACE(framework_name + ": " + describe(layer));
  WeightPool pool;
  FilledBuffer input;
  std::vector<float> output(size(layer.num_outputs()), std::numeric_limits<float>::quiet_NaN());
  const CallerBuffers buffers = {input.reserve(size(layer.num_inputs())), output.data()};
  const auto framework = make_framework(framework_name, DeviceKind::kCpu, pool);
  const auto prepared = framework->prepare(warm(layer), buffers);
  prepared->refresh_input();
  prepared->execute_ms(3);  // so that another set's turn has come before
  prepared->run_first_set();

  const std::vector<double> expected = reference(layer, buffers.input, pool.sets(layer, 0).front());
  ASSERT_EQ(expected.size(), output.size());
  double largest = 0, worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    worst = std::max(worst, std::isnan(output[i]) ? 1e300 : std::abs(expected[i] - static_cast<double>(output[i])));
  }
  EXPECT_GT(largest, 0);
  EXPECT_LE(worst, kTolerance * largest);
}

std::vector<LayerSpec> layers_of_every_form() {
  const Activation relu = Activation::kRelu;
  return {
      conv2d(2, 9, 3, 8, 3, 1, 1, relu),     // a network's first layer
      conv2d(1, 10, 16, 32, 3, 2, 1, relu),  // in oneDNN's blocks
      conv2d(2, 7, 5, 6, 5, 1, 0),           // in incomplete blocks
      conv2d(1, 8, 16, 16, 1, 1, 0, relu),   // 1 x 1
      without_bias(conv2d(1, 8, 16, 8, 3, 1, 1)),
      with_pads(conv2d(1, 8, 16, 8, 3, 2, 0, relu), {0, 1, 0, 1}),  // SAME at stride 2
      with_pads(conv2d(2, 9, 3, 8, 4, 1, 0), {1, 2, 1, 2}),         // SAME, an even kernel on an image
      with_pads(conv2d(1, 8, 16, 8, 3, 1, 0), {1, 1, 0, 0}),        // each direction its own
      with_groups(conv2d(1, 8, 16, 32, 3, 1, 1), 16),               // depthwise
      with_groups(conv2d(1, 8, 12, 6, 3, 1, 1), 3),
      with_dilation(conv2d(1, 12, 8, 8, 3, 1, 2), {2, 2}),
      rectangular(conv2d(1, 8, 16, 8, 3, 1, 1), {6, 11}, {3, 2}, {2, 1}),
      pool2d(2, 8, 16, 2, 2),
      pool2d(1, 9, 5, 3, 2, 1),
      with_pads(pool2d(1, 8, 16, 3, 2), {0, 1, 0, 1}),
      with_dilation(pool2d(1, 9, 16, 2, 1), {2, 2}),
      pool2d(1, 8, 16, 2, 2, 0, PoolKind::kAverage),
      pool2d(1, 8, 16, 3, 2, 1, PoolKind::kAverage),
      with_pads(pool2d(1, 8, 16, 3, 2, 0, PoolKind::kAverage), {0, 1, 0, 1}),
      rectangular(pool2d(1, 8, 16, 2, 2), {6, 11}, {3, 2}, {1, 2}),
      dense(1, 40, 30, relu),
      dense(4, 40, 30),
      conv2d(1, 8, 16, 16, 3, 1, 1, Activation::kSigmoid),
      conv2d(1, 8, 3, 16, 3, 1, 1, Activation::kTanh),
      dense(4, 40, 30, Activation::kSigmoid),
      dense(4, 40, 30, Activation::kTanh),
      without_bias(dense(3, 17, 5)),
  };
}

TEST(LayerFramework, EagerComputesTheLayer) {
  for (const LayerSpec& layer : layers_of_every_form()) expect_computes_reference("eager", layer);
}

TEST(LayerFramework, OptimizedComputesTheLayer) {
  for (const LayerSpec& layer : layers_of_every_form()) {
    // LibTorch's own optimiser hands this to a oneDNN operator that has no dilation.
    const bool is_refused = layer.kind == LayerKind::kPool2d && !(layer.dilation == Size2{1, 1});
    if (!is_refused) expect_computes_reference("optimized", layer);
  }
}

TEST(LayerFramework, BothComputeTheSameNetworks) {
  const Activation relu = Activation::kRelu;
  const Network branches("branches", {{"image", {2, 3, 12, 12}}},
                         {{"stem", conv2d(2, 12, 3, 16, 3, 1, 1, relu), {"image"}},
                          {"left", pool2d(2, 12, 16, 2, 2), {"stem"}},
                          {"right", with_pads(conv2d(2, 12, 16, 8, 3, 2, 0), {0, 1, 0, 1}), {"stem"}},
                          {"answer", dense(2, 16 * 6 * 6, 10), {"left"}}});
  for (const Network& network : {branches, builtin_network("lenet", 2)}) {
    SCOPED_TRACE(network.name());
    std::size_t num_outputs = 0, num_inputs = 0;
    for (const std::size_t node : output_nodes(network)) num_outputs += size(network.nodes()[node].layer.num_outputs());
    for (const NetworkInput& input : network.inputs()) {
      num_inputs += size(input.shape.batch * input.shape.channels * input.shape.height * input.shape.width);
    }
    std::vector<std::vector<float>> outputs;
    for (const std::string& name : layer_frameworks()) {
      WeightPool pool;
      FilledBuffer input;
      std::vector<float>& output = outputs.emplace_back(num_outputs, std::numeric_limits<float>::quiet_NaN());
      const auto framework = make_framework(name, DeviceKind::kCpu, pool);
      const auto prepared = framework->prepare(network, CallerBuffers{input.reserve(num_inputs), output.data()});
      for (int i = 0; i < 3; ++i) prepared->run();  // the interpreter specialises in its first runs
    }
    for (std::size_t i = 0; i < num_outputs; ++i) EXPECT_NEAR(outputs[0][i], outputs[1][i], 1e-6);
  }
}

TEST(LayerBenchmark, MeasuresThreePhasesOfEveryKind) {
  for (const std::string& name : layer_frameworks()) {
    LayerBenchmark benchmark(quick_options(name));
    for (const LayerSpec& layer : {conv2d(1, 16, 16, 16, 3, 1, 1, Activation::kRelu), pool2d(1, 16, 16, 2, 2),
                                   pool2d(1, 16, 16, 3, 2, 1, PoolKind::kAverage), dense(2, 256, 128)}) {
      SCOPED_TRACE(name + ": " + describe(layer));
      const ProtocolResult result = benchmark.measure(warm(layer));
      ASSERT_EQ(result.phases.size(), static_cast<std::size_t>(kNumPhases));
      EXPECT_GE(result.num_samples, 10);
      for (const PhaseSummary& phase : result.phases) {
        EXPECT_GT(phase.median_ms, 0);
        EXPECT_LT(phase.median_ms, 100);  // all of them are microseconds of work
      }
    }
  }
}

TEST(LayerBenchmark, MeasuresOnCuda) {
  const std::vector<std::string> devices = available_devices();
  if (std::count(devices.begin(), devices.end(), "cuda") == 0) GTEST_SKIP() << "no CUDA device on this machine";
  for (const std::string& name : layer_frameworks()) {
    LayerBenchmarkOptions options = quick_options(name);
    options.device = "cuda";
    LayerBenchmark benchmark(options);
    EXPECT_EQ(benchmark.environment().device, "cuda");
    for (const LayerSpec& layer :
         {conv2d(1, 16, 16, 16, 3, 1, 1, Activation::kRelu), pool2d(1, 16, 16, 2, 2), dense(2, 256, 128)}) {
      SCOPED_TRACE(name + ": " + describe(layer));
      const ProtocolResult result = benchmark.measure(warm(layer));
      ASSERT_EQ(result.phases.size(), static_cast<std::size_t>(kNumPhases));
      for (const PhaseSummary& phase : result.phases) {
        EXPECT_GT(phase.median_ms, 0);
        EXPECT_LT(phase.median_ms, 100);  // all of them are microseconds of work
      }
    }
  }
}

TEST(LayerBenchmark, MeasuresANetworkFromEndToEnd) {
  for (const std::string& name : layer_frameworks()) {
    SCOPED_TRACE(name);
    LayerBenchmark benchmark(quick_options(name));
    const NetworkMeasurement measurement = benchmark.measure(builtin_network("lenet", 1), 0.05);
    EXPECT_EQ(measurement.result.phases.size(), 1u);
    EXPECT_GE(measurement.result.num_samples, 10);
    EXPECT_GT(measurement.median_ms, 0);
    EXPECT_LT(measurement.median_ms, 100);
  }
}

TEST(LayerBenchmark, MeasuresALongNetworkFewerTimesButNotLessThanFive) {
  LayerBenchmark benchmark(quick_options("eager"));
  const NetworkMeasurement measurement = benchmark.measure(builtin_network("alexnet", 1), 1e-3);
  EXPECT_GE(measurement.result.num_samples, 5);
  EXPECT_LT(measurement.result.num_samples, 10);
}

TEST(LayerBenchmark, KnowsItsEnvironment) {
  LayerBenchmarkOptions options = quick_options("optimized");
  options.num_threads = 2;
  const LayerBenchmark benchmark(options);
  EXPECT_EQ(benchmark.environment().device, "cpu");
  EXPECT_FALSE(benchmark.environment().device_name.empty());
  EXPECT_EQ(benchmark.environment().framework, "optimized");
  EXPECT_THAT(benchmark.environment().framework_version, ::testing::ContainsRegex("^[0-9]+\\.[0-9]+"));
  EXPECT_EQ(benchmark.environment().num_threads, 2);
}

TEST(LayerBenchmark, RefusesWhatThereIsNot) {
  LayerBenchmarkOptions options;
  options.framework = "tensorrt";
  EXPECT_PM_ERROR(LayerBenchmark{options}, ErrorCode::kUnsupported,
                  "framework 'tensorrt' is not in this build (eager, optimized)");
  options = {};
  options.device = "tpu";
  EXPECT_PM_ERROR(LayerBenchmark{options}, ErrorCode::kUnsupported, "device 'tpu' is not on this machine");
  EXPECT_PM_ERROR(LayerBenchmark{options}, ErrorCode::kUnsupported, "(cpu");
  options = {};
  options.num_threads = 0;
  EXPECT_PM_ERROR(LayerBenchmark{options}, ErrorCode::kInvalidArgument, "num_threads is 0, allowed is >= 1");
}

TEST(LayerBenchmark, GivesTheReasonWhenALayerCannotRun) {
  const std::int64_t two_to_20 = std::int64_t{1} << 20;
  LayerSpec wide_pads = pool2d(1, 16, 16, 3, 1);
  wide_pads.pads = {2, 2, 2, 2};
  const LayerSpec dilated_mean = with_dilation(pool2d(1, 16, 16, 2, 1, 0, PoolKind::kAverage), {2, 2});
  const LayerSpec dilated_max = with_dilation(pool2d(1, 16, 16, 2, 1), {2, 2});
  for (const std::string& name : layer_frameworks()) {
    SCOPED_TRACE(name);
    LayerBenchmark benchmark(quick_options(name));
    EXPECT_PM_ERROR(benchmark.measure(warm(dense(1, 8 * two_to_20, two_to_20))), ErrorCode::kOutOfMemory,
                    "GB may be used");
    if (name == "eager") {
      EXPECT_PM_ERROR(benchmark.measure(warm(wide_pads)), ErrorCode::kUnsupported, "half of");
    } else {
      EXPECT_PM_ERROR(benchmark.measure(warm(dilated_max)), ErrorCode::kUnsupported, "does not support dilation");
    }
    EXPECT_PM_ERROR(benchmark.measure(warm(dilated_mean)), ErrorCode::kUnsupported, "average pooling has no dilation");
    EXPECT_PM_ERROR(benchmark.measure(LayerSample{dense(1, 8, 8), LayerContext{-1}}), ErrorCode::kInvalidArgument,
                    "reuse_bytes is -1");
    EXPECT_PM_ERROR(benchmark.measure(warm(dense(0, 8, 8))), ErrorCode::kInvalidArgument, "batch");
    EXPECT_GT(benchmark.measure(warm(dense(1, 8, 8))).phases[1].median_ms, 0);  // and goes on
  }
}

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double total_pages = 0, resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * 4096;
}

TEST(LayerBenchmark, DoesNotGrowWithTheNumberOfLayers) {
  constexpr double kMaxGrowthBytes = 200e6;
  for (const std::string& name : layer_frameworks()) {
    SCOPED_TRACE(name);
    LayerBenchmarkOptions options = quick_options(name);
    options.protocol.max_seconds = 1e-3;
    LayerBenchmark benchmark(options);
    benchmark.measure(warm(conv2d(1, 32, 32, 32, 3)));
    const double before = resident_bytes();
    for (int i = 0; i < 200; ++i) {
      benchmark.measure(warm(i % 2 == 0 ? conv2d(1, 16 + i % 7, 8 + i % 5, 16, 3) : dense(1, 100 + i, 200)));
    }
    EXPECT_LT(resident_bytes() - before, kMaxGrowthBytes);
  }
}

}  // namespace
}  // namespace perfmodel
