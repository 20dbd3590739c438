/* Power meters through the C API of perfmodel_measure, on files that make_power_files wrote. */
#include "perfmodel_power_c.h"

#include <math.h>

#include "check_init.h"
#include "perfmodel_simulated_c.h"

enum { GPU, PACKAGE, NUM_METERS };

/* Writes a file of the board's, whole at once as the kernel does: meters read it on a thread of their own. */
static void put(const char* root, const char* name, const char* text) {
  char* path = path_in(root, name);
  char* new_path = path_in(root, "new_file");
  FILE* file = fopen(new_path, "w");
  if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0 || rename(new_path, path) != 0) abort();
  free(new_path);
  free(path);
}

static const char kCounter[] = "sys/class/powercap/intel-rapl:0/energy_uj";
static const char kPower[] = "i2c/in_power1_input";

static perfmodel_power_options options_for(const char* root) {
  perfmodel_power_options options;
  CHECK_OK(perfmodel_power_options_init(&options, sizeof options));
  options.root = root;
  options.nvml_library = "/nowhere/libnvidia-ml.so.1";
  options.sample_period_s = 0.001;
  return options;
}

static perfmodel_power_meters* open_meters(const char* folder, const char* root) {
  const perfmodel_power_options options = options_for(root);
  perfmodel_power_meters* meters = NULL;
  char* path = path_in(folder, "power_board.json");
  CHECK_OK(perfmodel_power_meters_open_file(path, &options, &meters));
  free(path);
  if (meters == NULL) exit(1);
  return meters;
}

static void init_fills_what_the_caller_has(void) {
  CHECK_INIT(perfmodel_power_options, perfmodel_power_options_init);
  CHECK_INIT(perfmodel_energy_options, perfmodel_energy_options_init);
  CHECK_INIT(perfmodel_energy_window, perfmodel_energy_window_init);
  perfmodel_power_options options;
  CHECK_OK(perfmodel_power_options_init(&options, sizeof options));
  CHECK(strcmp(options.root, "/") == 0 && strcmp(options.nvml_library, "libnvidia-ml.so.1") == 0);
  CHECK(options.sample_period_s == 0);
  perfmodel_energy_options energy;
  CHECK_OK(perfmodel_energy_options_init(&energy, sizeof energy));
  CHECK(energy.min_updates == 50 && energy.max_seconds == 60 && energy.idle_seconds == 0 && energy.min_repeats == 1);
}

static void check_name(const perfmodel_power_meters* meters, size_t index, const char* name, const char* rail) {
  char text[64];
  size_t size = 0;
  CHECK_OK(perfmodel_power_meters_name(meters, index, text, sizeof text, &size));
  CHECK(strcmp(text, name) == 0 && size == strlen(name) + 1);
  CHECK_OK(perfmodel_power_meters_rail(meters, index, text, sizeof text, NULL));
  CHECK(strcmp(text, rail) == 0);
}

