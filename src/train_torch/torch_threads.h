#pragma once

namespace perfmodel {

/// Sets how many threads LibTorch and, where it multiplies matrices for LibTorch, OpenBLAS use within an operation, and
/// puts both back. The settings are the process's: two scopes at a time in two threads may leave either's number
/// behind.
class TorchThreads {
 public:
  explicit TorchThreads(int num_threads);
  ~TorchThreads();
  TorchThreads(const TorchThreads&) = delete;
  TorchThreads& operator=(const TorchThreads&) = delete;

 private:
  int torch_threads_before_, blas_threads_before_;
};

}  // namespace perfmodel
