#include "simulated_board/board_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <utility>

#include "core/file.h"
#include "perfmodel/core/error.h"
#include "simulated_board/board_tree.h"

namespace perfmodel {
namespace {

constexpr double kHighestNumber = 1e15;
constexpr int kMaxText = 32;

}  // namespace

/// A file that stays open: sensors change thousands of times in a second of simulated time.
class BoardFiles::SensorFile {
 public:
  SensorFile(FileSystem& files, const std::string& folder, const std::string& path) : path_(path) {
    if (!files.is_writable(path)) throw_errno("write", path, files.exists(path) ? EACCES : ENOENT);
    descriptor_ = ::open((folder + path).c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw_errno("write", path, errno);
  }
  ~SensorFile() { ::close(descriptor_); }
  SensorFile(const SensorFile&) = delete;
  SensorFile& operator=(const SensorFile&) = delete;

  void write(double value) noexcept {
    if (value == value_) return;
    char text[kMaxText];
    const int size = std::snprintf(text, sizeof text, "%.0f\n", value);
    errno = 0;
    if (::pwrite(descriptor_, text, static_cast<std::size_t>(size), 0) != size ||
        (size < size_ && ::ftruncate(descriptor_, size) != 0)) {
      errno_ = errno == 0 ? EIO : errno;
      return;
    }
    value_ = value;
    size_ = size;
  }
  const std::string& path() const noexcept { return path_; }
  /// What went wrong since the last call; 0: nothing.
  int take_errno() noexcept { return std::exchange(errno_, 0); }

 private:
  const std::string path_;
  int descriptor_ = -1;
  int size_ = kMaxText;  ///< of the text; at first unknown
  double value_ = std::nan("");
  int errno_ = 0;
};

BoardFiles::BoardFiles(const std::string& folder) : files_(rooted_file_system(folder)) {
  namespace at = board_path;
  const std::string paths[] = {at::kCpuCurrent,
                               at::kGpuCurrent,
                               at::kMemoryCurrent,
                               at::kInputPower,
                               at::kGpuPower,
                               at::kCpuPower,
                               at::kEnergy,
                               std::string(at::kThermalZones[0]) + "/temp",
                               std::string(at::kThermalZones[1]) + "/temp",
                               at::kThrottleCount};
  for (const std::string& path : paths) sensors_.push_back(std::make_unique<SensorFile>(*files_, folder, path));
  counted_uj_ = number_in(at::kEnergy, kEnergyRange_uj);
  counted_throttled_ = static_cast<std::int64_t>(number_in(at::kThrottleCount, kHighestNumber));
}

BoardFiles::~BoardFiles() = default;

KnobSettings BoardFiles::read_knobs() const {
  namespace at = board_path;
  KnobSettings knobs;
  knobs.num_cores = 1;
  for (int core = 1; core < kNumCores; ++core) knobs.num_cores += number_in(at::core_online(core), 1) > 0;
  knobs.cpu_min_hz = 1e3 * number_in(at::kCpuMin, kHighestNumber);
  knobs.cpu_max_hz = 1e3 * number_in(at::kCpuMax, kHighestNumber);
  knobs.gpu_min_hz = number_in(at::kGpuMin, kHighestNumber);
  knobs.gpu_max_hz = number_in(at::kGpuMax, kHighestNumber);
  knobs.memory_hz = number_in(at::kMemoryRate, kHighestNumber);
  knobs.memory_locked = number_in(at::kMemoryLocked, 1) > 0;
  return knobs;
}

void BoardFiles::write(const BoardReadings& readings) noexcept {
  const double millidegrees = std::round(1e3 * readings.temperature_celsius);
  const double values[] = {readings.clocks.cpu_hz / 1e3,
                           readings.clocks.gpu_hz,
                           readings.clocks.memory_hz,
                           std::round(1e3 * readings.input_watts),
                           std::round(1e3 * readings.gpu_watts),
                           std::round(1e3 * readings.cpu_watts),
                           std::fmod(counted_uj_ + std::floor(1e6 * readings.joules), kEnergyRange_uj),
                           millidegrees,
                           millidegrees,
                           static_cast<double>(counted_throttled_ + readings.num_throttled)};
  for (std::size_t i = 0; i < sensors_.size(); ++i) sensors_[i]->write(values[i]);
}

void BoardFiles::throw_if_failed() {
  int error_number = 0;
  const SensorFile* failed = nullptr;
  for (const auto& sensor : sensors_) {
    const int taken = sensor->take_errno();
    if (taken == 0 || failed != nullptr) continue;
    error_number = taken;
    failed = sensor.get();
  }
  if (failed != nullptr) throw_errno("write", failed->path(), error_number);
}

/// A file's whole number from 0 to `highest`.
double BoardFiles::number_in(const std::string& path, double highest) const {
  const std::string text = files_->read(path);
  const bool is_number = !text.empty() && text.size() <= 16 &&
                         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const double number = is_number ? std::stod(text) : -1;
  if (number < 0 || number > highest) {
    throw Error(ErrorCode::kCorrupt,
                fmt::format("'{}' holds '{}', allowed is a whole number up to {:.0f}", path, text, highest));
  }
  return number;
}

}  // namespace perfmodel
