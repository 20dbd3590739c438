#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "knob/journal_text.h"
#include "knob/settings.h"

namespace perfmodel {

enum class RestoreScope {
  kAll,       ///< every prior value
  kStillSet,  ///< only of what still holds the value that was set
};

/// Writes prior values back: best effort, each entry for itself, in the reverse order of their first writes, but
///   1. cores that were online come online first, as other files exist only then;
///   2. then all else. A range's two ends are one step, in the order that never has its minimum above its maximum. What
///      cannot be written is tried once more, with all cores of the journal online;
///   3. cores that were offline go offline last.
class Restorer {
 public:
  /// @param max_settle_s  wait at most that long, for each of the three steps, for values to read back as written
  Restorer(Settings& settings, const std::vector<JournalEntry>& entries, RestoreScope scope, double max_settle_s);

  RestoreReport run();

 private:
  enum class Outcome { kUnchanged, kWritten, kFailed };
  struct Item {
    const JournalEntry* entry;
    Outcome outcome = Outcome::kUnchanged;
    std::string failure;
  };
  using Step = std::vector<Item*>;  ///< in the order of writing

  void restore_cores(bool online);
  void restore_others();
  void bring_all_cores_online();
  void restore_step(Step& step);
  void order_range(Step& step);
  void restore(Item& item);
  bool is_wanted(const JournalEntry& entry, const std::optional<std::string>& held) const;
  void verify(const Step& step);

  Settings& settings_;
  RestoreScope scope_;
  double max_settle_s_;
  std::vector<Item> items_;  ///< in the reverse order of their first writes
};

}  // namespace perfmodel