static void tells_what_there_is(const char* folder, const char* root) {
  perfmodel_power_meters* meters = open_meters(folder, root);
  size_t count = 0;
  CHECK_OK(perfmodel_power_meters_count(meters, &count));
  CHECK(count == NUM_METERS);
  check_name(meters, GPU, "gpu", "in_power1");
  check_name(meters, PACKAGE, "package", "package-0");

  char text[200];
  size_t size = 0;
  CHECK_OK(perfmodel_power_meters_source(meters, GPU, text, sizeof text, NULL));
  CHECK(strcmp(text, "/i2c/in_power1_input") == 0);
  CHECK_FAILS(perfmodel_power_meters_source(meters, GPU, text, 5, &size), PERFMODEL_ERROR_BUFFER_TOO_SMALL, "21");
  CHECK(size == 21);
  CHECK_OK(perfmodel_power_meters_why_not(meters, text, sizeof text, NULL));
  CHECK(strcmp(text, "fan: there is no /i2c/in_power9_input") == 0);

  perfmodel_power_meter_info info;
  info.struct_size = sizeof info;
  CHECK_OK(perfmodel_power_meters_info(meters, GPU, &info));
  CHECK(info.is_counter == 0 && info.is_sum == 0 && info.simulated == 1 && info.reserved == 0);
  CHECK(info.sample_period_s == 0.001 && info.update_period_s == 0 && info.delay_s == 0);
  CHECK_NEAR(info.resolution_watts, 0.001);
  CHECK(info.resolution_joules == 0);
  CHECK_OK(perfmodel_power_meters_info(meters, PACKAGE, &info));
  CHECK(info.is_counter == 1 && info.is_sum == 1 && info.sample_period_s == 0 && info.update_period_s == 0.001);
  CHECK_NEAR(info.resolution_joules, 1e-6);

  info.struct_size = offsetof(perfmodel_power_meter_info, update_period_s); /* of an older caller */
  info.update_period_s = -1;
  CHECK_OK(perfmodel_power_meters_info(meters, PACKAGE, &info));
  CHECK(info.is_sum == 1 && info.update_period_s == -1);

  double number = 0;
  CHECK_OK(perfmodel_power_meters_temperature(meters, &number));
  CHECK_NEAR(number, 41.5);
  CHECK_OK(perfmodel_power_meters_throttle_count(meters, &number));
  CHECK(number == 3);
  CHECK_OK(perfmodel_power_meters_throttled(meters, &number));
  CHECK(isnan(number)); /* no GPU */
  perfmodel_power_meters_destroy(meters);
}

static void reads_energy_and_power(const char* folder, const char* root) {
  perfmodel_power_meters* meters = open_meters(folder, root);
  double joules = -1, watts = 0, error_joules = 0;
  CHECK_OK(perfmodel_power_meters_joules(meters, PACKAGE, &joules));
  CHECK(joules == 0);
  put(root, kCounter, "3500000\n");
  CHECK_OK(perfmodel_power_meters_joules(meters, PACKAGE, &joules));
  CHECK_NEAR(joules, 2.5);
  CHECK_OK(perfmodel_power_meters_watts(meters, GPU, &watts));
  CHECK_NEAR(watts, 2.5);
  CHECK_OK(perfmodel_power_meters_error_joules(meters, PACKAGE, 10, 5, &error_joules));
  CHECK_NEAR(error_joules, 0.001 * 5 + 1e-6);
  CHECK_FAILS(perfmodel_power_meters_error_joules(meters, PACKAGE, -1, 5, &error_joules),
              PERFMODEL_ERROR_INVALID_ARGUMENT, "window_s is -1");

  put(root, kPower, "gone\n");
  CHECK_FAILS(perfmodel_power_meters_watts(meters, GPU, &watts), PERFMODEL_ERROR_IO, "power meter 'gpu'");
  put(root, kPower, "2500\n");
  put(root, kCounter, "1000000\n");
  CHECK_FAILS(perfmodel_power_meters_joules(meters, PACKAGE, &joules), PERFMODEL_ERROR_IO,
              "'package': the counter went");
  CHECK_NEAR(joules, 2.5);
  perfmodel_power_meters_destroy(meters);
}

typedef struct work_state {
  const char* root;
  int runs, fails_at;
} work_state;

/* Uses 0.5 J. */
static int32_t work(void* user_data) {
  work_state* state = user_data;
  char text[32];
  sprintf(text, "%d\n", 1000000 + 500000 * ++state->runs);
  put(state->root, kCounter, text);
  return state->runs == state->fails_at ? 7 : 0;
}

