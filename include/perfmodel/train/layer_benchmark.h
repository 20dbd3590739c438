#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/measure/protocol.h"
#include "perfmodel/network/layer_sampler.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// On what layers are timed, and how.
struct LayerBenchmarkOptions {
  std::string device = "cpu";       ///< "cpu" or "cuda"
  std::string framework = "eager";  ///< one of layer_frameworks()
  int num_threads = 1;              ///< intra-op threads of the framework
  bool pin_thread = true;           ///< bind the measuring thread to the quietest CPU (with one thread only)
  ProtocolOptions protocol;
};

/// Frameworks of this build: "eager" (LibTorch, operator by operator) and "optimized" (TorchScript, frozen,
/// optimize_for_inference); none without LibTorch.
PERFMODEL_EXPORT std::vector<std::string> layer_frameworks();

/// Times of a whole network on the device, from the caller's buffer to the caller's buffer.
struct NetworkMeasurement {
  ProtocolResult result;  ///< one phase: the run from end to end
  double median_ms = 0;
};

/// Times layers in three phases, and networks end to end, on a real device through LibTorch.
///
/// The phases are those of ResPerfNet's equations 4 to 6. On "cuda": preprocess is issuing the copy, the copy and
/// issuing the operation; execution the device's own time for the operation; postprocess the copy back. On "cpu" the
/// copies go between the caller's buffers and the framework's tensors. There a call does the work itself, so that
/// finding and calling the operator is part of execution, as every layer of a network pays it; what is entered once per
/// run (TorchScript's interpreter) is part of preprocess. "optimized" works in oneDNN's blocked layouts on the CPU:
/// reordering into them belongs to preprocess and back to postprocess, as a network does both once and its layers pass
/// blocked tensors on; a convolution on up to four channels, an image, takes plain order. Where LibTorch itself leaves
/// the layout between two layers (before one-sided padding, which is an operator of its own) that is part of execution.
/// "cuda" is compiled, not verified.
///
/// A layer is measured the way it will run: its input has just been written, with other values each time; its weights
/// were last used LayerContext::reuse_bytes ago (they are taken in turn from a large pool); other operators ran in
/// between, and where the program touches more than the second-level cache holds, nothing else is left in there. Not
/// for use by several threads at once. Allocator settings of the process (glibc) are changed on construction and stay:
/// freed memory is kept, so that page faults do not decide times.
class PERFMODEL_EXPORT LayerBenchmark {
 public:
  /// @throws Error kUnsupported (no LibTorch, no such device or framework; lists what there is).
  explicit LayerBenchmark(LayerBenchmarkOptions options);
  ~LayerBenchmark();
  LayerBenchmark(LayerBenchmark&&) noexcept;

  const Environment& environment() const noexcept;

  /// Times one layer: three phases, indexed by Phase.
  /// @throws Error kInvalidArgument (an invalid layer, reuse_bytes below 0), kOutOfMemory, kUnsupported (the framework
  ///         refuses the layer; its own words are kept).
  ProtocolResult measure(const LayerSample& sample);

  /// Times one network from end to end; random weights.
  ///
  /// @param max_seconds  how long samples are taken at most, in place of ProtocolOptions::max_seconds (> 0; twice that
  ///                     on a disturbed machine). Preparing, warming up and five samples are not cut short by it: a
  ///                     network of which fewer runs fit takes longer.
  /// @throws Error kInvalidArgument (max_seconds or another option of the protocol out of range), kOutOfMemory,
  ///         kUnsupported (the framework refuses the network or one of its layers; its own words are kept).
  NetworkMeasurement measure(const Network& network, double max_seconds);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace perfmodel
