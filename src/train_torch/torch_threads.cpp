#include "train_torch/torch_threads.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

namespace perfmodel {
namespace {

// LibTorch passes its number of threads on to MKL, not to OpenBLAS, which comes with the process or does not.
int blas_threads() {
  using Get = int (*)();
  const auto get = reinterpret_cast<Get>(dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  return get != nullptr ? get() : 0;
}

void set_blas_threads(int num_threads) {
  using Set = void (*)(int);
  const auto set = reinterpret_cast<Set>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set != nullptr) set(num_threads);
}

}  // namespace

SingleTorchThread::SingleTorchThread()
    : torch_threads_before_(at::get_num_threads()), blas_threads_before_(blas_threads()) {
  at::set_num_threads(1);
  set_blas_threads(1);
}

SingleTorchThread::~SingleTorchThread() {
  at::set_num_threads(torch_threads_before_);
  if (blas_threads_before_ > 0) set_blas_threads(blas_threads_before_);
}

}  // namespace perfmodel
