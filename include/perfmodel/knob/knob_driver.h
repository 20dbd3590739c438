#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/error.h"
#include "perfmodel/core/export.h"
#include "perfmodel/knob/board.h"
#include "perfmodel/knob/clock.h"

namespace perfmodel {

struct KnobMachine;

/// A knob and the number it is to have, in the knob's unit; of a categorical knob the level's index.
struct KnobValue {
  std::string name;
  double value = 0;
};

/// What became of one knob.
struct KnobReading {
  std::string name;
  double requested = 0;
  double read_back = 0;  ///< what the setting says after it was written; NaN: it cannot be read
  /// What the hardware runs at now, under the load of the moment: the mean where several places tell, such as the
  /// policies of a CPU's clusters. NaN: nothing tells.
  double effective = 0;
  int num_writes = 0;  ///< writes this took: at most one per file, none where the value was there already
};

/// What the hardware runs at now; NaN: nothing tells.
struct EffectiveValue {
  std::string name;
  double mean = 0;    ///< over all places that tell, such as the policies of a CPU's clusters
  double lowest = 0;  ///< of them; may be that of a cluster with nothing to do
};

/// A knob of this machine.
struct KnobStatus {
  std::string name;
  std::string unit;                          ///< "" for counts, flags and names
  std::optional<Option> option;              ///< with the levels found on this machine; none when these are not known
  double current = 0;                        ///< NaN: cannot be read, or a range that is not pinned to one level
  double current_low = 0, current_high = 0;  ///< of a range; both `current` otherwise
  double effective = 0;                      ///< as KnobReading::effective
  bool writable = false;
  std::string why_not;                      ///< empty when writable
  ErrorCode why_not_code = ErrorCode::kOk;  ///< what set() would throw; another driver at work aside; kOk when writable
  /// Why what is set may not stay when this process ends, as the GPU's driver forgets it; empty: it stays, or nobody
  /// knows.
  std::string why_not_kept;
  bool is_handed = false;  ///< only programs that are measured are given it: setting it changes nothing by itself
};

/// What to do with a journal that was left behind, when the first knob is written. One of an earlier start of the
/// machine is dropped in any case when nothing holds what it set; else it is kBusy: see restore_after_restart().
enum class UnfinishedJournal {
  kRefuse,  ///< another program's changes were never undone: kBusy, until they are
  /// Add to its journal: restore() then returns to the state before that program, roll_back() to what it left.
  kContinue,
};

struct KnobDriverOptions {
  std::string root = "/";  ///< folder that stands for "/"
  /// Where prior values are kept until they are restored. Empty: `/var/lib/perfmodel/knobs.journal` under `root`.
  std::string journal_path;
  UnfinishedJournal unfinished_journal = UnfinishedJournal::kRefuse;
  /// Takes for the state to return to what is most often what a tool left behind: a range that is pinned to one level
  /// already, a rate that is held, a gate that is off, a core that is offline and comes online. And an unlocked clock,
  /// where NVML does not tell whether it is locked.
  bool accept_pinned = false;
  double max_settle_s = 2;  ///< wait at most that long for a value to read back as written
  std::string nvml_library = "libnvidia-ml.so.1";
  std::shared_ptr<Clock> clock;  ///< empty: system_clock()
};

/// What a restore did.
struct RestoreReport {
  struct Failure {
    std::string what;    ///< the file or NVML setting
    std::string reason;  ///< one line
  };
  std::size_t num_restored = 0;   ///< written back
  std::size_t num_unchanged = 0;  ///< held their prior values
  std::vector<Failure> failures;
  std::vector<Failure> forgotten;  ///< could not be restored either, and need not be: see restore_from_journal()
  bool complete() const noexcept { return failures.empty(); }
};

/// Reads and sets the knobs of one board.
///
/// Any number of drivers may read; one at a time may write, whatever their journals (locks beside the journal and
/// under the root, taken by the first set() of a knob of the machine). Each prior value is in the journal, synced,
/// before its file is written for the first time. The destructor restores nothing: a KnobGuard does, or
/// restore_from_journal(). No shell, no other program is ever started. Not for use by several threads at once.
class PERFMODEL_EXPORT KnobDriver {
 public:
  /// Opens nothing for writing.
  /// @throws Error kInvalidArgument: options out of range.
  explicit KnobDriver(Board board, KnobDriverOptions options = {});
  ~KnobDriver();
  KnobDriver(KnobDriver&&) noexcept;
  KnobDriver& operator=(KnobDriver&&) noexcept;

