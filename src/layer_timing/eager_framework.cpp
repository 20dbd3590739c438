#include <torch/version.h>

#include <map>
#include <string>
#include <utility>

#include "layer_timing/framework.h"
#include "layer_timing/layer_operator.h"
#include "layer_timing/tensor_layer.h"
#include "layer_timing/tensor_network.h"

namespace perfmodel {
namespace {

// More sets than that much memory holds do not fit into a GPU's cache either.
constexpr double kMaxDeviceBytes = 256e6;

class EagerLayer final : public TensorLayer {
 public:
  EagerLayer(const LayerSample& sample, DeviceKind device, WeightPool& pool, const CallerBuffers& buffers)
      : TensorLayer(sample.layer, device, buffers), operator_(sample.layer, views_alone(sample.layer)) {
    double device_bytes = 0;
    for (const WeightSet& set : pool.sets(sample.layer, sample.context.reuse_bytes)) {
      WeightTensors tensors = tensors_of(sample.layer, set);
      if (device != DeviceKind::kCpu) {
        device_bytes += sample.layer.weight_bytes();
        if (device_bytes > kMaxDeviceBytes && !sets_.empty()) break;
        tensors = on_device(std::move(tensors), device);
      }
      sets_.push_back(std::move(tensors));
    }
  }

 protected:
  at::Tensor compute(const Tensors& inputs) override {
    const WeightTensors& weights = sets_[next_];
    next_ = next_ + 1 == sets_.size() ? 0 : next_ + 1;
    return operator_(inputs, weights);
  }
  void rewind_weights() override { next_ = 0; }

 private:
  LayerOperator operator_;
  std::vector<WeightTensors> sets_;
  std::size_t next_ = 0;
};

class EagerNetwork final : public TensorNetwork {
 public:
  EagerNetwork(const Network& network, DeviceKind device, WeightPool& pool, const CallerBuffers& buffers,
               MemoryFormat memory_format)
      : TensorNetwork(network, device, buffers),
        memory_format_(memory_format),
        num_inputs_(network.inputs().size()),
        outputs_(output_nodes(network)) {
    std::map<std::string, std::size_t> value_index;  // inputs first, then nodes
    for (const NetworkInput& input : network.inputs()) value_index.emplace(input.name, value_index.size());
    const std::vector<WeightSet> sets = pool.one_set_each(network.layers());
    const std::vector<InputViews> views = views_in(network);
    for (const NetworkNode& node : network.nodes()) {
      const std::size_t index = steps_.size();
      Step step = {LayerOperator(node.layer, views[index]), on_device(tensors_of(node.layer, sets[index]), device), {}};
      in_memory_format(step.weights.weights);
      for (const std::string& input : node.inputs) step.inputs.push_back({value_index.at(input), false});
      value_index.emplace(node.name, value_index.size());
      steps_.push_back(std::move(step));
    }
    std::vector<bool> needed(value_index.size(), false);
    for (const std::size_t node : outputs_) needed[num_inputs_ + node] = true;
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
      for (auto input = step->inputs.rbegin(); input != step->inputs.rend(); ++input) {
        input->is_last_use = !needed[input->value];
        needed[input->value] = true;
      }
    }
  }

 protected:
  std::vector<at::Tensor> compute(std::vector<at::Tensor> values) override {
    for (at::Tensor& value : values) in_memory_format(value);
    for (const Step& step : steps_) {
      Tensors inputs;
      for (const Input& input : step.inputs) {
        at::Tensor& value = values[input.value];
        inputs.push_back(input.is_last_use ? std::move(value) : value);
      }
      values.push_back(step.layer_operator(inputs, step.weights));
    }
    std::vector<at::Tensor> outputs;
    for (const std::size_t node : outputs_) outputs.push_back(std::move(values[num_inputs_ + node]));
    return outputs;
  }

 private:
  struct Input {
    std::size_t value;  ///< position among the values
    bool is_last_use;
  };
  struct Step {
    LayerOperator layer_operator;
    WeightTensors weights;
    std::vector<Input> inputs;
  };
  /// Operators pass the format on from the first image to the last, and take the faster code for it where weights of
  /// convolutions have it, too.
  void in_memory_format(at::Tensor& tensor) const {
    constexpr std::int64_t kImageDims = 4;
    if (memory_format_ == MemoryFormat::kContiguous || !tensor.defined() || tensor.dim() != kImageDims) return;
    tensor = tensor.contiguous(at::MemoryFormat::ChannelsLast);
  }

  MemoryFormat memory_format_;
  std::size_t num_inputs_;
  std::vector<std::size_t> outputs_;
  std::vector<Step> steps_;
};

class EagerFramework final : public Framework {
 public:
  EagerFramework(DeviceKind device, WeightPool& pool, MemoryFormat memory_format)
      : device_(device), pool_(pool), memory_format_(memory_format) {}

  std::string version() const override { return TORCH_VERSION; }
  std::unique_ptr<PreparedLayer> prepare(const LayerSample& sample, const CallerBuffers& buffers) override {
    return std::make_unique<EagerLayer>(sample, device_, pool_, buffers);
  }
  std::unique_ptr<PreparedNetwork> prepare(const Network& network, const CallerBuffers& buffers) override {
    return std::make_unique<EagerNetwork>(network, device_, pool_, buffers, memory_format_);
  }

 private:
  DeviceKind device_;
  WeightPool& pool_;
  MemoryFormat memory_format_;
};

}  // namespace

std::unique_ptr<Framework> make_eager_framework(DeviceKind device, WeightPool& pool, MemoryFormat memory_format) {
  return std::make_unique<EagerFramework>(device, pool, memory_format);
}

}  // namespace perfmodel
