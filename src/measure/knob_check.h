#pragma once

#include <string>
#include <vector>

#include "measure/configuration_record.h"
#include "perfmodel/core/callbacks.h"
#include "perfmodel/knob/knob_driver.h"

namespace perfmodel {

// What knobs on hardware are and run at, against what they were set to, for the record of a measurement: of each of
// `knobs`, in the order of the record's.

/// Nullptr: there is none of that knob.
const KnobReading* find_reading(const std::vector<KnobReading>& readings, const std::string& knob);

/// Notes what the knobs are now; what cannot be read stays unknown.
void look_at_knobs(const KnobDriver& driver, const std::vector<std::string>& knobs,
                   ConfigurationRecord& record) noexcept;

/// Knobs that cannot be read even when they are set are taken to stay as they were set.
/// @throws Error kMismatch: a knob has another value than the record's read-back, which becomes what it has now.
void require_unchanged_knobs(const KnobDriver& driver, const std::vector<std::string>& knobs,
                             ConfigurationRecord& record);

/// Counts those that ran at another value than was set, and warns. A device may accept a value and run at another: that
/// is how long runs take there, so the row is good, but marked.
/// @param readings  of what was set
void count_missed_knobs(const Board& board, const std::vector<std::string>& knobs,
                        const std::vector<KnobReading>& readings, const Callbacks& callbacks,
                        ConfigurationRecord& record);

}  // namespace perfmodel