static void measures_work(const char* folder, const char* root) {
  perfmodel_power_meters* meters = open_meters(folder, root);
  perfmodel_energy_options options;
  CHECK_OK(perfmodel_energy_options_init(&options, sizeof options));
  options.min_updates = 0;
  options.min_repeats = 4;
  options.idle_seconds = 0.01;
  work_state state = {root, 0, 0};
  perfmodel_energy_window windows[NUM_METERS];
  windows[0].struct_size = sizeof windows[0];
  CHECK_OK(perfmodel_power_meters_measure(meters, work, &state, &options, windows));
  for (int i = 0; i < NUM_METERS; ++i) CHECK(windows[i].struct_size == sizeof windows[0] && windows[i].repeats == 4);
  CHECK(state.runs == 4);
  CHECK_NEAR(windows[PACKAGE].joules, 2.0);
  CHECK_NEAR(windows[PACKAGE].joules_per_run, 0.5);
  CHECK(windows[PACKAGE].idle_watts == 0 && windows[PACKAGE].duration_s > 0 && windows[PACKAGE].error_joules > 0);
  CHECK(windows[GPU].joules > 0 && windows[GPU].mean_watts > 0 && windows[GPU].idle_watts > 0);

  state.fails_at = state.runs + 2;
  CHECK_FAILS(perfmodel_power_meters_measure(meters, work, &state, &options, windows), PERFMODEL_ERROR_CANCELLED,
              "the work ended with 7");
  CHECK(windows[PACKAGE].repeats == 4);
  state.runs = 0;
  put(root, kCounter, "1000000\n");
  options.min_repeats = 0;
  CHECK_FAILS(perfmodel_power_meters_measure(meters, work, &state, &options, windows), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "min_repeats is 0, allowed is 1 to");
  options.min_repeats = 1;
  options.max_seconds = 0;
  CHECK_FAILS(perfmodel_power_meters_measure(meters, work, &state, &options, windows), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "max_seconds is 0");
  windows[0].struct_size = 3;
  CHECK_FAILS(perfmodel_power_meters_measure(meters, work, &state, NULL, windows), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "perfmodel_energy_window: struct_size is 3");
  CHECK(state.runs == 0);
  CHECK_NULL(perfmodel_power_meters_measure(NULL, work, &state, NULL, windows));
  CHECK_NULL(perfmodel_power_meters_measure(meters, NULL, &state, NULL, windows));
  CHECK_NULL(perfmodel_power_meters_measure(meters, work, &state, NULL, NULL));
  perfmodel_power_meters_destroy(meters);
}

static void opens_boards_in_three_ways(const char* root) {
  const perfmodel_power_options options = options_for(root);
  perfmodel_power_meters* meters = NULL;
  CHECK_OK(perfmodel_power_meters_open("linux", &options, &meters));
  check_name(meters, 0, "powercap:package-0", "package-0");
  perfmodel_power_meters_destroy(meters);
  CHECK_OK(perfmodel_power_meters_open(NULL, &options, &meters)); /* found by its folder of CPUs */
  check_name(meters, 0, "powercap:package-0", "package-0");
  perfmodel_power_meters_destroy(meters);

  static const char board[] =
      "{\"version\": 1, \"name\": \"bare\", \"title\": \"Bare\", \"tested_on_hardware\": false, \"knobs\": []}";
  CHECK_OK(perfmodel_power_meters_open_json(board, strlen(board), &options, &meters));
  size_t count = 1;
  double celsius = 0;
  CHECK_OK(perfmodel_power_meters_count(meters, &count));
  CHECK(count == 0);
  CHECK_OK(perfmodel_power_meters_temperature(meters, &celsius));
  CHECK(isnan(celsius));
  work_state state = {root, 0, 0};
  CHECK_OK(perfmodel_power_meters_measure(meters, work, &state, NULL, NULL));
  CHECK(state.runs == 1);
  put(root, kCounter, "1000000\n");
  perfmodel_power_meters_destroy(meters);

  meters = NULL;
  CHECK_FAILS(perfmodel_power_meters_open("toaster", &options, &meters), PERFMODEL_ERROR_NOT_FOUND, "jetson_orin");
  CHECK_FAILS(perfmodel_power_meters_open_file("/nowhere/board.json", &options, &meters), PERFMODEL_ERROR_NOT_FOUND,
              "/nowhere/board.json");
  CHECK_FAILS(perfmodel_power_meters_open_json("{", 1, &options, &meters), PERFMODEL_ERROR_PARSE, "board table");
  perfmodel_power_options bad = options;
  bad.root = "/nowhere";
  CHECK_FAILS(perfmodel_power_meters_open(NULL, &bad, &meters), PERFMODEL_ERROR_UNSUPPORTED, "jetson");
  bad = options;
  bad.sample_period_s = -1;
  CHECK_FAILS(perfmodel_power_meters_open("linux", &bad, &meters), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "sample_period_s is -1");
  bad = options;
  bad.root = NULL;
  CHECK_NULL(perfmodel_power_meters_open("linux", &bad, &meters));
  CHECK_NULL(perfmodel_power_meters_open("linux", &options, NULL));
  CHECK_NULL(perfmodel_power_meters_open_file(NULL, &options, &meters));
  CHECK_NULL(perfmodel_power_meters_open_json(NULL, 1, &options, &meters));
  CHECK(meters == NULL);
}

