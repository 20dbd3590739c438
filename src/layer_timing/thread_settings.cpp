#include "layer_timing/thread_settings.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include "perfmodel/measure/protocol.h"

namespace perfmodel {
namespace {

// OpenBLAS with threads of its own does not follow LibTorch's setting. It is there or not, depending on which BLAS the
// system gives LibTorch, so it is asked for by name. Returns 0 when it is not there.
int blas_threads() {
  const auto get = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  return get == nullptr ? 0 : get();
}

void set_blas_threads(int num_threads) {
  const auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set != nullptr && num_threads > 0) set(num_threads);
}

}  // namespace

ThreadSettings::ThreadSettings(int num_threads, int cpu)
    : torch_threads_(at::get_num_threads()), blas_threads_(blas_threads()) {
  if (cpu >= 0 && sched_getaffinity(0, sizeof affinity_, &affinity_) == 0) has_affinity_ = pin_current_thread(cpu);
  at::set_num_threads(num_threads);
  set_blas_threads(num_threads);
}

ThreadSettings::~ThreadSettings() {
  at::set_num_threads(torch_threads_);
  set_blas_threads(blas_threads_);
  if (has_affinity_) sched_setaffinity(0, sizeof affinity_, &affinity_);
}

}  // namespace perfmodel
