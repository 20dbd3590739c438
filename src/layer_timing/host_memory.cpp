#include "layer_timing/host_memory.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>

#include "perfmodel/core/error.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace perfmodel {
namespace {

// Room for what an operator needs besides its tensors, and for the rest of the machine.
constexpr double kUsableFraction = 0.8;

/// The i-th random number (murmur3's finaliser on a counter): values must look random to branch predictors. A
/// max-pooling that can foresee its comparisons runs three times as fast as one in a network.
float noise(std::size_t i) {
  constexpr float kStep = 0.02f / 65536.0f;
  auto mixed = static_cast<std::uint32_t>(i);
  mixed = (mixed ^ (mixed >> 16)) * 0x85ebca6bu;
  mixed = (mixed ^ (mixed >> 13)) * 0xc2b2ae35u;
  return kStep * static_cast<float>(mixed >> 16) - 0.01f;
}

double control_group_room_bytes() {
  double limit = 0, used = 0;
  std::ifstream limit_file("/sys/fs/cgroup/memory.max"), used_file("/sys/fs/cgroup/memory.current");
  if (!(limit_file >> limit && used_file >> used)) return std::numeric_limits<double>::infinity();  // "max": no limit
  double file_cache = 0, bytes = 0;  // counted as used, given back when somebody needs it
  std::ifstream stat_file("/sys/fs/cgroup/memory.stat");
  for (std::string key; stat_file >> key >> bytes;) {
    if (key == "inactive_file" || key == "active_file") file_cache += bytes;
  }
  return limit - used + file_cache;
}

}  // namespace

void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kNeverTrim = std::numeric_limits<int>::max();
  constexpr int kGrowthBytes = 64 << 20;
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, kNeverTrim);
  mallopt(M_TOP_PAD, kGrowthBytes);
#endif
}

double available_memory_bytes() {
  std::ifstream meminfo("/proc/meminfo");
  std::string key, unit;
  double kilobytes = 0;
  while (meminfo >> key >> kilobytes) {
    if (key == "MemAvailable:") return std::min(kilobytes * 1024, control_group_room_bytes());
    std::getline(meminfo, unit);
  }
  const double pages = static_cast<double>(sysconf(_SC_PHYS_PAGES));
  return std::min(pages * static_cast<double>(sysconf(_SC_PAGESIZE)), control_group_room_bytes());
}

void require_memory(double bytes, const std::string& what) {
  const double usable = kUsableFraction * available_memory_bytes();
  if (bytes > usable) {
    throw Error(ErrorCode::kOutOfMemory,
                fmt::format("{} needs about {:.3g} GB; {:.3g} GB may be used", what, bytes * 1e-9, usable * 1e-9));
  }
}

void read_lines(const float* memory, std::size_t num_floats) {
  constexpr std::size_t kFloatsPerLine = 16;
  volatile float sink = 0;
  for (std::size_t i = 0; i < num_floats; i += kFloatsPerLine) sink = memory[i];
  static_cast<void>(sink);
}

FilledBuffer::~FilledBuffer() {
  release();
}

void FilledBuffer::release() noexcept {
  if (data_ != nullptr) munmap(data_, num_floats_ * sizeof(float));
  data_ = nullptr;
  num_floats_ = 0;
}

float* FilledBuffer::reserve(std::size_t num_floats) {
  if (num_floats <= num_floats_) return data_;
  release();
  require_memory(static_cast<double>(num_floats) * sizeof(float), "a buffer");
  void* memory = mmap(nullptr, num_floats * sizeof(float), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    throw Error(ErrorCode::kOutOfMemory, fmt::format("the system refuses a buffer of {} floats", num_floats));
  }
  data_ = static_cast<float*>(memory);
  num_floats_ = num_floats;
  for (std::size_t i = 0; i < num_floats; ++i) {
    data_[i] = fill_ == Fill::kNoise ? noise(i) : std::max(0.0f, (noise(i) + noise(i + 1) + noise(i + 2)) / 3);
  }
  return data_;
}

}  // namespace perfmodel
