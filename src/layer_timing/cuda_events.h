#pragma once

#include <memory>

namespace perfmodel {

/// A start and a stop on the GPU's own clock, on the default stream, which is LibTorch's. CUDA's runtime is used as it
/// lies in the process, loaded by LibTorch: no header of it is needed to build, and no library to link.
class CudaEvents {
 public:
  /// Null where the process has no CUDA runtime, or it refuses.
  static std::unique_ptr<CudaEvents> make();
  ~CudaEvents();
  CudaEvents(const CudaEvents&) = delete;
  CudaEvents& operator=(const CudaEvents&) = delete;

  void record_start();
  void record_stop();
  /// REQUIRES: the device has done everything up to the stop.
  /// @throws Error kInternal: CUDA's own error number.
  double elapsed_ms() const;

 private:
  CudaEvents() = default;

  void* start_ = nullptr;  // cudaEvent_t
  void* stop_ = nullptr;
};

}  // namespace perfmodel
