/* Boards and drivers through the C API of perfmodel_measure, on a simulated board. */
#include "perfmodel_knob_c.h"

#include "check_init.h"
#include "perfmodel_power_c.h"
#include "simulated.h"

#define GPU "gpu_freq_hz"
static const double kGpuLow_hz = 522750e3, kGpuHigh_hz = 1236750e3;

static void init_fills_what_the_caller_has(void) {
  CHECK_INIT(perfmodel_driver_options, perfmodel_driver_options_init);
  CHECK_INIT(perfmodel_knob_status, perfmodel_knob_status_init);
  CHECK_INIT(perfmodel_knob_reading, perfmodel_knob_reading_init);
  CHECK_INIT(perfmodel_restore_report, perfmodel_restore_report_init);
  CHECK_INIT(perfmodel_simulated_options, perfmodel_simulated_options_init);
  CHECK_INIT(perfmodel_simulated_work, perfmodel_simulated_work_init);
  CHECK_INIT(perfmodel_simulated_run, perfmodel_simulated_run_init);
  perfmodel_driver_options options;
  CHECK_OK(perfmodel_driver_options_init(&options, sizeof options));
  CHECK(strcmp(options.root, "/") == 0 && options.journal_path == NULL && options.max_settle_s == 2);
  CHECK(options.continue_journal == 0 && options.accept_pinned == 0 && options.simulated == NULL);
}

static void lists_its_boards(void) {
  size_t num_boards = 0, found = 0;
  char text[64];
  CHECK_OK(perfmodel_num_boards(&num_boards));
  for (size_t i = 0; i < num_boards; ++i) {
    CHECK_OK(perfmodel_board_name(i, text, sizeof text, NULL));
    found += strcmp(text, "process") == 0 || strcmp(text, "simulated_jetson") == 0;
  }
  CHECK(found == 2);
  CHECK_FAILS(perfmodel_board_name(num_boards, text, sizeof text, NULL), PERFMODEL_ERROR_INVALID_ARGUMENT, "boards");
  CHECK_NULL(perfmodel_num_boards(NULL));

  size_t size = 0;
  CHECK_OK(perfmodel_board_table("process", NULL, 0, &size));
  char* table = malloc(size);
  if (table == NULL) abort();
  CHECK_OK(perfmodel_board_table("process", table, size, NULL));
  CHECK(strstr(table, "cpu_affinity") != NULL);
  perfmodel_driver* driver = NULL;
  CHECK_OK(perfmodel_driver_open_json(table, size - 1, NULL, &driver));
  CHECK_OK(perfmodel_driver_board(driver, text, sizeof text, NULL));
  CHECK(strcmp(text, "process") == 0);
  perfmodel_driver_destroy(driver);
  free(table);
  CHECK_FAILS(perfmodel_board_table("abacus", NULL, 0, &size), PERFMODEL_ERROR_NOT_FOUND, "abacus");
  CHECK_NULL(perfmodel_board_table(NULL, NULL, 0, &size));
}

static void finds_the_board(const char* root) {
  char text[64];
  CHECK_OK(perfmodel_board_detect(root, text, sizeof text, NULL));
  CHECK(strcmp(text, "simulated_jetson") == 0);
  CHECK_FAILS(perfmodel_board_detect(root, text, 3, NULL), PERFMODEL_ERROR_BUFFER_TOO_SMALL, "bytes");
}

static void refuses_bad_drivers(const char* folder) {
  perfmodel_driver* none = NULL;
  CHECK_FAILS(perfmodel_driver_open("abacus", NULL, &none), PERFMODEL_ERROR_NOT_FOUND, "abacus");
  CHECK_FAILS(perfmodel_driver_open_json("{", 1, NULL, &none), PERFMODEL_ERROR_PARSE, "");
  CHECK_FAILS(perfmodel_driver_open_file("/nowhere/b.json", NULL, &none), PERFMODEL_ERROR_NOT_FOUND, "/nowhere");
  perfmodel_driver_options options;
  CHECK_OK(perfmodel_driver_options_init(&options, sizeof options));
  options.max_settle_s = -1;
  CHECK_FAILS(perfmodel_driver_open("linux", &options, &none), PERFMODEL_ERROR_INVALID_ARGUMENT, "-1");
  options.max_settle_s = 1;
  options.root = NULL;
  CHECK_NULL(perfmodel_driver_open("linux", &options, &none));
  options.root = folder;
  options.struct_size = 3;
  CHECK_FAILS(perfmodel_driver_open("linux", &options, &none), PERFMODEL_ERROR_INVALID_ARGUMENT, "struct_size is 3");
  CHECK_NULL(perfmodel_driver_open("linux", NULL, NULL));
  CHECK_NULL(perfmodel_driver_open_file(NULL, NULL, &none));
  CHECK_NULL(perfmodel_driver_open_json(NULL, 0, NULL, &none));
  CHECK(none == NULL);
}

