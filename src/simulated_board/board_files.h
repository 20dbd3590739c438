#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "simulated_board/hardware.h"
#include "sysfs/file_system.h"

namespace perfmodel {

/// What the board shows of itself.
struct BoardReadings {
  BoardClocks clocks;
  double input_watts = 0, gpu_watts = 0, cpu_watts = 0;  ///< means of the last sensor period
  double joules = 0;                                     ///< since the board was made
  double temperature_celsius = 0;
  std::int64_t num_throttled = 0;
};

/// A board's side of its tree: it reads what the knobs' files hold, and writes the sensors'. Counters go on from what
/// their files hold at first.
class BoardFiles {
 public:
  /// @throws Error kNotFound, kPermission, kIo: a sensor's file cannot be opened.
  explicit BoardFiles(const std::string& folder);
  ~BoardFiles();
  BoardFiles(const BoardFiles&) = delete;
  BoardFiles& operator=(const BoardFiles&) = delete;

  /// @throws Error kCorrupt: a knob's file does not hold a number that it can take; kNotFound, kPermission, kIo.
  KnobSettings read_knobs() const;
  void write(const BoardReadings& readings) noexcept;
  /// @throws Error kNoSpace, kIo: a file could not be written since the last call; names the first.
  void throw_if_failed();

 private:
  class SensorFile;

  double number_in(const std::string& path, double highest) const;

  std::shared_ptr<FileSystem> files_;
  std::vector<std::unique_ptr<SensorFile>> sensors_;
  double counted_uj_ = 0;
  std::int64_t counted_throttled_ = 0;
};

}  // namespace perfmodel
