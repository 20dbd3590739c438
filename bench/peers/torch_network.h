#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "perfmodel/core/span.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// A sequence network in LibTorch with weights made ready once, for predictions on one thread without gradients. A
/// convolution of kernel 1 is one matrix product, which on a CPU is several times faster than conv1d.
class TorchNetwork {
 public:
  enum class Mode {
    kEager,   ///< operator by operator
    kScript,  ///< TorchScript, frozen, optimize_for_inference
  };

  TorchNetwork(std::size_t num_inputs, const std::vector<NetworkLayer>& layers, Mode mode);
  ~TorchNetwork();
  TorchNetwork(TorchNetwork&& other) noexcept;

  /// The rows that predict() answers, n x num_inputs; copied, as float32.
  void set_rows(MatrixView<const double> rows);
  void predict();                       ///< the forward pass alone
  std::vector<double> answers() const;  ///< of the last predict()

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Threads of LibTorch and of its BLAS in this process: one.  @throws Error kUnsupported: they stay more.
void use_one_torch_thread();

}  // namespace perfmodel
