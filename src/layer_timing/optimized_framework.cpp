#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#include <algorithm>
#include <iterator>
#include <numeric>

#include "layer_timing/framework.h"
#include "layer_timing/frozen_layer.h"
#include "layer_timing/script_source.h"
#include "layer_timing/tensor_layer.h"
#include "layer_timing/tensor_network.h"

namespace perfmodel {
namespace {

// Reordered weights are copies that cost time to make; more than that much is larger than the caches of most machines.
constexpr double kMaxCopiedBytes = 128e6;
constexpr std::size_t kMaxCopiedSets = 1024;

using WeightArguments = std::vector<at::Tensor>;

double bytes_of(const WeightArguments& arguments) {
  return std::accumulate(arguments.begin(), arguments.end(), 0.0, [](double sum, const at::Tensor& tensor) {
    return sum + static_cast<double>(tensor.numel()) * sizeof(float);
  });
}

bool is_plain(const at::Tensor& tensor) {
  return tensor.layout() == at::kStrided && tensor.device().is_cpu() && tensor.is_non_overlapping_and_dense();
}

/// Whether a layer's weights stay in plain order, so that the pool can hold all sets.
bool takes_pool_sets(const LayerSpec& layer, DeviceKind device) {
  return layer.kind == LayerKind::kDense && device == DeviceKind::kCpu;
}

/// `first` as the optimiser made it, then further sets to be used in turn: in the pool's memory where they are plain,
/// else copies, as the pool cannot hold oneDNN's layouts or a GPU's memory.
std::vector<WeightArguments> weight_sets(const WeightArguments& first, double reuse_bytes,
                                         const std::vector<WeightSet>& pool_sets) {
  std::vector<WeightArguments> sets = {first};
  if (first.empty()) return sets;
  if (pool_sets.size() > 1 && std::all_of(first.begin(), first.end(), is_plain)) {
    for (auto pool_set = pool_sets.begin() + 1; pool_set != pool_sets.end(); ++pool_set) {
      WeightArguments& set = sets.emplace_back();
      const float* memory = pool_set->weights;
      for (const at::Tensor& tensor : first) {
        set.push_back(at::from_blob(const_cast<float*>(memory), tensor.sizes(), tensor.strides(), tensor.options()));
        memory += tensor.numel();
      }
    }
    return sets;
  }
  const double set_bytes = bytes_of(first);
  const double span_bytes = std::min(reuse_bytes, kMaxCopiedBytes);
  while (set_bytes * static_cast<double>(sets.size() + 1) <= span_bytes && sets.size() < kMaxCopiedSets) {
    WeightArguments& set = sets.emplace_back();
    for (const at::Tensor& tensor : first) set.push_back(tensor.clone());
  }
  return sets;
}

class OptimizedLayer final : public TensorLayer {
 public:
  OptimizedLayer(const LayerSample& sample, DeviceKind device, WeightPool& pool, const CallerBuffers& buffers,
                 double entry_ms)
      : TensorLayer(sample.layer, device, buffers), entry_ms_(entry_ms) {
    const double reuse_bytes = sample.context.reuse_bytes;
    const std::vector<WeightSet> pool_sets =
        pool.sets(sample.layer, takes_pool_sets(sample.layer, device) ? reuse_bytes : 0);
    frozen_ = freeze_layer(sample.layer, device, pool_sets.front());
    const c10::InferenceMode inference;
    sets_ = weight_sets(frozen_.weights, reuse_bytes, pool_sets);
    if (!frozen_.producers.empty()) produced_ = to_layout(copy_in());
  }

 protected:
  at::Tensor compute(const Tensors& inputs) override {
    const WeightArguments& weights = sets_[next_];
    next_ = next_ + 1 == sets_.size() ? 0 : next_ + 1;
    return (*frozen_.run)(inputs, weights);
  }
  void rewind_weights() override { next_ = 0; }

