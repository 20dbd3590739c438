#pragma once

#include <functional>
#include <memory>
#include <string>

#include "board/nvml.h"
#include "perfmodel/knob/knob_driver.h"
#include "sysfs/file_system.h"

namespace perfmodel {

/// What drivers and restores work on, so that tests can stand in for the machine.
struct KnobMachine {
  std::shared_ptr<FileSystem> files;          ///< under the root
  std::shared_ptr<FileSystem> journal_files;  ///< of the machine itself: where the journal lies
  std::string journal_path;                   ///< absolute
  std::function<std::shared_ptr<Nvml>()> open_nvml;
  std::shared_ptr<Clock> clock;
  bool is_privileged = false;  ///< may lock clocks by NVML, as far as can be told beforehand
};

/// @throws Error kInvalidArgument: an empty root, a wait that is negative, not finite or longer than an hour.
KnobMachine knob_machine(const KnobDriverOptions& options);

KnobDriver make_knob_driver(Board board, KnobDriverOptions options, const KnobMachine& machine);

/// restore_from_journal() on another machine than this.
RestoreReport restore_journal(const KnobMachine& machine, double max_settle_s);

/// Which start of the machine this is: "unknown" where the kernel does not say.
std::string boot_id(FileSystem& files);

}  // namespace perfmodel
