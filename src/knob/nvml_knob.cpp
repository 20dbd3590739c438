#include <cmath>

#include "knob/knob_kinds.h"
#include "knob/knob_levels.h"
#include "knob/setting_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {

Option NvmlKnob::levels(std::int64_t default_level) const {
  const int device = table().nvml_device;
  Nvml& nvml = settings().nvml();
  if (table().nvml == NvmlSetting::kGpuClock)
    return option_of(table(), nvml.gpu_clock_levels_hz(device), default_level);
  if (table().nvml == NvmlSetting::kMemoryClock) {
    return option_of(table(), nvml.memory_clock_levels_hz(device), default_level);
  }
  const Nvml::PowerLimits limits = nvml.power_limits(device);
  const double step = table().levels.step;
  const double low = std::ceil(limits.least_watts / step) * step;
  return option_of(table(), stepped_levels(low, limits.greatest_watts, step), default_level);
}

KnobState NvmlKnob::state() const {
  if (!can_be_read()) return {};
  const double watts = settings().nvml().power_limit_watts(table().nvml_device);
  return {watts, watts};
}

EffectiveLevel NvmlKnob::effective(const std::vector<std::string>&) const {
  try {
    double hz = std::numeric_limits<double>::quiet_NaN();
    if (table().nvml == NvmlSetting::kGpuClock) hz = settings().nvml().gpu_clock_hz(table().nvml_device);
    if (table().nvml == NvmlSetting::kMemoryClock) hz = settings().nvml().memory_clock_hz(table().nvml_device);
    return {hz, hz};
  } catch (const Error&) {  // a measurement goes on without it
    return {};
  }
}

std::vector<PlannedWrite> NvmlKnob::plan(double value) const {
  const std::string setting = Settings::name_of(table().nvml, table().nvml_device);
  const std::string text = to_file_text(value, 1);
  const std::optional<std::string> held = settings().read(setting);
  if (held && same_setting(*held, text)) return {};
  return {{setting, held.value_or(kUnlocked), text, SettingRole::kPlain, ""}};
}

std::vector<Pin> NvmlKnob::pins() const {
  if (can_be_read()) return {};
  return {{"NVML does not tell whether this clock is locked already",
           {Settings::name_of(table().nvml, table().nvml_device)},
           "an unlocked clock"}};
}

void NvmlKnob::require_settable() const {
  option();
  if (!settings().machine().is_privileged) throw Error(ErrorCode::kPermission, "only root may set it");
}

std::string NvmlKnob::why_not_kept() const {
  try {
    if (settings().nvml().keeps_settings(table().nvml_device)) return "";
    return "the GPU's driver forgets it with the last program that uses the GPU, as persistence mode is off "
           "(nvidia-smi -pm 1 turns it on)";
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kUnsupported) return "";
    return error.what();
  }
}

}  // namespace perfmodel