/* What one run of the board came to. */
typedef struct board_work {
  perfmodel_simulated_board* board;
  perfmodel_simulated_run run;
} board_work;

static int32_t run_board(void* user_data) {
  board_work* state = user_data;
  CHECK_OK(perfmodel_simulated_board_run(state->board, NULL, &state->run));
  return 0;
}

/* In the board's time: real time has nothing to do with its power. */
static const double kSensor_s = 0.001;
static void measures_a_simulated_board(const char* folder) {
  perfmodel_simulated_options board_options;
  CHECK_OK(perfmodel_simulated_options_init(&board_options, sizeof board_options));
  board_options.noise_fraction = 0;
  board_work state;
  state.board = NULL;
  char* path = path_in(folder, "power_simulated");
  CHECK_OK(perfmodel_simulated_board_create(path, &board_options, &state.board));
  free(path);
  perfmodel_power_options options;
  CHECK_OK(perfmodel_power_options_init(&options, sizeof options));
  options.simulated = state.board;
  perfmodel_power_meters* meters = NULL;
  CHECK_OK(perfmodel_power_meters_open("simulated_jetson", &options, &meters));
  size_t count = 0;
  CHECK_OK(perfmodel_power_meters_count(meters, &count));
  enum { MOST_METERS = 16 };
  CHECK(count > 0 && count <= MOST_METERS);
  perfmodel_energy_window windows[MOST_METERS];
  windows[0].struct_size = sizeof windows[0];
  CHECK_OK(perfmodel_simulated_run_init(&state.run, sizeof state.run));
  double begin_s = 0, end_s = 0, joules = -1, error_joules = -1;
  perfmodel_energy_record* records[MOST_METERS];
  for (size_t i = 0; i < count; ++i) CHECK_OK(perfmodel_power_meters_record(meters, i, &records[i]));
  CHECK_OK(perfmodel_simulated_board_state(state.board, &begin_s, NULL, NULL));
  CHECK_OK(perfmodel_power_meters_measure(meters, run_board, &state, NULL, windows));
  CHECK_OK(perfmodel_simulated_board_state(state.board, &end_s, NULL, NULL));
  int num_sums = 0;
  for (size_t i = 0; i < count; ++i) {
    perfmodel_power_meter_info info;
    info.struct_size = sizeof info;
    CHECK_OK(perfmodel_power_meters_info(meters, i, &info));
    CHECK(fabs(windows[i].duration_s + kSensor_s - (end_s - begin_s)) < 1e-9); /* it waits for the sensors to tell */
    if (!info.is_sum) continue;
    ++num_sums;
    CHECK(fabs(windows[i].mean_watts - state.run.mean_watts) < 0.1 * state.run.mean_watts);
    const double nearly_s = begin_s + 0.99 * windows[i].duration_s;
    CHECK_OK(perfmodel_energy_record_between(records[i], begin_s, nearly_s, &joules, &error_joules));
    CHECK(fabs(joules - windows[i].joules) < 0.05 * joules && error_joules > 0);
    CHECK_OK(perfmodel_energy_record_between(records[i], begin_s, nearly_s, &joules, NULL));
    CHECK_FAILS(perfmodel_energy_record_between(records[i], end_s, begin_s, &joules, NULL),
                PERFMODEL_ERROR_INVALID_ARGUMENT, "");
    CHECK_NULL(perfmodel_energy_record_between(records[i], begin_s, end_s, NULL, NULL));
  }
  for (size_t i = 0; i < count; ++i) perfmodel_energy_record_destroy(records[i]);
  CHECK(num_sums > 0);
  perfmodel_power_meters_destroy(meters);
  perfmodel_simulated_board_destroy(state.board);
}

