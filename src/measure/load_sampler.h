#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/knob/clock.h"
#include "perfmodel/knob/knob_driver.h"

namespace perfmodel {

/// Asks a driver for the effective values of its knobs again and again, on the clock's ticker, while the thread that
/// owns the driver is busy with the load and leaves it alone.
class LoadSampler {
 public:
  LoadSampler(const KnobDriver& driver, std::vector<std::string> knobs, Clock& clock, double period_s);

  /// Ends the sampling. Median effective value of each knob; NaN: none was told.
  std::vector<double> finish();

 private:
  void sample() noexcept;

  const KnobDriver& driver_;
  const std::vector<std::string> knobs_;
  std::vector<std::vector<double>> values_;  ///< of each knob
  std::unique_ptr<Ticker> ticker_;           // last: it uses the others
};

}  // namespace perfmodel
