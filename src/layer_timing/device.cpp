#include "layer_timing/device.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/cuda.h>

#include <fstream>

#include "perfmodel/core/error.h"

// CUDA's own clock and names need headers that a CPU-only LibTorch does not have.
#if __has_include(<cuda_runtime_api.h>) && __has_include(<ATen/cuda/CUDAEvent.h>)
#define PERFMODEL_HAS_CUDA_EVENTS 1
#include <ATen/cuda/CUDAContext.h>
#include <ATen/cuda/CUDAEvent.h>
#else
#define PERFMODEL_HAS_CUDA_EVENTS 0
#endif

namespace perfmodel {
namespace {

std::string processor_name() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    const std::size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) return line.substr(colon + 2);
  }
  // Arm's cpuinfo has no names; boards have one in the device tree (ends in a NUL).
  std::ifstream board("/proc/device-tree/model");
  std::string name;
  std::getline(board, name, '\0');
  return name.empty() ? "unknown processor" : name;
}

}  // namespace

std::vector<std::string> available_devices() {
  std::vector<std::string> devices = {"cpu"};
  if (torch::cuda::is_available()) devices.push_back("cuda");
  return devices;
}

DeviceKind parse_device(const std::string& name) {
  const std::vector<std::string> devices = available_devices();
  for (const std::string& device : devices) {
    if (device == name) return name == "cpu" ? DeviceKind::kCpu : DeviceKind::kCuda;
  }
  throw Error(ErrorCode::kUnsupported, fmt::format("device '{}' is not on this machine or not in this LibTorch ({})",
                                                   name, fmt::join(devices, ", ")));
}

std::string device_name(DeviceKind device) {
  if (device == DeviceKind::kCpu) return processor_name();
#if PERFMODEL_HAS_CUDA_EVENTS
  return at::cuda::getCurrentDeviceProperties()->name;
#else
  return "CUDA device";
#endif
}

void synchronize(DeviceKind device) {
  if (device == DeviceKind::kCuda) torch::cuda::synchronize();
}

#if PERFMODEL_HAS_CUDA_EVENTS

struct DeviceStopwatch::Events {
  at::cuda::CUDAEvent start{cudaEventDefault}, stop{cudaEventDefault};
};

DeviceStopwatch::DeviceStopwatch(DeviceKind device)
    : device_(device), events_(device == DeviceKind::kCuda ? std::make_unique<Events>() : nullptr) {}

void DeviceStopwatch::start() {
  synchronize(device_);
  if (events_ != nullptr) events_->start.record();
  start_ = std::chrono::steady_clock::now();
}

double DeviceStopwatch::stop_ms() {
  if (events_ != nullptr) events_->stop.record();
  synchronize(device_);
  if (events_ != nullptr) return static_cast<double>(events_->start.elapsed_time(events_->stop));
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
}

#else

struct DeviceStopwatch::Events {};

DeviceStopwatch::DeviceStopwatch(DeviceKind device) : device_(device) {}

void DeviceStopwatch::start() {
  synchronize(device_);
  start_ = std::chrono::steady_clock::now();
}

double DeviceStopwatch::stop_ms() {
  synchronize(device_);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
}

#endif

DeviceStopwatch::~DeviceStopwatch() = default;

}  // namespace perfmodel
