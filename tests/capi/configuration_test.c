/* Campaigns over configurations through the C API of perfmodel_measure, on a simulated board and by a command. */
#include "perfmodel_configuration_c.h"

#include "check_init.h"
#include "perfmodel_measure_c.h"
#include "simulated.h"

enum { NUM_OPTIONS = 2, NUM_CONFIGURATIONS = 4 };

static const char kSpace[] =
    "{\"options\": [{\"name\": \"gpu_freq_hz\", \"kind\": \"ordinal\", \"levels\": [522750000, 1236750000]},"
    " {\"name\": \"network\", \"kind\": \"categorical\", \"levels\": [\"resnet50\", \"vgg16\"]}]}";
static const double kValues[NUM_CONFIGURATIONS * NUM_OPTIONS] = {522750e3, 0, 522750e3, 1, 1236750e3, 0, 1236750e3, 1};

/* What the workload and the log see. */
typedef struct seen {
  perfmodel_simulated_board* board;
  int num_runs, num_lines, fails, cancels;
  int tells_windows; /* 2: a bad one */
} seen;

static perfmodel_status run_on_board(perfmodel_workload_run* run, void* user_data) {
  seen* see = user_data;
  ++see->num_runs;
  CHECK(run->num_options == NUM_OPTIONS && run->num_objectives == 2 && run->reason_capacity > 20);
  CHECK(strcmp(run->options[0], "gpu_freq_hz") == 0 && strcmp(run->options[1], "network") == 0);
  CHECK(isnan(run->objectives[0]) && isnan(run->objectives[1]));
  CHECK(isnan(run->window_begin_s) && isnan(run->window_end_s) && isnan(run->window_runs));
  if (see->cancels) return PERFMODEL_ERROR_CANCELLED;
  const int is_vgg = strcmp(run->texts[1], "vgg16") == 0;
  if (see->fails && is_vgg) {
    strcpy(run->reason, "the fan is off");
    return PERFMODEL_ERROR_TIMEOUT;
  }
  perfmodel_simulated_work work;
  perfmodel_simulated_run result;
  CHECK_OK(perfmodel_simulated_work_init(&work, sizeof work));
  CHECK_OK(perfmodel_simulated_run_init(&result, sizeof result));
  work.workload = is_vgg ? PERFMODEL_SIMULATED_VGG16 : PERFMODEL_SIMULATED_RESNET50;
  const perfmodel_status status = perfmodel_simulated_board_run(see->board, &work, &result);
  run->objectives[0] = result.latency_ms;
  run->objectives[1] = result.joules;
  if (see->tells_windows) {
    CHECK_OK(perfmodel_simulated_board_state(see->board, &run->window_end_s, NULL, NULL));
    run->window_begin_s = run->window_end_s - (see->tells_windows == 1 ? 0.5e-3 * result.latency_ms : -1);
    run->window_runs = 2;
  }
  return status;
}

static void count_line(int32_t level, const char* message, void* user_data) {
  CHECK(level == PERFMODEL_LOG_INFO || level == PERFMODEL_LOG_WARNING);
  CHECK(message[0] != '\0');
  ++((seen*)user_data)->num_lines;
}

static const char* const kObjectives[] = {"latency_ms", "true_joules"};

static perfmodel_configuration_options options_for(seen* see, perfmodel_power_meters* meters) {
  perfmodel_configuration_options options;
  CHECK_OK(perfmodel_configuration_options_init(&options, sizeof options));
  CHECK(options.repeats == 3 && options.warmup_runs == 1 && options.random_order == 1 && options.timeout_s == 600);
  options.objectives = kObjectives;
  options.num_objectives = 2;
  options.workload = run_on_board;
  options.identity = "two networks";
  options.meters = meters;
  options.min_energy_updates = 5;
  options.log = count_line;
  options.user_data = see;
  return options;
}

static perfmodel_campaign_report empty_report(void) {
  perfmodel_campaign_report report;
  CHECK_OK(perfmodel_campaign_report_init(&report, sizeof report));
  return report;
}

/* A path for a campaign that is not there yet. */
static char* new_campaign(const char* folder, const char* name) {
  char* path = path_in(folder, name);
  remove(path);
  return path;
}

