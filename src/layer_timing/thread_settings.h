#pragma once

#include <sched.h>

#include "layer_timing/silent_warnings.h"

namespace perfmodel {

/// For as long as it lives: LibTorch and its BLAS use `num_threads` threads, and the calling thread runs on `cpu` (< 0:
/// on any) and does not print LibTorch's warnings, of which an operator may have one per call. Puts back what was set
/// before.
class ThreadSettings {
 public:
  ThreadSettings(int num_threads, int cpu);
  ~ThreadSettings();
  ThreadSettings(const ThreadSettings&) = delete;
  ThreadSettings& operator=(const ThreadSettings&) = delete;

 private:
  SilentWarnings warnings_;
  int torch_threads_;
  int blas_threads_;
  bool has_affinity_ = false;
  cpu_set_t affinity_;
};

}  // namespace perfmodel
