#pragma once

namespace perfmodel {

/// Makes LibTorch and OpenBLAS, where it multiplies matrices for LibTorch, use one thread within an operation, and puts
/// both back. The products of a small network are too short to be shared: two threads that wait for each other at every
/// one took longer than one alone. The settings are the process's: of two scopes at a time in two threads, the one that
/// ends last may leave a 1 behind.
class SingleTorchThread {
 public:
  SingleTorchThread();
  ~SingleTorchThread();
  SingleTorchThread(const SingleTorchThread&) = delete;
  SingleTorchThread& operator=(const SingleTorchThread&) = delete;

 private:
  int torch_threads_before_, blas_threads_before_;
};

}  // namespace perfmodel
