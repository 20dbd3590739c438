#include "layer_timing/cuda_events.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Those functions of CUDA's runtime that are used here; each returns 0 when all is well.
struct CudaRuntime {
  int (*event_create)(void** event);
  int (*event_destroy)(void* event);
  int (*event_record)(void* event, void* stream);
  int (*event_elapsed)(float* ms, void* start, void* stop);

  bool is_there() const {
    return event_create != nullptr && event_destroy != nullptr && event_record != nullptr && event_elapsed != nullptr;
  }
};

template <typename Function>
Function loaded(Function, const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

const CudaRuntime& runtime() {
  static const CudaRuntime runtime = [] {
    CudaRuntime found = {};
    found.event_create = loaded(found.event_create, "cudaEventCreate");
    found.event_destroy = loaded(found.event_destroy, "cudaEventDestroy");
    found.event_record = loaded(found.event_record, "cudaEventRecord");
    found.event_elapsed = loaded(found.event_elapsed, "cudaEventElapsedTime");
    return found;
  }();
  return runtime;
}

void check(int error, const char* what) {
  if (error != 0) throw Error(ErrorCode::kInternal, fmt::format("CUDA refuses to {}: its error {}", what, error));
}

}  // namespace

std::unique_ptr<CudaEvents> CudaEvents::make() {
  if (!runtime().is_there()) return nullptr;
  std::unique_ptr<CudaEvents> events(new CudaEvents);
  if (runtime().event_create(&events->start_) != 0 || runtime().event_create(&events->stop_) != 0) return nullptr;
  return events;
}

CudaEvents::~CudaEvents() {
  if (start_ != nullptr) runtime().event_destroy(start_);
  if (stop_ != nullptr) runtime().event_destroy(stop_);
}

void CudaEvents::record_start() {
  check(runtime().event_record(start_, nullptr), "record an event");
}

void CudaEvents::record_stop() {
  check(runtime().event_record(stop_, nullptr), "record an event");
}

double CudaEvents::elapsed_ms() const {
  float ms = 0;
  check(runtime().event_elapsed(&ms, start_, stop_), "time events");
  return static_cast<double>(ms);
}

}  // namespace perfmodel
