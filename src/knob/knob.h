#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "board/board_table.h"
#include "knob/settings.h"
#include "perfmodel/config/option.h"

namespace perfmodel {

/// What restoring has to know of a setting, besides its prior text.
enum class SettingRole {
  kPlain,
  kCore,  ///< brings a core online or takes it offline, and with it files that other entries need
  kMinimum,
  kMaximum,  ///< these two: one end of a range, whose other end is the partner
  kHeld,     ///< another file of its knob holds it ("rate" and "rate_locked"); without that it moves by itself
};

/// One write that a change of a knob needs, with what it replaces.
struct PlannedWrite {
  std::string setting;
  std::string prior;  ///< as it is to be written to return to it
  std::string text;
  SettingRole role = SettingRole::kPlain;
  std::string partner;
};

/// Something found that most often a tool left behind, so that nobody returns to it unasked.
struct Pin {
  std::string found;  ///< in words
  /// Whoever writes one of them returns to it in the end; but where the journal has one, it was not found like that.
  std::vector<std::string> settings;
  std::string returned_to = "that";  ///< in words
};

/// The lowest and the highest of all that a knob's files say, in its unit; NaN: they hold no level.
struct KnobState {
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// What the hardware runs at, in the knob's unit, over all places that tell it; NaN: nothing tells.
struct EffectiveLevel {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double lowest = std::numeric_limits<double>::quiet_NaN();
};

/// One knob of a board on this machine. Methods look at the machine anew each time and throw the errors of Settings;
/// kUnsupported: the machine lacks it.
class Knob {
 public:
  Knob(const KnobTable& table, Settings& settings) : table_(table), settings_(settings) {}
  virtual ~Knob();
  Knob(const Knob&) = delete;
  Knob& operator=(const Knob&) = delete;

  const KnobTable& table() const noexcept { return table_; }

  /// Its levels here; what is set, where that is a level, is the default.
  Option option() const;
  virtual KnobState state() const = 0;
  /// Whether state() can tell what was set.
  virtual bool can_be_read() const { return true; }
  /// The files that tell what the hardware runs at, to be looked for once and read often; none: nothing does, or no
  /// file.
  virtual std::vector<std::string> effective_files() const { return {}; }
  /// What these files, or the device, tell.
  virtual EffectiveLevel effective(const std::vector<std::string>& files) const;
  double effective() const { return effective(effective_files()).mean; }
  /// The writes that make it `value`, a level, in a safe order, each setting once; those that would change nothing are
  /// left out.
  virtual std::vector<PlannedWrite> plan(double value) const = 0;
  /// What is found to be pinned now.
  virtual std::vector<Pin> pins() const { return {}; }
  /// @throws Error kUnsupported, kPermission, kIo, ...: this process cannot set it.
  virtual void require_settable() const = 0;
  /// Why what is set does not outlast the programs that use the device; empty: it does, as far as can be told.
  virtual std::string why_not_kept() const { return ""; }
  /// Whether setting it changes the machine.
  virtual bool is_of_machine() const { return true; }

 protected:
  virtual Option levels(std::int64_t default_level) const = 0;
  Settings& settings() const noexcept { return settings_; }

 private:
  const KnobTable& table_;
  Settings& settings_;
};

/// @param table, settings  outlive the knob
std::unique_ptr<Knob> make_knob(const KnobTable& table, Settings& settings);

}  // namespace perfmodel