static void refuses_null_and_bad_indices(const char* folder, const char* root) {
  perfmodel_power_meters* meters = open_meters(folder, root);
  double number = 0;
  size_t count = 0;
  char text[64];
  perfmodel_power_meter_info info;
  info.struct_size = sizeof info;
  CHECK_NULL(perfmodel_power_meters_count(NULL, &count));
  CHECK_NULL(perfmodel_power_meters_count(meters, NULL));
  CHECK_NULL(perfmodel_power_meters_why_not(NULL, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_power_meters_why_not(meters, NULL, 0, NULL));
  CHECK_NULL(perfmodel_power_meters_info(NULL, 0, &info));
  CHECK_NULL(perfmodel_power_meters_info(meters, 0, NULL));
  CHECK_NULL(perfmodel_power_meters_name(NULL, 0, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_power_meters_rail(NULL, 0, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_power_meters_source(NULL, 0, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_power_meters_joules(NULL, 0, &number));
  CHECK_NULL(perfmodel_power_meters_joules(meters, 0, NULL));
  CHECK_NULL(perfmodel_power_meters_watts(NULL, 0, &number));
  CHECK_NULL(perfmodel_power_meters_watts(meters, 0, NULL));
  CHECK_NULL(perfmodel_power_meters_error_joules(NULL, 0, 1, 1, &number));
  CHECK_NULL(perfmodel_power_meters_error_joules(meters, 0, 1, 1, NULL));
  CHECK_NULL(perfmodel_power_meters_temperature(NULL, &number));
  CHECK_NULL(perfmodel_power_meters_temperature(meters, NULL));
  CHECK_NULL(perfmodel_power_meters_throttle_count(NULL, &number));
  CHECK_NULL(perfmodel_power_meters_throttle_count(meters, NULL));
  CHECK_NULL(perfmodel_power_meters_throttled(NULL, &number));
  CHECK_NULL(perfmodel_power_meters_throttled(meters, NULL));
  perfmodel_energy_record* record = NULL;
  CHECK_NULL(perfmodel_power_meters_record(NULL, 0, &record));
  CHECK_NULL(perfmodel_power_meters_record(meters, 0, NULL));
  CHECK_NULL(perfmodel_energy_record_between(NULL, 0, 1, &number, NULL));
  perfmodel_energy_record_destroy(NULL);
  CHECK_FAILS(perfmodel_power_meters_joules(meters, NUM_METERS, &number), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "meter_index is 2, there are 2 meters");
  perfmodel_power_meters_destroy(meters);
  perfmodel_power_meters_destroy(NULL);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  char* root = path_in(argv[1], "power");
  init_fills_what_the_caller_has();
  tells_what_there_is(argv[1], root);
  reads_energy_and_power(argv[1], root);
  measures_work(argv[1], root);
  opens_boards_in_three_ways(root);
  measures_a_simulated_board(argv[1]);
  refuses_null_and_bad_indices(argv[1], root);
  free(root);
  return report();
}
