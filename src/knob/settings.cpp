#include "knob/settings.h"

#include <fmt/format.h>

#include <utility>

#include "knob/setting_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

const char* const kNvmlSettingNames[] = {"gpu_clock", "memory_clock", "power_limit"};

struct NvmlName {
  NvmlSetting setting;
  int device;
};

/// nullopt: a file.
/// @throws Error kCorrupt: neither a file nor a setting, as only a damaged journal can name.
std::optional<NvmlName> nvml_name_in(const std::string& setting) {
  if (!setting.empty() && setting[0] == '/') return std::nullopt;
  const std::size_t first = setting.find(':'), last = setting.rfind(':');
  if (setting.compare(0, 5, "nvml:") == 0 && last > first) {
    const std::optional<double> device = number_in(setting.substr(first + 1, last - first - 1));
    for (int i = 0; device && i < 3; ++i) {
      if (setting.substr(last + 1) == kNvmlSettingNames[i]) {
        return NvmlName{static_cast<NvmlSetting>(i), static_cast<int>(*device)};
      }
    }
  }
  throw Error(ErrorCode::kCorrupt, fmt::format("'{}' is neither a file nor a setting of NVML", setting));
}

double number_for(const std::string& setting, const std::string& text) {
  const std::optional<double> number = number_in(text);
  if (!number) throw Error(ErrorCode::kCorrupt, fmt::format("'{}' is no number for '{}'", text, setting));
  return *number;
}

}  // namespace

Settings::Settings(KnobMachine machine) : machine_(std::move(machine)) {}

std::string Settings::name_of(NvmlSetting setting, int device) {
  return fmt::format("nvml:{}:{}", device, kNvmlSettingNames[static_cast<int>(setting)]);
}

Nvml& Settings::nvml() {
  if (!nvml_) nvml_ = machine_.open_nvml();
  return *nvml_;
}

std::optional<std::string> Settings::read(const std::string& setting) {
  const std::optional<NvmlName> name = nvml_name_in(setting);
  if (!name) return files().read(setting);
  if (name->setting != NvmlSetting::kPowerLimit) return std::nullopt;
  return to_file_text(nvml().power_limit_watts(name->device), 1);
}

void Settings::write(const std::string& setting, const std::string& text) {
  const std::optional<NvmlName> name = nvml_name_in(setting);
  if (!name) {
    files().write(setting, text);
  } else if (name->setting == NvmlSetting::kPowerLimit) {
    nvml().set_power_limit(name->device, number_for(setting, text));
  } else if (name->setting == NvmlSetting::kGpuClock) {
    if (text == kUnlocked) return nvml().unlock_gpu_clock(name->device);
    nvml().lock_gpu_clock(name->device, number_for(setting, text));
  } else {
    if (text == kUnlocked) return nvml().unlock_memory_clock(name->device);
    nvml().lock_memory_clock(name->device, number_for(setting, text));
  }
}

bool Settings::exists(const std::string& setting) {
  return nvml_name_in(setting).has_value() || files().exists(setting);
}

}  // namespace perfmodel
