#include "measure/knob_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>

#include "board/board_table.h"
#include "core/progress.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Kernels tell the clock of a core that works from counters, some tenths of a percent off; a step of a GPU's clock
/// (15 MHz of 2 GHz) is more.
constexpr double kLeastMiss_fraction = 0.005;

double tolerance_fraction(const Board& board, const std::string& knob) {
  for (const KnobTable& table : board.table().knobs) {
    if (table.name == knob) return table.tolerance_fraction;
  }
  return 0;
}

std::string change_text(const std::string& knob, double set, double now) {
  if (std::isnan(now)) return fmt::format("knob '{}' was set to {} and cannot be read after the runs", knob, set);
  return fmt::format("knob '{}' was set to {} and has {} after the runs: something else has changed it", knob, set,
                     now);
}

}  // namespace

const KnobReading* find_reading(const std::vector<KnobReading>& readings, const std::string& knob) {
  const auto found = std::find_if(readings.begin(), readings.end(),
                                  [&knob](const KnobReading& reading) { return reading.name == knob; });
  return found == readings.end() ? nullptr : &*found;
}

void look_at_knobs(const KnobDriver& driver, const std::vector<std::string>& knobs,
                   ConfigurationRecord& record) noexcept {
  for (std::size_t i = 0; i < knobs.size(); ++i) {
    try {
      const KnobStatus knob = driver.get(knobs[i]);
      record.knobs[i].read_back = knob.current;
      record.knobs[i].effective = knob.effective;
    } catch (const std::exception&) {
      // It stays unknown.
    }
  }
}

void require_unchanged_knobs(const KnobDriver& driver, const std::vector<std::string>& knobs,
                             ConfigurationRecord& record) {
  const std::vector<KnobReading> now = driver.read();
  std::string changed;
  for (std::size_t i = 0; i < knobs.size(); ++i) {
    const KnobReading* after = find_reading(now, knobs[i]);
    const double set = record.knobs[i].read_back;
    if (after == nullptr || std::isnan(set)) continue;
    const double tolerance = tolerance_fraction(driver.board(), knobs[i]) * std::abs(set);
    if (std::abs(after->read_back - set) <= tolerance) continue;
    record.knobs[i].read_back = after->read_back;
    if (changed.empty()) changed = change_text(knobs[i], set, after->read_back);
  }
  if (!changed.empty()) throw Error(ErrorCode::kMismatch, changed);
}

void count_missed_knobs(const Board& board, const std::vector<std::string>& knobs,
                        const std::vector<KnobReading>& readings, const Callbacks& callbacks,
                        ConfigurationRecord& record) {
  double num_told = 0, num_missed = 0;
  for (std::size_t i = 0; i < knobs.size(); ++i) {
    const KnobReading* const reading = find_reading(readings, knobs[i]);
    const double effective = record.knobs[i].effective;
    if (reading == nullptr || std::isnan(effective)) continue;
    ++num_told;
    const double fraction = std::max(tolerance_fraction(board, knobs[i]), kLeastMiss_fraction);
    if (std::abs(effective - reading->requested) <= fraction * std::abs(reading->requested)) continue;
    ++num_missed;
    log_message(callbacks, LogLevel::kWarning,
                fmt::format("knob '{}' was set to {} and ran at {}", knobs[i], reading->requested, effective));
  }
  if (num_told > 0) record.num_missed_knobs = num_missed;
}

}  // namespace perfmodel
