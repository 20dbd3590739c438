#pragma once

#include <memory>
#include <optional>
#include <string>

#include "board/board_table.h"
#include "knob/knob_machine.h"

namespace perfmodel {

/// What stands for the state of a clock that is not locked; the only one that can be returned to.
constexpr const char* kUnlocked = "unlocked";

/// All that knobs write, by name and as text: files of the kernel ("/sys/..."), and settings of NVML
/// ("nvml:0:gpu_clock"). NVML is loaded when the first of these is used. Errors are those of FileSystem and Nvml.
class Settings {
 public:
  explicit Settings(KnobMachine machine);

  static std::string name_of(NvmlSetting setting, int device);

  /// nullopt: it cannot be read at all (locked clocks).
  std::optional<std::string> read(const std::string& setting);
  void write(const std::string& setting, const std::string& text);
  bool exists(const std::string& setting);

  const KnobMachine& machine() const noexcept { return machine_; }
  FileSystem& files() { return *machine_.files; }
  Clock& clock() { return *machine_.clock; }
  Nvml& nvml();  ///< @throws Error kUnsupported

 private:
  KnobMachine machine_;
  std::shared_ptr<Nvml> nvml_;
};

}  // namespace perfmodel
