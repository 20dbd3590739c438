#include "simulated_board/workload_model.h"

#include <fmt/format.h>

#include <algorithm>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Layers that are alike in what bounds them.
struct WorkPart {
  double flops_per_image;
  double weight_bytes;                ///< read once per batch
  double activation_bytes_per_image;  ///< read and written
};

struct NetworkWork {
  WorkPart parts[3];  ///< convolutions; element by element; dense
  double num_launches;
  double best_fraction;  ///< of the GPU's peak, in large batches
  double half_batch;     ///< batch that reaches half of that
  double weight_bytes;
  double held_bytes_per_image;
};

// Work and sizes as published: 4.09 and 15.47 G multiply-adds, 25.6 and 138.4 M parameters of 4 bytes; bytes moved and
// held from the sizes of the layers' outputs. What is reached of the peak is invented.
constexpr NetworkWork kResnet50 = {
    {{8.18e9, 94e6, 85e6}, {0, 0, 224e6}, {4.1e6, 8.2e6, 0}}, 160, 0.60, 1.0, 102e6, 97e6};
constexpr NetworkWork kVgg16 = {
    {{30.7e9, 58.8e6, 91e6}, {0, 0, 136e6}, {247e6, 494.6e6, 0}}, 37, 0.70, 0.3, 553e6, 225e6};

constexpr double kGpuFlopsPerCycle = 512;
constexpr double kMemoryBytesPerCycle = 32 * 0.7;  ///< 0.7: what traffic reaches of the bus
constexpr double kCyclesPerLaunch = 130e3;
constexpr double kCyclesPerImage = 24e6;  ///< decoding and resizing
constexpr double kParallelFraction = 0.9;
constexpr double kCyclesPerGrownByte = 20e3 / (1 << 20);
constexpr double kStalledFraction = 0.3;  ///< of the GPU's switching goes on where nothing is computed

constexpr double kMemory_bytes = 4.0 * (1 << 30);
constexpr double kContext_bytes = 0.5e9;
constexpr double kPoolFactor = 1.2;  ///< memory that is taken at the start is cut up
constexpr int kMaxBatch = 1024;

const NetworkWork& work_of(SimulatedWorkload workload) {
  return workload == SimulatedWorkload::kResnet50 ? kResnet50 : kVgg16;
}

}  // namespace

BatchTime batch_time(SimulatedWorkload workload, const SimulatedSettings& settings, const BoardClocks& clocks) {
  const NetworkWork& work = work_of(workload);
  const double batch = settings.batch;
  const double filled_fraction = batch / (batch + work.half_batch);
  const double flops_per_s = clocks.gpu_hz * kGpuFlopsPerCycle * work.best_fraction * filled_fraction;
  const double bytes_per_s = clocks.memory_hz * kMemoryBytesPerCycle;
  double gpu_s = 0, compute_s = 0, bytes = 0;
  for (const WorkPart& part : work.parts) {
    const double part_bytes = part.weight_bytes + part.activation_bytes_per_image * batch;
    const double part_compute_s = part.flops_per_image * batch / flops_per_s;
    gpu_s += std::max(part_compute_s, part_bytes / bytes_per_s);
    compute_s += part_compute_s;
    bytes += part_bytes;
  }
  const double grown_bytes = settings.memory_growth ? work.held_bytes_per_image * batch : 0;
  const double serial_s = (work.num_launches * kCyclesPerLaunch + grown_bytes * kCyclesPerGrownByte) / clocks.cpu_hz;
  const double images_s = batch * kCyclesPerImage / clocks.cpu_hz;  // on one core
  const double cpu_s = serial_s + images_s * (1 - kParallelFraction + kParallelFraction / clocks.num_cores);

  BatchTime time;
  time.seconds = gpu_s + cpu_s;
  time.activity.cpu_fraction = (serial_s + images_s) / (clocks.num_cores * time.seconds);
  time.activity.gpu_fraction =
      (kStalledFraction * gpu_s + (1 - kStalledFraction) * filled_fraction * compute_s) / time.seconds;
  time.activity.memory_bytes_per_s = bytes / time.seconds;
  return time;
}

double footprint_bytes(SimulatedWorkload workload, const SimulatedSettings& settings) {
  const NetworkWork& work = work_of(workload);
  const double needed_bytes = kContext_bytes + work.weight_bytes + settings.batch * work.held_bytes_per_image;
  return settings.memory_growth ? needed_bytes : kPoolFactor * needed_bytes;
}

void require_runnable(SimulatedWorkload workload, const SimulatedSettings& settings) {
  if (!(settings.memory_fraction > 0 && settings.memory_fraction <= 1)) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("memory_fraction {} is out of range, allowed is above 0 up to 1", settings.memory_fraction));
  }
  if (settings.batch < 1 || settings.batch > kMaxBatch) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("batch {} is out of range, allowed is 1 to {}", settings.batch, kMaxBatch));
  }
  const double needed_bytes = footprint_bytes(workload, settings);
  const double allowed_bytes = settings.memory_fraction * kMemory_bytes;
  if (needed_bytes > allowed_bytes) {
    constexpr double kMib = 1 << 20;
    throw Error(
        ErrorCode::kOutOfMemory,
        fmt::format("{} with batch {} takes {:.0f} MiB, allowed are {:.0f} MiB (memory_fraction {}{})",
                    simulated_workload_name(workload), settings.batch, needed_bytes / kMib, allowed_bytes / kMib,
                    settings.memory_fraction, settings.memory_growth ? "" : ", taken at the start"));
  }
}

}  // namespace perfmodel
