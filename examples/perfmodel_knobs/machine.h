#pragma once

#include <cstdio>
#include <string>
#include <utility>

#include "options.h"
#include "perfmodel/knob/board.h"
#include "perfmodel/knob/knob_driver.h"

namespace perfmodel::tools {

/// The board that the command line names, or the one at hand.
/// @throws Error as built_in_board(), Board::read() and detect_board().
Board board_of(const MachineOptions& machine);

KnobDriverOptions driver_options(const MachineOptions& machine);

/// The board's title, with what a user must know of it: simulated, or untested on hardware.
std::string board_heading(const Board& board);

/// Why that is not "name=value"; empty: it is.
std::string why_no_setting(const std::string& text);
/// "name=value" in two.
/// @throws Error kInvalidArgument: no name, no "=".
std::pair<std::string, std::string> name_and_value(const std::string& setting);

/// A number for people, without loss: "1300500000"; "-" for what is not known.
std::string number_text(double value);

/// A level as people read it: its label, or its number in full.
std::string level_text(const Option& option, std::uint64_t level);

/// A knob's number as its level's text where it has levels.
std::string value_text(const KnobStatus& knob, double value);

/// What a restore did; failures and what is forgotten go to standard error.
void print_restore_report(const RestoreReport& report, bool json, std::FILE* out = stdout);
/// The same in numbers alone.
void print_restore_summary(const RestoreReport& report, bool json, std::FILE* out);

/// What a journal tells of that is not undone, and the command that undoes it, on standard error; nothing where there
/// is none.
void tell_of_journal(const KnobDriverOptions& options);

/// After a power loss: puts back what the journal of an earlier start of the machine tells of, and says so on standard
/// error. What stands in the way of that the driver says, when it has to write.
void undo_before_restart(const KnobDriverOptions& options);

}  // namespace perfmodel::tools
