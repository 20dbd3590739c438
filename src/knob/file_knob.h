#pragma once

#include <string>
#include <vector>

#include "knob/knob.h"

namespace perfmodel {

/// A knob that is set by files, in one folder or in several alike.
class FileKnob : public Knob {
 public:
  using Knob::effective;
  using Knob::Knob;
  std::vector<std::string> effective_files() const override;
  EffectiveLevel effective(const std::vector<std::string>& files) const override;
  std::vector<Pin> pins() const override;
  void require_settable() const override;

 protected:
  Option levels(std::int64_t default_level) const override;
  /// The files that plan() may write in a folder, preconditions aside.
  virtual std::vector<std::string> written_files(const std::string& folder) const = 0;
  /// What of these files is found to be pinned.
  virtual std::vector<Pin> own_pins(const std::string& folder) const = 0;

  /// Those that the table's paths lie in; one that is "" where the table names none.
  /// @throws Error kUnsupported: none is there.
  std::vector<std::string> folders() const;
  /// A path of the table: as it is when it begins with '/', else in the folder.
  std::string in_folder(const std::string& folder, const std::string& path) const;

  /// A file's number in the knob's unit.
  /// @throws Error kUnsupported: it holds something else.
  double number_at(const std::string& file) const;

  bool holds(const std::string& file, const std::string& text) const;

  /// What has to be written before the knob's own files in a folder: each file, and its text.
  std::vector<KnobWrite> preconditions(const std::string& folder) const;
  /// Adds it to a plan.
  void plan_preconditions(const std::string& folder, std::vector<PlannedWrite>& plan) const;
  /// Adds a write, unless the file holds that already or the plan has one of it.
  void plan_write(const std::string& file, const std::string& text, std::vector<PlannedWrite>& plan,
                  SettingRole role = SettingRole::kPlain) const;

 private:
  /// The files of a precondition; none: it is optional, and not there.
  std::vector<std::string> precondition_files(const std::string& folder, const Precondition& condition) const;
  void require_writable(const std::string& file) const;
  /// @throws Error kUnsupported: none is.
  std::vector<std::string> active_ones(std::vector<std::string> found) const;
  std::vector<double> listed_levels(const std::string& folder) const;
};

}  // namespace perfmodel
