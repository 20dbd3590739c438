#include "layer_timing/device.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/cuda.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "layer_timing/cuda_events.h"
#include "perfmodel/core/error.h"

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

// NVIDIA's driver lists its devices in the order of their bus addresses. LibTorch counts the fastest first, so that
// the name is sure where all are alike, as they mostly are.
std::string cuda_device_name() {
  std::vector<std::string> names;
  std::error_code none_there;
  for (const auto& folder : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", none_there)) {
    std::ifstream information(folder.path() / "information");
    for (std::string line; std::getline(information, line);) {
      const std::size_t value = line.find_first_not_of(" \t", sizeof "Model:" - 1);
      if (line.rfind("Model:", 0) == 0 && value != std::string::npos) names.push_back(line.substr(value));
    }
  }
  const bool alike = std::equal(names.begin() + (names.empty() ? 0 : 1), names.end(), names.begin());
  return names.empty() || !alike ? "CUDA device" : names.front();
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
  return device == DeviceKind::kCpu ? processor_name() : cuda_device_name();
}

void synchronize(DeviceKind device) {
  if (device == DeviceKind::kCuda) torch::cuda::synchronize();
}

DeviceStopwatch::DeviceStopwatch(DeviceKind device)
    : device_(device), events_(device == DeviceKind::kCuda ? CudaEvents::make() : nullptr) {}

void DeviceStopwatch::start() {
  synchronize(device_);
  if (events_ != nullptr) events_->record_start();
  start_ = std::chrono::steady_clock::now();
}

double DeviceStopwatch::stop_ms() {
  if (events_ != nullptr) events_->record_stop();
  synchronize(device_);
  if (events_ != nullptr) return events_->elapsed_ms();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
}

DeviceStopwatch::~DeviceStopwatch() = default;

}  // namespace perfmodel
