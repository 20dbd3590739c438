#pragma once

#include <string>
#include <vector>

#include "knob/file_knob.h"
#include "knob/knob.h"

namespace perfmodel {

/// Writes in the order of the table.
class WrittenKnob : public FileKnob {
 public:
  using FileKnob::FileKnob;
  KnobState state() const override;
  std::vector<PlannedWrite> plan(double value) const override;

 protected:
  std::vector<std::string> written_files(const std::string& folder) const override;
  std::vector<Pin> own_pins(const std::string& folder) const override;

 private:
  double value_in(const std::string& text) const;
  std::string text_of(double value) const;
};

/// A minimum and a maximum, both set to the value. The kernel refuses a minimum above the maximum, so the maximum comes
/// first exactly when the new minimum is above the maximum of the moment.
class RangeKnob : public FileKnob {
 public:
  using FileKnob::FileKnob;
  KnobState state() const override;
  std::vector<PlannedWrite> plan(double value) const override;

 protected:
  std::vector<std::string> written_files(const std::string& folder) const override;
  std::vector<Pin> own_pins(const std::string& folder) const override;
};

/// A number of cores, the first included: others come online in the order of the table and go offline in reverse.
class CoreKnob : public FileKnob {
 public:
  using FileKnob::FileKnob;
  KnobState state() const override;
  std::vector<PlannedWrite> plan(double value) const override;

 protected:
  Option levels(std::int64_t default_level) const override;
  std::vector<std::string> written_files(const std::string& folder) const override;
  /// Cores that are offline, unless what would be turned off first takes them offline by itself.
  std::vector<Pin> own_pins(const std::string& folder) const override;

 private:
  /// Files of the cores that there are, in the order in which they come online.
  std::vector<std::string> core_files() const;
};

/// A setting of NVML.
class NvmlKnob : public Knob {
 public:
  using Knob::Knob;
  KnobState state() const override;
  bool can_be_read() const override { return table().nvml == NvmlSetting::kPowerLimit; }
  using Knob::effective;
  EffectiveLevel effective(const std::vector<std::string>&) const override;
  std::vector<PlannedWrite> plan(double value) const override;
  std::vector<Pin> pins() const override;
  void require_settable() const override;
  std::string why_not_kept() const override;

 protected:
  Option levels(std::int64_t default_level) const override;
};

/// What the workload is given.
class HandedKnob : public Knob {
 public:
  using Knob::Knob;
  KnobState state() const override { return {}; }
  bool can_be_read() const override { return false; }
  std::vector<PlannedWrite> plan(double) const override { return {}; }
  void require_settable() const override { option(); }
  bool is_of_machine() const override { return false; }

 protected:
  Option levels(std::int64_t default_level) const override;
};

}  // namespace perfmodel
