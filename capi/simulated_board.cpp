#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "measure_handles.h"
#include "structs.h"

namespace capi = perfmodel::capi;

using perfmodel::Error;
using perfmodel::ErrorCode;

constexpr const char* struct_name(const perfmodel_simulated_options&) {
  return "perfmodel_simulated_options";
}
constexpr const char* struct_name(const perfmodel_simulated_work&) {
  return "perfmodel_simulated_work";
}
constexpr const char* struct_name(const perfmodel_simulated_run&) {
  return "perfmodel_simulated_run";
}

namespace {

constexpr double kLongestSleep_s = 1e6;

perfmodel_simulated_options default_options() noexcept {
  const perfmodel::SimulatedBoardOptions defaults;
  return {sizeof(perfmodel_simulated_options), defaults.seed, defaults.noise_fraction, defaults.ambient_celsius,
          defaults.sensor_period_s};
}

perfmodel_simulated_work default_work() noexcept {
  return {sizeof(perfmodel_simulated_work), PERFMODEL_SIMULATED_RESNET50, 1, 1, 1};
}

perfmodel::SimulatedWorkload workload_from_c(std::int32_t workload) {
  if (workload == PERFMODEL_SIMULATED_RESNET50) return perfmodel::SimulatedWorkload::kResnet50;
  if (workload == PERFMODEL_SIMULATED_VGG16) return perfmodel::SimulatedWorkload::kVgg16;
  throw Error(ErrorCode::kInvalidArgument, fmt::format("workload is {}, allowed are {} and {}", workload,
                                                       +PERFMODEL_SIMULATED_RESNET50, +PERFMODEL_SIMULATED_VGG16));
}

perfmodel::SimulatedSettings settings_from_c(const perfmodel_simulated_work& work) {
  if (work.batch < 1 || work.batch > std::numeric_limits<int>::max()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("batch is {}, allowed is 1 to 1024", work.batch));
  }
  return {work.memory_growth != 0, work.memory_fraction, static_cast<int>(work.batch)};
}

}  // namespace

perfmodel_status perfmodel_simulated_options_init(perfmodel_simulated_options* options,
                                                  std::size_t struct_size) noexcept {
  return capi::init_struct(options, struct_size, default_options());
}

perfmodel_status perfmodel_simulated_work_init(perfmodel_simulated_work* work, std::size_t struct_size) noexcept {
  return capi::init_struct(work, struct_size, default_work());
}

perfmodel_status perfmodel_simulated_run_init(perfmodel_simulated_run* run, std::size_t struct_size) noexcept {
  return capi::init_struct(run, struct_size, {});
}

perfmodel_status perfmodel_simulated_board_create(const char* folder, const perfmodel_simulated_options* options,
                                                  perfmodel_simulated_board** out_board) noexcept {
  return capi::guard([&] {
    capi::require(folder != nullptr && out_board != nullptr, "folder or out_board is NULL");
    perfmodel_simulated_options c = default_options();
    if (options != nullptr) c = capi::read_struct(options, options->struct_size, c);
    perfmodel::SimulatedBoardOptions board;
    board.seed = c.seed;
    board.noise_fraction = c.noise_fraction;
    board.ambient_celsius = c.ambient_celsius;
    board.sensor_period_s = c.sensor_period_s;
    *out_board = new perfmodel_simulated_board{perfmodel::SimulatedBoard(folder, board)};
  });
}

void perfmodel_simulated_board_destroy(perfmodel_simulated_board* board) noexcept {
  delete board;
}

perfmodel_status perfmodel_simulated_board_run(perfmodel_simulated_board* board, const perfmodel_simulated_work* work,
                                               perfmodel_simulated_run* out_run) noexcept {
  return capi::guard([&] {
    capi::require(board != nullptr && out_run != nullptr, "board or out_run is NULL");
    const std::size_t struct_size = capi::checked_size(out_run);
    perfmodel_simulated_work c = default_work();
    if (work != nullptr) c = capi::read_struct(work, work->struct_size, c);
    const perfmodel::SimulatedRun run = board->impl.run(workload_from_c(c.workload), settings_from_c(c));
    const perfmodel_simulated_run told{
        sizeof told, run.latency_ms, run.latency_ms_per_image, run.joules, run.mean_watts, run.throttled, 0};
    capi::write_struct(told, out_run, struct_size);
  });
}

perfmodel_status perfmodel_simulated_board_sleep(perfmodel_simulated_board* board, double seconds) noexcept {
  return capi::guard([&] {
    capi::require(board != nullptr, "board is NULL");
    if (!(seconds >= 0 && seconds <= kLongestSleep_s)) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("seconds is {}, allowed is 0 to {}", seconds, kLongestSleep_s));
    }
    board->impl.clock()->sleep_s(seconds);
  });
}

perfmodel_status perfmodel_simulated_board_state(const perfmodel_simulated_board* board, double* out_s,
                                                 double* out_joules, double* out_celsius) noexcept {
  return capi::guard([&] {
    capi::require(board != nullptr, "board is NULL");
    if (out_s != nullptr) *out_s = board->impl.clock()->now_s();
    if (out_joules != nullptr) *out_joules = board->impl.true_joules();
    if (out_celsius != nullptr) *out_celsius = board->impl.temperature_celsius();
  });
}
