#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/knob/clock.h"
#include "perfmodel/knob/knob_driver.h"
#include "power/measure_windows.h"

namespace perfmodel {

/// Asks a driver for the effective values of its knobs again and again, on the clock's ticker, while the thread that
/// owns the driver is busy with the load and leaves it alone.
class LoadSampler {
 public:
  /// @param period_s  between two looks; longer where they would take more than a hundredth of a CPU
  LoadSampler(const KnobDriver& driver, std::vector<std::string> knobs, Clock& clock, double period_s);

  /// Medians of the looks; NaN: none was told.
  struct Level {
    double mean, lowest;  ///< see EffectiveValue
  };
  /// Ends the sampling.
  /// @return of each knob, over the looks within these windows
  std::vector<Level> finish(const std::vector<TimeWindow>& windows);

 private:
  struct Look {
    double time_s;
    std::vector<Level> levels;  ///< of each knob; NaN: not told
  };
  void look() noexcept;

  const KnobDriver& driver_;
  Clock& clock_;
  const std::vector<std::string> knobs_;
  std::vector<Look> looks_;
  std::unique_ptr<Ticker> ticker_;  // last: it uses the others
};

}  // namespace perfmodel
