#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/knob/knob_driver.h"

namespace perfmodel {

/// Undoes what a driver set (KnobDriver::roll_back()) when it goes out of scope, also when an exception does that.
class PERFMODEL_EXPORT KnobGuard {
 public:
  /// @param on_failure  is told what the destructor could not restore; must not throw. None: it is a line on the
  ///                    standard error.
  explicit KnobGuard(KnobDriver& driver, std::function<void(const RestoreReport&)> on_failure = {});
  ~KnobGuard();
  KnobGuard(const KnobGuard&) = delete;
  KnobGuard& operator=(const KnobGuard&) = delete;

  /// Undoes it now.
  RestoreReport restore() noexcept;
  /// Leaves the knobs as they are set; their journal stays for restore_from_journal().
  void keep() noexcept;

 private:
  KnobDriver* driver_;
  std::function<void(const RestoreReport&)> on_failure_;
};

/// Undoes what a program that is gone left behind: after SIGKILL, or after a power loss.
///
/// A journal of this boot: every prior value is written back. Of an earlier boot: the machine has started afresh since,
/// so only what still holds the value that was set is put back. Entries after a torn end were never acted on. The
/// journal is removed when all went well.
/// @param options  root, journal_path, nvml_library, max_settle_s, clock.
/// @param forget   settings, as the journal names them, that leave it although they cannot be restored: their device is
///                 gone for good. Tried all the same. "line 2" is the second line of a damaged journal, which nobody
///                 can restore: without any other damage the journal goes.
/// @return nothing to do (no journal) counts as complete.
/// @throws Error kNotFound (nothing of that name to forget; nothing is done then), kBusy (a driver is writing),
///         kPermission (also: the journal is another user's), kIo (the journal cannot be read), kCorrupt (a damaged
///         journal, which stays as it is, while a damaged line is not among `forget`; the entries that are whole are
///         restored; or a file that is no journal, which stays, too), kVersion, kInvalidArgument (options).
PERFMODEL_EXPORT RestoreReport restore_from_journal(const KnobDriverOptions& options = {},
                                                    const std::vector<std::string>& forget = {});

/// The command that does the same, for messages to people: "perfmodel-knobs restore" with what of root and journal_path
/// is not the default, quoted for a shell.
PERFMODEL_EXPORT std::string restore_command(const KnobDriverOptions& options = {});

/// What a journal tells of that is not undone: left behind, meant to stay, or of a driver that is at work.
struct JournalStatus {
  std::string path;
  bool exists = false;
  std::string board;                  ///< of who wrote last
  int process = 0;                    ///< that wrote last; it may have ended
  std::vector<std::string> settings;  ///< files or NVML settings, in the order of their first writes
};

/// Takes no lock and changes nothing.
/// @throws Error kPermission, kIo, kCorrupt (no journal), kVersion; kInvalidArgument (options).
PERFMODEL_EXPORT JournalStatus journal_status(const KnobDriverOptions& options = {});

/// For the start of a tool: the same after a power loss, where the journal is of an earlier start of the machine. One
/// of this start stays as it is: what it tells of may be meant to stay, or is undone by a guard.
/// @return nothing: no such journal.
/// @throws Error as restore_from_journal().
PERFMODEL_EXPORT std::optional<RestoreReport> restore_after_restart(const KnobDriverOptions& options = {});

/// A small process beside a tool that undoes what the tool set when the tool is gone without having done so: a socket
/// between the two closes however the tool ends, SIGKILL included. It kills the programs first that
/// run_measuring_command() and watch_group() told it of. It forks and goes on with more than a thread's fork may do, so
/// that it belongs at the start of main(), before there are threads.
///
/// SIGINT, SIGTERM, SIGHUP and SIGQUIT do not end it. It undoes what drivers of this process set, as their journal says
/// by a random mark, and nothing that another process has kept or is setting. It tries for ten seconds; what it could
/// not restore it writes to the standard error, and the journal stays. It lives in "/", and of what the tool has open
/// it holds the standard error alone: a pipe that reads it ends with the guard.
class PERFMODEL_EXPORT GuardProcess {
 public:
  /// @param options  as restore_from_journal(), but with the machine's clock. The journal need not exist yet.
  /// @throws Error kInvalidArgument (options), kIo (no process could be started).
  explicit GuardProcess(const KnobDriverOptions& options);
  /// Without finish() before: lets it undo what this process left in the journal, and waits for its end. Drivers of
  /// this process hold their locks until they are gone, so that they go first.
  ~GuardProcess();
  GuardProcess(const GuardProcess&) = delete;
  GuardProcess& operator=(const GuardProcess&) = delete;

  /// It is to kill this process group, should this process end before leave_group(): a program must not go on beside
  /// whoever sets the knobs next. Both may be called after fork() and before the new process is a program, so that no
  /// moment is left in which nobody knows of it.
  void watch_group(int group) const noexcept;
  /// Before the group's first process is waited for: later its number may be another's.
  void leave_group(int group) const noexcept;

  /// Tells it that all is restored, or to be kept, and waits for its end. Once is enough.
  void finish() noexcept;
  /// Lets it undo now what this process left in the journal, and waits for its end, as the destructor does. Says on
  /// the standard error what it could not undo.
  /// @return whether nothing is left to be undone; also when there is no guard any more
  bool undo() noexcept;

  int process_id() const noexcept { return process_; }

 private:
  bool wait_for_end() noexcept;

  int process_ = -1, socket_ = -1;
};

}  // namespace perfmodel
