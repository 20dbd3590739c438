#pragma once

#include <memory>
#include <string>
#include <vector>

#include "knob/knob.h"
#include "knob/knob_journal.h"
#include "knob/restorer.h"

namespace perfmodel {

/// The part of a driver that writes: keeps the journal, sets one knob at a time, restores all.
class KnobWriter {
 public:
  /// @param settings  outlives the writer
  KnobWriter(Settings& settings, std::string board, const KnobDriverOptions& options);

  /// Takes the lock and looks for a journal that was left behind, unless that is done already.
  /// @throws Error kBusy, kPermission, kNoSpace, kIo, kCorrupt, kVersion.
  void begin();

  /// Throws what begin() would because of a journal, and takes no lock.
  void require_can_begin() const;

  /// Sets a knob of the machine to a level of its option and reads it back. begin() comes first.
  /// @throws Error as KnobDriver::set().
  KnobReading set(const Knob& knob, const Option& option, double value);

  /// Why it refuses to return to what is found; empty: it does not.
  /// @param plan  what is to be written; nullptr: something of the knob
  std::string pinned(const Knob& knob, const Option& option, const std::vector<PlannedWrite>* plan = nullptr) const;

  RestoreReport restore() noexcept;
  /// The same for what this writer wrote alone: what others did before, in the same journal, stays.
  RestoreReport roll_back() noexcept;
  bool changed() const noexcept;

 private:
  enum class UndoScope { kAll, kOwn };

  RestoreReport undo(UndoScope scope) noexcept;
  void take_over(const Journal& left, const std::string& boot);
  void require_acceptable(const Journal& left, const std::string& boot) const;
  bool is_own(const Pin& pin) const;
  void require_not_pinned(const Knob& knob, const Option& option, const std::vector<PlannedWrite>& plan) const;
  void read_back(const Knob& knob, const Option& option, KnobReading& reading) const;

  Settings& settings_;
  std::string board_;
  UnfinishedJournal unfinished_;
  bool accept_pinned_;
  double max_settle_s_;
  std::string restore_first_;             ///< what to do about a journal that was left behind
  std::unique_ptr<KnobJournal> journal_;  ///< and the lock; none before begin()
};

/// One number for what a knob's files say: the one that is farthest from `value`.
double farthest_from(double value, const KnobState& state);

}  // namespace perfmodel
