#pragma once

#include <optional>
#include <string>
#include <vector>

#include "perfmodel/config/option.h"

namespace perfmodel {

/// What a board's JSON holds (docs/formats-board.md), checked and ready to use. Paths are absolute; each list of
/// alternatives means the first that exists; '*' in a path stands for any name.

/// Where the levels of a knob come from.
struct LevelSource {
  std::vector<double> numbers;             ///< in the knob's unit, ascending; empty: see `file`
  std::vector<std::string> labels;         ///< of a categorical knob
  std::string file;                        ///< lists them in the file's unit, blanks or line ends between; any order
  std::string minimum_file, maximum_file;  ///< or bounds of an integer range with `step`
  double step = 1;
};

/// One file to write. `text` empty: the knob's value in the file's unit; else that text, e.g. "1".
struct KnobWrite {
  std::string file;
  std::string text;
};

/// A file that has to hold a text before the knob's own are written, e.g. a power gate that must be off.
struct Precondition {
  std::vector<std::string> files;  ///< alternatives
  std::string text;
  bool optional = false;  ///< it is no error when none of them is there
};

enum class KnobMechanism {
  kWrites,  ///< writes in their order
  kRange,   ///< a minimum and a maximum, both set to the value, in an order that never has minimum > maximum
  kCores,   ///< value - 1 of the listed cores online, the others offline; core 0 is always on
  kNvml,    ///< a call of NVML
  kHanded,  ///< nothing of the machine: the workload is given it
};

enum class NvmlSetting { kGpuClock, kMemoryClock, kPowerLimit };

/// What running a workload as a program does with a handed knob, besides passing it on.
enum class HandedEffect { kNone, kCpuAffinity, kNice, kEnvironment };

struct KnobTable {
  std::string name, unit;
  OptionKind kind = OptionKind::kOrdinal;
  KnobMechanism mechanism = KnobMechanism::kWrites;
  LevelSource levels;
  std::vector<std::string> folders;  ///< alternatives that the relative files below are in; empty: these are absolute
  bool every_folder = false;         ///< not the first that exists but all that match, e.g. each cpufreq policy
  std::vector<Precondition> before;
  std::vector<KnobWrite> writes;           ///< kWrites
  std::string minimum_file, maximum_file;  ///< kRange
  std::string read_file;                   ///< tells the setting; default: the first written with the value
  std::string effective_file;              ///< tells what the hardware runs at; may be empty
  std::string core_file;                   ///< kCores: with "{core}" for the number
  std::vector<int> cores;  ///< kCores: in the order in which they come online; empty: all that there are
  NvmlSetting nvml = NvmlSetting::kGpuClock;
  int nvml_device = 0;
  HandedEffect handed = HandedEffect::kNone;
  std::string environment_variable;   ///< kEnvironment
  double file_units_per_unit = 1;     ///< e.g. 0.001: the file has kHz, the knob Hz
  double tolerance_fraction = 0.001;  ///< of the value, when it is read back
};

enum class RailKind {
  kPower,           ///< a file with power
  kVoltageCurrent,  ///< hwmon: inN_input x currN_input
  kEnergy,          ///< a file that counts energy, which wraps at `wraps_at_file`
  kNvml,
};

/// A place where power rails are found; with '*' there may be many.
struct RailTable {
  std::string name;  ///< "{label}": the text of `label_file`, "{folder}": the last part of the folder's path
  RailKind kind = RailKind::kPower;
  std::vector<std::string> folders;
  std::string chip;  ///< only folders whose file "name" holds this; empty: any
  std::string value_file, current_file, label_file, wraps_at_file;  ///< '*' in value_file: the same in the others
  double file_units_per_unit = 1;  ///< 1000: the file has mW, we want W; of value_file x current_file together
  double update_period_s = 0;
  bool is_sum = false;  ///< or its label says "sum"
};

struct DetectRule {
  std::string file;
  std::string contains, equals;  ///< one of the two, or none: it exists
};

struct BoardTable {
  std::string name, title;
  bool tested_on_hardware = false, simulated = false;
  std::vector<DetectRule> detect_any;  ///< empty: never detected by itself
  int specificity = 0;                 ///< the higher, the earlier it is asked
  std::vector<KnobTable> knobs;
  std::vector<RailTable> rails;
  std::vector<std::string> temperature_files;     ///< thousandths of a degree Celsius; '*' allowed
  std::vector<std::string> throttle_count_files;  ///< '*' allowed
};

}  // namespace perfmodel
