// The energy of a network on a board whose knobs are set for it, and put back afterwards.
//
//   measure_under_knobs FOLDER
//
// FOLDER holds a simulated board, and is made if it is not there. On a machine of your own the board is detect_board(),
// options and clocks are those that come of themselves, and the work is yours.

#include <cstdio>
#include <memory>
#include <vector>

#include "perfmodel/core/error.h"
#include "perfmodel/knob/board.h"
#include "perfmodel/knob/knob_driver.h"
#include "perfmodel/knob/knob_guard.h"
#include "perfmodel/knob/simulated_board.h"
#include "perfmodel/power/power_meter.h"

using namespace perfmodel;

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::fprintf(stderr, "usage: measure_under_knobs FOLDER\n");
    return 2;
  }
  SimulatedBoard simulated(argv[1]);
  const Board board = simulated.board();
  KnobDriverOptions options;
  options.root = simulated.root();
  PowerMeterOptions meter_options;
  meter_options.root = simulated.root();
  options.clock = meter_options.clock = simulated.clock();

  const GuardProcess guard_process(options);  // undoes what was set when this process is killed
  KnobDriver driver(board, options);
  const KnobGuard guard(driver);  // undoes it at the end
  driver.set({{"num_cores", 2}, {"gpu_freq_hz", 522750000}});

  const std::vector<std::unique_ptr<PowerMeter>> meters = open_power_meters(board, meter_options);
  const auto work = [&] { simulated.run(SimulatedWorkload::kResnet50, {}); };
  const std::vector<EnergyWindow> windows = measure_energy(meters, work, {}, simulated.clock());
  for (const KnobReading& reading : driver.read()) {
    std::printf("%s is %.0f\n", reading.name.c_str(), reading.read_back);
  }
  for (std::size_t i = 0; i < meters.size(); ++i) {
    std::printf("%s: %.3f J a run, off by %.3f at most, %.1f W\n", meters[i]->info().name.c_str(),
                windows[i].joules_per_run, windows[i].error_joules / windows[i].repeats, windows[i].mean_watts);
  }
} catch (const Error& error) {
  std::fprintf(stderr, "measure_under_knobs: %s\n", error.what());
  return 1;
}