static void check_counts(const char* path, uint64_t num_ok, uint64_t num_failed) {
  perfmodel_campaign* campaign = NULL;
  perfmodel_campaign_counts counts;
  CHECK_OK(perfmodel_campaign_open(path, &campaign));
  CHECK_OK(perfmodel_campaign_counts_init(&counts, sizeof counts));
  CHECK_OK(perfmodel_campaign_count(campaign, &counts));
  CHECK(counts.num_ok == num_ok && counts.num_failed == num_failed);
  perfmodel_campaign_destroy(campaign);
}

static void measures_and_resumes(const char* folder, const perfmodel_space* space, perfmodel_driver* driver,
                                 perfmodel_power_meters* meters, seen* see) {
  char* path = new_campaign(folder, "configurations.sqlite");
  perfmodel_configuration_options options = options_for(see, meters);
  perfmodel_campaign_report report = empty_report();
  CHECK_OK(perfmodel_measure_configurations(path, space, kValues, NUM_CONFIGURATIONS, driver, &options, &report));
  CHECK(report.num_measured == 4 && report.num_failed == 0 && report.complete == 1);
  check_counts(path, 4, 0);
  const int num_runs = see->num_runs;
  CHECK_OK(perfmodel_measure_configurations(path, space, kValues, NUM_CONFIGURATIONS, driver, &options, &report));
  CHECK(report.num_measured == 0 && report.num_resumed == 4 && see->num_runs == num_runs);
  int32_t changed = 1;
  CHECK_OK(perfmodel_driver_changed(driver, &changed));
  CHECK(changed == 0);

  options.seed = 1;
  CHECK_FAILS(perfmodel_measure_configurations(path, space, kValues, NUM_CONFIGURATIONS, driver, &options, &report),
              PERFMODEL_ERROR_MISMATCH, "seed");
  free(path);
}

/* A campaign's table, to be freed. */
static char* table_of(const char* path, const char* folder) {
  char* csv_path = path_in(folder, "table.csv");
  perfmodel_campaign* campaign = NULL;
  CHECK_OK(perfmodel_campaign_open(path, &campaign));
  CHECK_OK(perfmodel_campaign_export_csv(campaign, csv_path));
  perfmodel_campaign_destroy(campaign);
  size_t size = 0;
  char* csv = read_bytes(csv_path, &size);
  csv[size] = '\0';
  free(csv_path);
  return csv;
}

static void failures_are_rows(const char* folder, const perfmodel_space* space, perfmodel_driver* driver, seen* see) {
  char* path = new_campaign(folder, "failed_configurations.sqlite");
  const perfmodel_configuration_options options = options_for(see, NULL);
  perfmodel_campaign_report report = empty_report();
  see->fails = 1;
  CHECK_OK(perfmodel_measure_configurations(path, space, kValues, NUM_CONFIGURATIONS, driver, &options, &report));
  CHECK(report.num_measured == 4 && report.num_failed == 2);
  see->fails = 0;
  char* csv = table_of(path, folder);
  CHECK(strstr(csv, "the fan is off") != NULL && strstr(csv, "two networks") != NULL);
  CHECK(strstr(csv, "simulated_jetson (simulated)") != NULL);
  free(csv);
  free(path);
}

/* A column's number in the first row of a campaign, whose texts before it hold no comma. */
static double first_of_column(const char* path, const char* column, const char* folder) {
  char* csv = table_of(path, folder);
  char* row = strchr(csv, '\n');
  CHECK(row != NULL);
  *row++ = '\0';
  const char* name = csv;
  while (name != NULL && (strncmp(name, column, strlen(column)) != 0 || name[strlen(column)] != ',')) {
    name = strchr(name, ',');
    if (name != NULL) ++name;
    row = strchr(row, ',');
    if (row != NULL) ++row;
  }
  CHECK(name != NULL && row != NULL);
  const double value = row == NULL ? NAN : atof(row);
  free(csv);
  return value;
}

