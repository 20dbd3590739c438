#pragma once

#include <optional>
#include <string>
#include <vector>

#include "perfmodel/config/option.h"

namespace perfmodel {

/// What a board's JSON holds (docs/formats-board.md), checked and ready to use. A path that begins with '/' is meant as
/// it is, any other lies in the folder that was found. Each list of alternatives means the first that exists. Folders
/// may be patterns ('*', '?' and '[...]' within one part of the path); so may what is said to be one, and nothing else.

/// Where the levels of a knob come from. Boolean knobs, cores and NVML have none: theirs follow from what they are.
struct LevelSource {
  std::vector<double> numbers;      ///< in the knob's unit, ascending; empty: see below
  std::vector<std::string> labels;  ///< of a categorical knob
  /// Lists them, blanks or line ends between, in any order, up to the first text that is no number ("204000 665600
  /// (kHz)").
  std::string file;
  std::string minimum_file, maximum_file;  ///< where `file` is none or not there: bounds of a range with `step`
  double step = 1;                         ///< in the knob's unit; of kPowerLimit, too
  double file_units_per_unit = 1;          ///< of these files, which may differ from those that are written
  bool up_to_num_cpus = false;             ///< of handed knobs: 1, 2, ... as many CPUs as this process may run on
};

/// One file to write. `text` empty: the knob's value, as a number in the file's unit or as the label of a categorical
/// knob; else that text, e.g. "1".
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
  std::string name, unit;  ///< the unit is one of those in board_units.h
  OptionKind kind = OptionKind::kOrdinal;
  KnobMechanism mechanism = KnobMechanism::kWrites;
  LevelSource levels;
  std::vector<std::string> folders;  ///< alternatives, patterns; empty: all paths below are absolute
  bool every_folder = false;  ///< not the first folder that the first fitting pattern finds, but all that it does
  /// Of these folders only those where this file can be read and is not empty: frequency policies of cores that are all
  /// offline stay there, take nothing and have no "affected_cpus".
  std::string active_file;
  std::vector<Precondition> before;
  std::vector<KnobWrite> writes;           ///< kWrites
  std::string minimum_file, maximum_file;  ///< kRange
  std::string read_file;                   ///< tells the setting; default: the first written with the value
  std::string effective_file;              ///< tells what the hardware runs at; may be empty
  std::string core_file;                   ///< kCores: with "{core}" for the number
  std::vector<int> cores;  ///< kCores: in the order in which they come online, never 0; empty: all that there are
  NvmlSetting nvml = NvmlSetting::kGpuClock;
  int nvml_device = 0;
  HandedEffect handed = HandedEffect::kNone;
  std::string environment_variable;   ///< kEnvironment
  double file_units_per_unit = 1;     ///< of what is written and read; e.g. 0.001: the file has kHz, the knob Hz
  double tolerance_fraction = 0.001;  ///< of the value, when it is read back
};

enum class RailKind {
  kPower,           ///< a file with power
  kVoltageCurrent,  ///< hwmon: inN_input x currN_input
  kEnergy,          ///< a file that counts energy, which wraps at `wraps_at_file`
  kNvml,            ///< of each device that NVML has
};

/// A place where power rails are found, often many.
struct RailTable {
  std::string name;  ///< "{label}": the text of `label_file`, "{folder}": the last part of the folder's path
  RailKind kind = RailKind::kPower;
  std::vector<std::string> folders;  ///< alternatives, patterns: all that the first fitting pattern finds
  std::string chip;                  ///< only folders whose file "name" is this; empty: any
  /// `value_file` has power, voltage or energy, and may be a pattern with one '*': what that stands for is put into the
  /// others.
  std::string value_file, current_file, label_file, wraps_at_file;
  double file_units_per_unit = 1;       ///< 1000: the file has mW, we want W; of value_file x current_file together
  double update_period_s = 0;           ///< how often the numbers change; 0: unknown
  bool is_sum = false;                  ///< it repeats others or a part of one; so does a rail whose label says "sum"
  std::vector<std::string> sum_labels;  ///< patterns of further labels of such rails, e.g. "VDD_IN"
};

struct DetectRule {
  std::string file;
  std::string contains, equals;  ///< at most one of the two; none: it is enough that it exists
};

struct BoardTable {
  std::string name, title;
  bool tested_on_hardware = false, simulated = false;
  std::vector<DetectRule> detect_any;  ///< empty: never detected by itself
  int specificity = 0;                 ///< the higher, the earlier it is asked
  std::vector<KnobTable> knobs;
  std::vector<RailTable> rails;
  std::vector<std::string> temperature_files;     ///< patterns; thousandths of a degree Celsius
  std::vector<std::string> ignored_zone_types;    ///< not those beside whose file a file "type" says one of these
  std::vector<std::string> throttle_count_files;  ///< patterns
};

}  // namespace perfmodel
