#pragma once

#include <functional>
#include <memory>
#include <string>

#include "perfmodel/core/export.h"
#include "perfmodel/knob/knob_driver.h"

namespace perfmodel {

/// Restores a driver's knobs when it goes out of scope, also when an exception does that.
class PERFMODEL_EXPORT KnobGuard {
 public:
  /// @param on_failure  is told what the destructor could not restore; must not throw.
  explicit KnobGuard(KnobDriver& driver, std::function<void(const RestoreReport&)> on_failure = {});
  ~KnobGuard();
  KnobGuard(const KnobGuard&) = delete;
  KnobGuard& operator=(const KnobGuard&) = delete;

  /// Restores now.
  RestoreReport restore() noexcept;
  /// Leaves the knobs as they are set; their journal stays for restore_from_journal().
  void keep() noexcept;

 private:
  KnobDriver* driver_;
  std::function<void(const RestoreReport&)> on_failure_;
};

/// Undoes what a program that is gone left behind: after SIGKILL, or at the next start after a power loss.
///
/// A journal of this boot: every prior value is written back. Of an earlier boot: the machine has started afresh since,
/// so only what still holds the value that was set is put back. Entries after a torn end were never acted on. The
/// journal is removed when all went well.
/// @param options  root, journal_path, nvml_library, max_settle_s, clock.
/// @return nothing to do (no journal) counts as complete.
/// @throws Error kBusy (a driver is writing), kPermission (also: the journal is another user's), kIo (the journal
/// cannot
///         be read), kCorrupt (a damaged journal, which stays; the entries that are whole are restored), kVersion,
///         kInvalidArgument (options).
PERFMODEL_EXPORT RestoreReport restore_from_journal(const KnobDriverOptions& options = {});

/// A small process beside a tool that restores the knobs when the tool is gone without having done so: a pipe between
/// the two closes however the tool ends, SIGKILL included. It forks and goes on with more than a thread's fork may do,
/// so that it belongs at the start of main(), before there are threads. SIGINT, SIGTERM, SIGHUP and SIGQUIT do not end
/// it. It tries for ten seconds; what it could not restore it writes to the standard error, and the journal stays.
class PERFMODEL_EXPORT GuardProcess {
 public:
  /// @param options  as restore_from_journal(), but with the machine's clock. The journal need not exist yet.
  /// @throws Error kInvalidArgument (options), kIo (no process could be started).
  explicit GuardProcess(const KnobDriverOptions& options);
  /// Tells it that all is restored, or to be kept, and waits for its end.
  ~GuardProcess();
  GuardProcess(const GuardProcess&) = delete;
  GuardProcess& operator=(const GuardProcess&) = delete;

  int process_id() const noexcept { return process_; }

 private:
  int process_ = -1, pipe_ = -1;
};

}  // namespace perfmodel