  const Board& board() const noexcept;
  const KnobDriverOptions& options() const noexcept;

  /// Every knob of the board, in its order, whether this machine has it or not.
  std::vector<KnobStatus> list() const;
  /// Why set() would refuse to change a knob to this value, as it would have to return to what it finds now
  /// (accept_pinned); empty: it would not.
  /// @throws Error kNotFound (no such knob), kInvalidArgument (not a level); what reading it throws.
  std::string pinned(const KnobValue& value) const;
  /// One knob as list() tells it.
  /// @throws Error kNotFound (no such knob; lists them).
  KnobStatus get(const std::string& name) const;
  /// The space of these knobs, with the levels found here and what is set now, where it is a level, as default.
  /// @throws Error kNotFound (no such knob), kUnsupported (not on this machine, or its levels are not known).
  ConfigSpace space(const std::vector<std::string>& names) const;

  /// Sets knobs in the board's safe order, whatever order they are given in, and reads them back.
  ///
  /// Knobs that only workloads see (handed ones) are checked and kept for handed(); they need no privilege, no lock and
  /// no journal, and read back as they were given. When a knob fails, those before it stay as they are set, those after
  /// it are not touched.
  /// @return a reading per knob, in the board's order.
  /// @throws Error kNotFound (no such knob), kInvalidArgument (not a level; a knob twice): nothing is written then.
  ///         kUnsupported (not on this machine, or its file vanished), kPermission, kBusy (another driver writes; the
  ///         device says so; an unfinished journal, see UnfinishedJournal), kMismatch (reads back as another value
  ///         after max_settle_s, names both; the device refuses a level of its own; or what is found is no state to
  ///         return to, see accept_pinned), kNoSpace, kTimeout, kIo; kCorrupt, kVersion (a journal that was left
  ///         behind). Names the knob, where it is one's.
  std::vector<KnobReading> set(const std::vector<KnobValue>& values);
  /// Reads again what the last set() set; effective values are those under the load of the moment.
  std::vector<KnobReading> read() const;
  /// What the hardware makes now of those knobs of the machine that the last set() set, all of them, in the board's
  /// order; empty when it failed. Reads nothing but what tells that, from where it was after that set(): little enough
  /// to be done again and again under load (docs/knobs.md has its cost).
  std::vector<EffectiveValue> effective() const;

  /// Values of handed knobs set last: what the workload is to be given.
  const std::vector<KnobValue>& handed() const noexcept;

  /// Writes all prior values back: best effort, in reverse order, cores brought online before their frequencies; what
  /// fails is tried twice. Ends the journal and the lock when all went well; else the journal stays for the next try. A
  /// driver that was moved from has nothing to restore.
  RestoreReport restore() noexcept;
  /// The same for what this driver set alone: of a journal that it went on with, earlier entries stay, and what they
  /// set stays set.
  RestoreReport roll_back() noexcept;
  /// Whether there is something to restore.
  bool changed() const noexcept;

 private:
  struct Impl;
  explicit KnobDriver(std::unique_ptr<Impl> impl);
  friend KnobDriver make_knob_driver(Board board, KnobDriverOptions options, const KnobMachine& machine);

  std::unique_ptr<Impl> impl_;
};

}  // namespace perfmodel
