#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "board/nvml.h"
#include "perfmodel/knob/knob_driver.h"
#include "sysfs/file_system.h"

namespace perfmodel {

/// What drivers and restores work on, so that tests can stand in for the machine.
struct KnobMachine {
  std::shared_ptr<FileSystem> files;          ///< under the root
  std::shared_ptr<FileSystem> journal_files;  ///< of the machine itself: where the journal lies
  std::string journal_path;                   ///< absolute
  std::string lock_path;                      ///< of its one writer, whatever the journal; without ".lock"
  std::string user_lock_path;                 ///< where this user may not use that one; "": then it may not write
  std::function<std::shared_ptr<Nvml>()> open_nvml;
  std::shared_ptr<Clock> clock;
  bool is_privileged = false;  ///< may lock clocks by NVML, as far as can be told beforehand
};

/// @throws Error kInvalidArgument: an empty root, a wait that is negative, not finite or longer than an hour.
KnobMachine knob_machine(const KnobDriverOptions& options);

KnobDriver make_knob_driver(Board board, KnobDriverOptions options, const KnobMachine& machine);

/// restore_from_journal() on another machine than this.
RestoreReport restore_journal(const KnobMachine& machine, double max_settle_s,
                              const std::vector<std::string>& forget = {});

/// restore_after_restart() on another machine than this.
std::optional<RestoreReport> restore_journal_after_restart(const KnobMachine& machine, double max_settle_s);

/// KnobDriver::roll_back() for a process that is gone.
/// @param owner  its journal_owner(); a journal of another stays, and counts as nothing to do
RestoreReport roll_back_journal(const KnobMachine& machine, double max_settle_s, const std::string& owner);

/// Which start of the machine this is: "unknown" where the kernel does not say.
std::string boot_id(FileSystem& files);

}  // namespace perfmodel
