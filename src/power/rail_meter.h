#pragma once

#include <exception>
#include <memory>
#include <mutex>
#include <vector>

#include "power/accumulator.h"
#include "power/rails.h"

namespace perfmodel {

/// Reads one rail when asked, and between: to sample power, so that no wrap-around of a counter is missed, or for a
/// record.
class RailMeter : public PowerMeter {
 public:
  /// Reads the rail a first time; its energy begins there.
  /// @param sample_period_s  see PowerMeterOptions
  /// @throws Error kIo, kPermission, ...: it cannot be read. Without the meter's name.
  RailMeter(Rail rail, double sample_period_s, std::shared_ptr<Clock> clock);
  ~RailMeter() override;

  const PowerMeterInfo& info() const noexcept override { return rail_.info; }
  double joules() override;
  double watts() override;
  double error_joules(double window_s, double mean_watts) const noexcept override;
  std::unique_ptr<EnergyRecord> record() override;

 private:
  class Record;

  void read();  ///< REQUIRES the lock, or nobody else to know this meter
  void read_between() noexcept;
  /// Reads the rail, throws what that or a reading in between threw, and answers.
  template <typename Answer>
  double ask(const Answer& answer);

  Rail rail_;
  const double reading_period_s_;  ///< of samples, or of a counter's readings for a record
  const std::shared_ptr<Clock> clock_;
  mutable std::mutex mutex_;
  std::unique_ptr<Accumulator> accumulator_;
  std::vector<Record*> records_;    ///< take each reading
  std::exception_ptr failure_;      ///< of the first reading in between that failed since somebody asked
  std::unique_ptr<Ticker> ticker_;  ///< may be null
};

}  // namespace perfmodel