static void tells_its_knobs(const perfmodel_driver* driver) {
  size_t num_knobs = 0;
  char text[256];
  CHECK_OK(perfmodel_driver_num_knobs(driver, &num_knobs));
  CHECK(num_knobs == 7);
  CHECK_OK(perfmodel_driver_knob_name(driver, 2, text, sizeof text, NULL));
  CHECK(strcmp(text, GPU) == 0);
  CHECK_FAILS(perfmodel_driver_knob_name(driver, 7, text, sizeof text, NULL), PERFMODEL_ERROR_INVALID_ARGUMENT, "7");

  perfmodel_knob_status status;
  CHECK_OK(perfmodel_knob_status_init(&status, sizeof status));
  CHECK_OK(perfmodel_driver_get(driver, GPU, &status));
  CHECK(status.num_levels == 12 && status.writable == 1 && status.is_handed == 0);
  CHECK(status.why_not_code == PERFMODEL_OK);
  CHECK(isnan(status.current) && status.current_low == 114750e3 && status.current_high == kGpuHigh_hz);
  CHECK_OK(perfmodel_driver_unit(driver, GPU, text, sizeof text, NULL));
  CHECK(strcmp(text, "hz") == 0);
  CHECK_OK(perfmodel_driver_why_not(driver, GPU, text, sizeof text, NULL));
  CHECK(strcmp(text, "") == 0);
  CHECK_OK(perfmodel_driver_why_not_kept(driver, GPU, text, sizeof text, NULL));
  CHECK(strcmp(text, "") == 0);
  CHECK_OK(perfmodel_driver_pinned(driver, GPU, kGpuLow_hz, text, sizeof text, NULL));
  CHECK(strcmp(text, "") == 0);
  CHECK_FAILS(perfmodel_driver_pinned(driver, GPU, 1, text, sizeof text, NULL), PERFMODEL_ERROR_INVALID_ARGUMENT, GPU);
  CHECK_NULL(perfmodel_driver_pinned(NULL, GPU, kGpuLow_hz, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_driver_why_not_kept(driver, NULL, text, sizeof text, NULL));
  CHECK_OK(perfmodel_driver_get(driver, "batch_size", &status));
  CHECK(status.is_handed == 1 && status.writable == 1);
  CHECK_FAILS(perfmodel_driver_get(driver, "fan", &status), PERFMODEL_ERROR_NOT_FOUND, "fan");
  CHECK_NULL(perfmodel_driver_get(NULL, GPU, &status));
  CHECK_NULL(perfmodel_driver_get(driver, NULL, &status));
  CHECK_NULL(perfmodel_driver_get(driver, GPU, NULL));
  CHECK_NULL(perfmodel_driver_why_not(NULL, GPU, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_driver_unit(driver, NULL, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_driver_num_knobs(NULL, &num_knobs));
  CHECK_NULL(perfmodel_driver_num_knobs(driver, NULL));
  CHECK_NULL(perfmodel_driver_knob_name(NULL, 0, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_driver_board(NULL, text, sizeof text, NULL));

  const char* names[] = {GPU, "batch_size"};
  perfmodel_space* space = NULL;
  uint64_t num_points = 0;
  CHECK_OK(perfmodel_driver_space(driver, names, 2, &space));
  CHECK_OK(perfmodel_space_num_points(space, &num_points));
  CHECK(num_points == 12 * 6);
  perfmodel_space_destroy(space);
  names[1] = "fan";
  CHECK_FAILS(perfmodel_driver_space(driver, names, 2, &space), PERFMODEL_ERROR_NOT_FOUND, "fan");
  CHECK_NULL(perfmodel_driver_space(NULL, names, 1, &space));
  CHECK_NULL(perfmodel_driver_space(driver, NULL, 1, &space));
  CHECK_NULL(perfmodel_driver_space(driver, names, 1, NULL));
}

static void sets_reads_and_restores(perfmodel_simulated_board* board, perfmodel_driver* driver) {
  const char* names[] = {GPU, "num_cores"};
  double values[] = {522750e3, 2};
  perfmodel_knob_reading readings[2];
  CHECK_OK(perfmodel_knob_reading_init(&readings[0], sizeof readings[0]));
  CHECK_OK(perfmodel_driver_set(driver, names, values, 2, readings));
  CHECK(readings[0].requested == kGpuLow_hz && readings[0].read_back == kGpuLow_hz);
  CHECK(readings[1].requested == 2 && readings[1].read_back == 2 && readings[1].num_writes == 2);
  CHECK_OK(perfmodel_driver_set(driver, names, values, 2, NULL));
  int32_t changed = 0;
  CHECK_OK(perfmodel_driver_changed(driver, &changed));
  CHECK(changed == 1);

  perfmodel_knob_reading reading;
  CHECK_OK(perfmodel_knob_reading_init(&reading, sizeof reading));
  CHECK_OK(perfmodel_simulated_board_sleep(board, 0.1));
  CHECK_OK(perfmodel_driver_read(driver, GPU, &reading));
  CHECK(reading.effective == kGpuLow_hz);
  double mean[2], lowest[2];
  CHECK_OK(perfmodel_driver_effective(driver, names, 2, mean, lowest));
  CHECK(mean[0] == kGpuLow_hz && lowest[0] == kGpuLow_hz && isnan(mean[1]) == isnan(lowest[1]));
  CHECK_OK(perfmodel_driver_effective(driver, names, 1, mean, NULL));
  const char* unset = "cpu_freq_hz";
  CHECK_FAILS(perfmodel_driver_effective(driver, &unset, 1, mean, NULL), PERFMODEL_ERROR_NOT_FOUND, "was not set");
  CHECK_NULL(perfmodel_driver_effective(NULL, names, 1, mean, lowest));
  CHECK_NULL(perfmodel_driver_effective(driver, NULL, 1, mean, lowest));
  CHECK_NULL(perfmodel_driver_effective(driver, names, 1, NULL, lowest));
  CHECK_FAILS(perfmodel_driver_read(driver, "cpu_freq_hz", &reading), PERFMODEL_ERROR_NOT_FOUND, "was not set");
  values[0] = 1;
  CHECK_FAILS(perfmodel_driver_set(driver, names, values, 2, NULL), PERFMODEL_ERROR_INVALID_ARGUMENT, GPU);
  CHECK_NULL(perfmodel_driver_set(NULL, names, values, 2, NULL));
  CHECK_NULL(perfmodel_driver_set(driver, NULL, values, 2, NULL));
  CHECK_NULL(perfmodel_driver_set(driver, names, NULL, 2, NULL));
  CHECK_NULL(perfmodel_driver_read(NULL, GPU, &reading));
  CHECK_NULL(perfmodel_driver_read(driver, NULL, &reading));
  CHECK_NULL(perfmodel_driver_read(driver, GPU, NULL));

  const perfmodel_driver_options options = driver_options_for(board);
  CHECK_FAILS(perfmodel_restore_from_journal(&options, NULL, NULL, NULL), PERFMODEL_ERROR_BUSY, "");
  perfmodel_restore_report report;
  CHECK_OK(perfmodel_restore_report_init(&report, sizeof report));
  CHECK_OK(perfmodel_driver_restore(driver, NULL, NULL, &report));
  CHECK(report.num_restored == 4 && report.num_failed == 0); /* two cores, both ends of the GPU's range */
  CHECK_OK(perfmodel_driver_changed(driver, &changed));
  CHECK(changed == 0);
  CHECK_NULL(perfmodel_driver_restore(NULL, NULL, NULL, &report));
  CHECK_NULL(perfmodel_driver_changed(NULL, &changed));
  CHECK_NULL(perfmodel_driver_changed(driver, NULL));
}

static void runs_and_sleeps(perfmodel_simulated_board* board) {
  perfmodel_simulated_work work;
  perfmodel_simulated_run run, again;
  CHECK_OK(perfmodel_simulated_work_init(&work, sizeof work));
  CHECK_OK(perfmodel_simulated_run_init(&run, sizeof run));
  CHECK_OK(perfmodel_simulated_run_init(&again, sizeof again));
  double before_s = 0, before_joules = 0, after_s = 0, after_joules = 0, celsius = 0;
  CHECK_OK(perfmodel_simulated_board_state(board, &before_s, &before_joules, NULL));
  CHECK_OK(perfmodel_simulated_board_run(board, NULL, &run));
  CHECK_OK(perfmodel_simulated_board_state(board, &after_s, &after_joules, &celsius));
  CHECK(fabs(1e3 * (after_s - before_s) - run.latency_ms) < 1e-6 * run.latency_ms);
  CHECK(fabs(after_joules - before_joules - run.joules) < 1e-6 * run.joules);
  CHECK(celsius > 20 && run.throttled == 0);
  work.workload = PERFMODEL_SIMULATED_VGG16;
  CHECK_OK(perfmodel_simulated_board_run(board, &work, &again));
  CHECK(again.latency_ms > run.latency_ms);
  CHECK_OK(perfmodel_simulated_board_sleep(board, 1));
  CHECK_OK(perfmodel_simulated_board_state(board, &after_s, NULL, NULL));
  CHECK(after_s > before_s + 1);

  work.workload = 9;
  CHECK_FAILS(perfmodel_simulated_board_run(board, &work, &run), PERFMODEL_ERROR_INVALID_ARGUMENT, "workload is 9");
  work.workload = PERFMODEL_SIMULATED_VGG16;
  work.batch = 0;
  CHECK_FAILS(perfmodel_simulated_board_run(board, &work, &run), PERFMODEL_ERROR_INVALID_ARGUMENT, "batch is 0");
  CHECK_FAILS(perfmodel_simulated_board_sleep(board, -1), PERFMODEL_ERROR_INVALID_ARGUMENT, "seconds is -1");
  CHECK_NULL(perfmodel_simulated_board_run(NULL, NULL, &run));
  CHECK_NULL(perfmodel_simulated_board_run(board, NULL, NULL));
  CHECK_NULL(perfmodel_simulated_board_sleep(NULL, 1));
  CHECK_NULL(perfmodel_simulated_board_state(NULL, NULL, NULL, NULL));
  CHECK_NULL(perfmodel_simulated_board_create(NULL, NULL, &board));
  CHECK_NULL(perfmodel_simulated_board_create("x", NULL, NULL));
}

static void meters_follow_its_time(perfmodel_simulated_board* board) {
  perfmodel_power_options options;
  CHECK_OK(perfmodel_power_options_init(&options, sizeof options));
  options.simulated = board;
  perfmodel_power_meters* meters = NULL;
  CHECK_OK(perfmodel_power_meters_open("simulated_jetson", &options, &meters));
  double before = 0, after = 0;
  CHECK_OK(perfmodel_power_meters_joules(meters, 0, &before));
  CHECK_OK(perfmodel_simulated_board_sleep(board, 10));
  CHECK_OK(perfmodel_power_meters_joules(meters, 0, &after));
  CHECK(after > before);
  perfmodel_power_meters_destroy(meters);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  perfmodel_driver_destroy(NULL);
  perfmodel_simulated_board_destroy(NULL);
  init_fills_what_the_caller_has();
  lists_its_boards();
  refuses_bad_drivers(argv[1]);
  perfmodel_simulated_board* board = make_board(argv[1], "knob_board");
  char* root = path_in(argv[1], "knob_board");
  finds_the_board(root);
  free(root);
  perfmodel_driver* driver = open_driver(board);
  tells_its_knobs(driver);
  sets_reads_and_restores(board, driver);
  perfmodel_driver_destroy(driver);
  runs_and_sleeps(board);
  meters_follow_its_time(board);
  perfmodel_simulated_board_destroy(board);
  return report();
}
