#include "simulated_board/board_tree.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/file.h"
#include "perfmodel/core/error.h"
#include "perfmodel/core/random.h"
#include "simulated_board/hardware.h"

namespace perfmodel {
namespace {

constexpr const char* kModelText = "simulated Jetson-like board";

std::string list_of(Span<const double> levels_hz, double hz_per_unit) {
  std::string list;
  for (const double hz : levels_hz) list += fmt::format("{:.0f} ", hz / hz_per_unit);
  return list;
}

/// A random UUID, as the kernel makes one for each boot.
std::string boot_id(std::uint64_t seed) {
  Random random(seed);
  const std::uint64_t high = random.bits(), low = random.bits();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff, high & 0xfff,
                     0x8000 | ((low >> 48) & 0x3fff), low & 0xffffffffffff);
}

/// Each file and its text at the start: every core is online, clocks may go as high and as low as they can.
std::vector<std::pair<std::string, std::string>> files_at_start(std::uint64_t seed) {
  const Span<const double> cpu = cpu_levels_hz(), gpu = gpu_levels_hz(), memory = memory_levels_hz();
  const auto lowest = [](Span<const double> levels, double unit) { return fmt::format("{:.0f}", levels[0] / unit); };
  const auto highest = [](Span<const double> levels, double unit) {
    return fmt::format("{:.0f}", levels[levels.size() - 1] / unit);
  };
  namespace at = board_path;
  std::vector<std::pair<std::string, std::string>> files = {
      {at::kModel, kModelText},
      {at::kBootId, boot_id(seed)},
      {at::kCpuMin, lowest(cpu, 1e3)},
      {at::kCpuMax, highest(cpu, 1e3)},
      {at::kCpuCurrent, lowest(cpu, 1e3)},
      {at::kCpuLevels, list_of(cpu, 1e3)},
      {at::kGpuMin, lowest(gpu, 1)},
      {at::kGpuMax, highest(gpu, 1)},
      {at::kGpuCurrent, lowest(gpu, 1)},
      {at::kGpuLevels, list_of(gpu, 1)},
      {at::kMemoryRate, highest(memory, 1)},
      {at::kMemoryLocked, "0"},
      {at::kMemoryLevels, list_of(memory, 1e3)},
      {at::kMemoryCurrent, lowest(memory, 1)},
      {at::kInputPower, "0"},
      {at::kGpuPower, "0"},
      {at::kCpuPower, "0"},
      {at::kEnergyName, "simulated"},
      {at::kEnergy, "0"},
      {at::kEnergyRange, fmt::format("{:.0f}", kEnergyRange_uj)},
      {std::string(at::kThermalZones[0]) + "/type", "CPU-therm"},
      {std::string(at::kThermalZones[0]) + "/temp", "0"},
      {std::string(at::kThermalZones[1]) + "/type", "GPU-therm"},
      {std::string(at::kThermalZones[1]) + "/temp", "0"},
      {at::kThrottleCount, "0"},
  };
  for (int core = 1; core < kNumCores; ++core) files.emplace_back(at::core_online(core), "1");
  return files;
}

void make_folders(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw_errno("create", folder, error.value());
}

void write_new_file(const std::string& path, std::string_view text) {
  make_folders(path.substr(0, path.rfind('/')));
  std::FILE* file = std::fopen(path.c_str(), "wxe");
  if (file == nullptr) throw_errno("create", path, errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int write_errno = errno;
  if (std::fclose(file) != 0 || !written) throw_errno("write", path, written ? errno : write_errno);
}

/// A folder of its own beside `folder`, removed with all it holds unless it was renamed.
class NewFolder {
 public:
  explicit NewFolder(const std::string& folder) : path_(folder + ".XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) throw_errno("create", folder, errno);
  }
  ~NewFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

bool holds_board(const std::string& folder) {
  const std::string model = folder + board_path::kModel;
  return ::access(model.c_str(), F_OK) == 0 && read_file(model).rfind(kModelText, 0) == 0;
}

}  // namespace

std::string board_path::core_online(int core) {
  return fmt::format("/sys/devices/system/cpu/cpu{}/online", core);
}

void make_board_tree(const std::string& folder, std::uint64_t seed) {
  if (holds_board(folder)) return;
  const NewFolder made(folder);
  for (const auto& [path, text] : files_at_start(seed)) write_new_file(made.path() + path, text + "\n");
  make_folders(made.path() + "/sys/devices/system/cpu/cpu0");
  make_folders(made.path() + "/var/lib");  // where drivers keep their journals
  if (::chmod(made.path().c_str(), 0755) != 0) throw_errno("create", folder, errno);
  // An empty folder is replaced; one that holds anything is left as it is.
  if (::rename(made.path().c_str(), folder.c_str()) == 0) return;
  if (errno != ENOTEMPTY && errno != EEXIST) throw_errno("create", folder, errno);
  if (holds_board(folder)) return;  // another process was quicker
  throw Error(
      ErrorCode::kInvalidArgument,
      fmt::format("'{}' holds other things, allowed are a new or empty folder and one with a simulated board", folder));
}

}  // namespace perfmodel