  Tensors to_layout(Tensors inputs) override {
    if (!frozen_.takes_mkldnn) return inputs;
    for (at::Tensor& input : inputs) input = input.to_mkldnn();
    return frozen_.producers.empty() ? inputs : produced_from(inputs);
  }
  at::Tensor to_dense(const at::Tensor& output) override {
    return output.is_mkldnn() ? output.to_dense() : output.contiguous();
  }
  bool takes_dense_input() const override { return !frozen_.takes_mkldnn; }
  Tensors previous_outputs() override {
    return frozen_.producers.empty() ? to_layout(copy_in()) : produced_from(produced_);
  }

  /// A producer reorders plain input into blocks and then does its own, light work; the same on an input that is in
  /// blocks already is that work alone.
  double preprocess_excess_ms(int repeats) override {
    if (frozen_.producers.empty()) return 0;
    return clock().wall_ms(repeats, [&] {
      const c10::InferenceMode inference;
      produced_from(produced_);
    });
  }
  double entry_ms() const override { return entry_ms_; }

 private:
  Tensors produced_from(const Tensors& inputs) const {
    Tensors produced;
    for (std::size_t i = 0; i < inputs.size(); ++i) produced.push_back(frozen_.producers[i]({inputs[i]}));
    return produced;
  }

  double entry_ms_;
  FrozenLayer frozen_;
  std::vector<WeightArguments> sets_;
  std::size_t next_ = 0;
  Tensors produced_;  ///< what the layers before left, to make it anew from
};

class OptimizedNetwork final : public TensorNetwork {
 public:
  OptimizedNetwork(const Network& network, DeviceKind device, WeightPool& pool, const CallerBuffers& buffers)
      : TensorNetwork(network, device, buffers) {
    std::vector<Parameter> parameters;
    const std::vector<WeightSet> sets = pool.one_set_each(network.layers());
    for (std::size_t i = 0; i < sets.size(); ++i) {
      for (Parameter& parameter : parameters_of(network.nodes()[i].layer, sets[i], i, device)) {
        parameters.push_back(std::move(parameter));
      }
    }
    module_ = optimized_module(network_method(network), parameters);
  }

 protected:
  std::vector<at::Tensor> compute(std::vector<at::Tensor> inputs) override {
    std::vector<c10::IValue> arguments(std::make_move_iterator(inputs.begin()), std::make_move_iterator(inputs.end()));
    inputs.clear();
    const c10::IValue result = module_.forward(std::move(arguments));
    if (result.isTensor()) return {result.toTensor()};
    std::vector<at::Tensor> outputs;
    for (const c10::IValue& element : result.toTupleRef().elements()) outputs.push_back(element.toTensor());
    return outputs;
  }

 private:
  torch::jit::Module module_;
};

class OptimizedFramework final : public Framework {
 public:
  OptimizedFramework(DeviceKind device, WeightPool& pool)
      : device_(device), pool_(pool), entry_ms_(device == DeviceKind::kCpu ? interpreter_entry_ms() : 0) {}

  std::string version() const override { return TORCH_VERSION; }
  std::unique_ptr<PreparedLayer> prepare(const LayerSample& sample, const CallerBuffers& buffers) override {
    return std::make_unique<OptimizedLayer>(sample, device_, pool_, buffers, entry_ms_);
  }
  std::unique_ptr<PreparedNetwork> prepare(const Network& network, const CallerBuffers& buffers) override {
    return std::make_unique<OptimizedNetwork>(network, device_, pool_, buffers);
  }

 private:
  DeviceKind device_;
  WeightPool& pool_;
  double entry_ms_;  ///< 0 on a GPU, where it is part of the time that issuing takes
};

}  // namespace

std::unique_ptr<Framework> make_optimized_framework(DeviceKind device, WeightPool& pool) {
  return std::make_unique<OptimizedFramework>(device, pool);
}

}  // namespace perfmodel