static void windows_are_told(const char* folder, const perfmodel_space* space, perfmodel_driver* driver, seen* see) {
  char* path = new_campaign(folder, "window_configurations.sqlite");
  perfmodel_configuration_options options = options_for(see, NULL);
  perfmodel_campaign_report report = empty_report();
  see->tells_windows = 1;
  CHECK_OK(perfmodel_measure_configurations(path, space, kValues, NUM_CONFIGURATIONS, driver, &options, &report));
  CHECK(report.num_measured == 4 && report.num_failed == 0);
  CHECK(first_of_column(path, "window_told", folder) == 1);
  CHECK(first_of_column(path, "num_calls", folder) == 3 && first_of_column(path, "num_runs", folder) == 6);
  free(path);
  path = new_campaign(folder, "bad_window_configurations.sqlite");
  see->tells_windows = 2;
  CHECK_OK(perfmodel_measure_configurations(path, space, kValues, NUM_CONFIGURATIONS, driver, &options, &report));
  CHECK(report.num_measured == 4 && report.num_failed == 4);
  see->tells_windows = 0;
  free(path);
}

static void cancelling_ends_it(const char* folder, const perfmodel_space* space, perfmodel_driver* driver, seen* see) {
  char* path = new_campaign(folder, "cancelled_configurations.sqlite");
  const perfmodel_configuration_options options = options_for(see, NULL);
  see->cancels = 1;
  CHECK_FAILS(perfmodel_measure_configurations(path, space, kValues, NUM_CONFIGURATIONS, driver, &options, NULL),
              PERFMODEL_ERROR_CANCELLED, "");
  see->cancels = 0;
  check_counts(path, 0, 0);
  free(path);
}

static void dry_runs_say_what_would_be(const perfmodel_space* space, perfmodel_driver* driver, seen* see) {
  perfmodel_configuration_options options = options_for(see, NULL);
  perfmodel_campaign_report report = empty_report();
  options.dry_run = 1;
  see->num_runs = see->num_lines = 0;
  CHECK_OK(perfmodel_measure_configurations(NULL, space, kValues, NUM_CONFIGURATIONS, driver, &options, &report));
  CHECK(see->num_runs == 0 && see->num_lines == 5 && report.num_failed == 0 && report.complete == 0);
}

static void measures_by_a_command(const char* folder) {
  static const char space_text[] = "{\"options\": [{\"name\": \"nice\", \"kind\": \"ordinal\", \"levels\": [3, 8]}]}";
  static const double values[] = {3, 8};
  static const char* const objective = "priority";
  perfmodel_driver_options driver_options;
  perfmodel_configuration_options options;
  perfmodel_driver* driver = NULL;
  perfmodel_space* space = NULL;
  CHECK_OK(perfmodel_driver_options_init(&driver_options, sizeof driver_options));
  CHECK_OK(perfmodel_configuration_options_init(&options, sizeof options));
  driver_options.root = folder;
  CHECK_OK(perfmodel_driver_open("process", &driver_options, &driver));
  CHECK_OK(perfmodel_space_from_json(space_text, strlen(space_text), &space));
  options.objectives = &objective;
  options.num_objectives = 1;
  options.command = "f() { echo priority=$(nice); }; f";
  options.repeats = 1;
  options.warmup_runs = 0;
  char* path = new_campaign(folder, "nice_configurations.sqlite");
  perfmodel_campaign_report report = empty_report();
  CHECK_OK(perfmodel_measure_configurations(path, space, values, 2, driver, &options, &report));
  CHECK(report.num_measured == 2 && report.num_failed == 0);
  free(path);
  path = new_campaign(folder, "absent_configurations.sqlite");
  options.command = "/no/such/program";
  CHECK_FAILS(perfmodel_measure_configurations(path, space, values, 2, driver, &options, &report),
              PERFMODEL_ERROR_NOT_FOUND, "127");
  free(path);
  perfmodel_space_destroy(space);
  perfmodel_driver_destroy(driver);
}

static void bad_arguments_are_told(const perfmodel_space* space, perfmodel_driver* driver, seen* see) {
  perfmodel_configuration_options options = options_for(see, NULL);
  perfmodel_campaign_report report = empty_report();
  CHECK_NULL(perfmodel_measure_configurations(NULL, space, kValues, 1, driver, &options, &report));
  CHECK_NULL(perfmodel_measure_configurations("x", NULL, kValues, 1, driver, &options, &report));
  CHECK_NULL(perfmodel_measure_configurations("x", space, NULL, 1, driver, &options, &report));
  CHECK_NULL(perfmodel_measure_configurations("x", space, kValues, 1, NULL, &options, &report));
  CHECK_NULL(perfmodel_measure_configurations("x", space, kValues, 1, driver, NULL, &report));
  options.command = "true";
  CHECK_FAILS(perfmodel_measure_configurations("x", space, kValues, 1, driver, &options, &report),
              PERFMODEL_ERROR_INVALID_ARGUMENT, "either a workload or a command");
  options = options_for(see, NULL);
  options.repeats = -1;
  CHECK_FAILS(perfmodel_measure_configurations("x", space, kValues, 1, driver, &options, &report),
              PERFMODEL_ERROR_INVALID_ARGUMENT, "repeats is -1");
  options.repeats = 1;
  const double no_level[] = {1, 0};
  CHECK_FAILS(perfmodel_measure_configurations("x", space, no_level, 1, driver, &options, &report),
              PERFMODEL_ERROR_INVALID_ARGUMENT, "gpu_freq_hz");
  report.struct_size = 1;
  CHECK_FAILS(perfmodel_measure_configurations("x", space, kValues, 1, driver, &options, &report),
              PERFMODEL_ERROR_INVALID_ARGUMENT, "perfmodel_campaign_report: struct_size is 1");
}

