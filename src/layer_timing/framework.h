#pragma once

#include <memory>
#include <string>
#include <vector>

#include "layer_timing/device.h"
#include "layer_timing/weight_pool.h"
#include "perfmodel/network/layer_sampler.h"
#include "perfmodel/network/network.h"
#include "perfmodel/train/network_benchmark.h"

namespace perfmodel {

/// The caller's own memory, dense float32, batch x channels x height x width.
struct CallerBuffers {
  const float* input = nullptr;
  float* output = nullptr;
};

/// A layer that is ready to run, phase by phase (ResPerfNet, equations 4 to 6). Times are for all `repeats` runs
/// together, in milliseconds. Not for several threads at once.
///
/// On a GPU: preprocess is issuing the copy, the copy and issuing the operation, execution the device's time for the
/// operation, postprocess the copy back. On a CPU the copies go between the caller's buffers and the framework's
/// tensors. A call there does the work itself, so that finding the operator and calling it stay in execution, where
/// every layer of a network pays them; issuing is what a run pays once.
class PreparedLayer {
 public:
  virtual ~PreparedLayer();

  /// Untimed: writes execution's input anew, as the layer before would have left it.
  virtual void refresh_input() = 0;

  /// REQUIRES: refresh_input() ran before; for postprocess_ms() execute_ms() too.
  virtual double preprocess_ms(int repeats) = 0;
  virtual double execute_ms(int repeats) = 0;
  virtual double postprocess_ms(int repeats) = 0;

  /// What the layer computes: from the caller's input to the caller's output, with the pool's first set of weights.
  virtual void run_first_set() = 0;
};

/// A network that is ready to run from the caller's input to the caller's output.
class PreparedNetwork {
 public:
  virtual ~PreparedNetwork();
  virtual void run() = 0;
};

/// A way to run layers. One more framework is one more of these, named in make_framework().
///
/// Whatever it throws of its own (c10::Error, std::bad_alloc, ...) is turned into Error by rethrow_as_error().
class Framework {
 public:
  virtual ~Framework();
  virtual std::string version() const = 0;

  /// @param sample   a valid layer, and how cold its weights are to be.
  /// @param buffers  for layer.num_inputs() and layer.num_outputs() floats; used as long as the result lives.
  virtual std::unique_ptr<PreparedLayer> prepare(const LayerSample& sample, const CallerBuffers& buffers) = 0;
  /// @param buffers  for the network's inputs, one after the other, and its outputs, likewise.
  virtual std::unique_ptr<PreparedNetwork> prepare(const Network& network, const CallerBuffers& buffers) = 0;
};

/// LibTorch, operator by operator.
/// @param memory_format  of images in networks
std::unique_ptr<Framework> make_eager_framework(DeviceKind device, WeightPool& pool,
                                                MemoryFormat memory_format = MemoryFormat::kContiguous);
/// LibTorch's TorchScript: frozen, optimize_for_inference.
std::unique_ptr<Framework> make_optimized_framework(DeviceKind device, WeightPool& pool);

/// @param pool  must outlive the framework and everything that it prepares.
/// @throws Error kUnsupported: a name that is not one of layer_frameworks(); lists them.
std::unique_ptr<Framework> make_framework(const std::string& name, DeviceKind device, WeightPool& pool);

/// @throws Error kUnsupported: LibTorch has no operator for `layer`, and would quietly run another one in its place.
void require_operator(const LayerSpec& layer);

/// Positions, in Network::nodes(), of the nodes that no other node takes as input: the network's outputs.
std::vector<std::size_t> output_nodes(const Network& network);

/// To be called in a catch block: throws the current exception as an Error that names `what` and keeps the first line
/// of the framework's own words: kOutOfMemory when memory ran out, else kUnsupported. An Error goes through unchanged.
[[noreturn]] void rethrow_as_error(const std::string& what);

}  // namespace perfmodel