static void count_refused(size_t index, const char* reason, void* user_data) {
  CHECK(index >= 2 && strstr(reason, "gpu_freq_hz") != NULL);
  ++((seen*)user_data)->num_lines;
}

static void checks_configurations(const perfmodel_space* space, const perfmodel_driver* driver, seen* see) {
  size_t num_refused = 9;
  CHECK_OK(
      perfmodel_check_configurations(space, kValues, NUM_CONFIGURATIONS, driver, count_refused, see, &num_refused));
  CHECK(num_refused == 0);
  static const char kOther[] =
      "{\"options\": [{\"name\": \"gpu_freq_hz\", \"kind\": \"ordinal\", \"levels\": [522750000, 600000000]}]}";
  static const double kOfOther[] = {522750e3, 522750e3, 600e6};
  perfmodel_space* other = NULL;
  CHECK_OK(perfmodel_space_from_json(kOther, strlen(kOther), &other));
  see->num_lines = 0;
  CHECK_OK(perfmodel_check_configurations(other, kOfOther, 3, driver, count_refused, see, &num_refused));
  CHECK(num_refused == 1 && see->num_lines == 1);
  CHECK_OK(perfmodel_check_configurations(other, kOfOther, 3, driver, NULL, NULL, &num_refused));
  perfmodel_space_destroy(other);
  CHECK_NULL(perfmodel_check_configurations(NULL, kValues, 1, driver, NULL, NULL, &num_refused));
  CHECK_NULL(perfmodel_check_configurations(space, NULL, 1, driver, NULL, NULL, &num_refused));
  CHECK_NULL(perfmodel_check_configurations(space, kValues, 1, NULL, NULL, NULL, &num_refused));
  CHECK_NULL(perfmodel_check_configurations(space, kValues, 1, driver, NULL, NULL, NULL));
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  CHECK_INIT(perfmodel_configuration_options, perfmodel_configuration_options_init);
  CHECK_INIT(perfmodel_campaign_report, perfmodel_campaign_report_init);
  seen see = {make_board(argv[1], "configuration_board"), 0, 0, 0, 0, 0};
  perfmodel_driver* driver = open_driver(see.board);
  perfmodel_space* space = NULL;
  CHECK_OK(perfmodel_space_from_json(kSpace, strlen(kSpace), &space));
  bad_arguments_are_told(space, driver, &see);
  checks_configurations(space, driver, &see);
  dry_runs_say_what_would_be(space, driver, &see);
  int32_t has_sqlite = 0;
  CHECK_OK(perfmodel_has_feature("sqlite", &has_sqlite));
  if (has_sqlite) {
    perfmodel_power_options power_options;
    CHECK_OK(perfmodel_power_options_init(&power_options, sizeof power_options));
    power_options.simulated = see.board;
    perfmodel_power_meters* meters = NULL;
    CHECK_OK(perfmodel_power_meters_open("simulated_jetson", &power_options, &meters));
    measures_and_resumes(argv[1], space, driver, meters, &see);
    perfmodel_power_meters_destroy(meters);
    failures_are_rows(argv[1], space, driver, &see);
    windows_are_told(argv[1], space, driver, &see);
    cancelling_ends_it(argv[1], space, driver, &see);
    measures_by_a_command(argv[1]);
  }
  perfmodel_space_destroy(space);
  perfmodel_driver_destroy(driver);
  perfmodel_simulated_board_destroy(see.board);
  return report();
}
