/*
 * Sets two knobs of a board for as long as some work runs, says what they came to, and puts back what was there.
 *
 *   set_knob FOLDER
 *
 * FOLDER holds a simulated board, and is made if it is not there. On a machine of your own leave out what is simulated:
 * without options a driver is that of this machine, and perfmodel_board_detect() names its board. Built with:
 * cc set_knob.c $(pkg-config --cflags --libs perfmodel_measure_c)
 */
#include <perfmodel_knob_c.h>
#include <perfmodel_simulated_c.h>
#include <stdio.h>
#include <stdlib.h>

enum { NUM_KNOBS = 2 };
static const char* const kKnobs[NUM_KNOBS] = {"num_cores", "gpu_freq_hz"};
static const double kValues[NUM_KNOBS] = {2, 522750000};

/* Ends the program with perfmodel's own words unless the call went well. The guard then undoes what was set. */
static void check(perfmodel_status status) {
  if (status == PERFMODEL_OK) return;
  fprintf(stderr, "set_knob: %s\n", perfmodel_last_error());
  exit(1);
}

static void tell_failure(const char* what, const char* reason, void* user_data) {
  (void)user_data;
  fprintf(stderr, "set_knob: not restored: %s: %s\n", what, reason);
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: set_knob FOLDER\n");
    return 2;
  }
  perfmodel_simulated_board* board = NULL;
  check(perfmodel_simulated_board_create(argv[1], NULL, &board));
  perfmodel_driver_options options;
  check(perfmodel_driver_options_init(&options, sizeof options));
  options.simulated = board;

  perfmodel_guard_process* guard = NULL; /* undoes what was set when this process is killed */
  perfmodel_driver* driver = NULL;
  check(perfmodel_guard_process_start(&options, &guard));
  check(perfmodel_driver_open("simulated_jetson", &options, &driver));
  perfmodel_knob_reading readings[NUM_KNOBS];
  check(perfmodel_knob_reading_init(&readings[0], sizeof readings[0]));
  check(perfmodel_driver_set(driver, kKnobs, kValues, NUM_KNOBS, readings));

  perfmodel_simulated_run run;
  check(perfmodel_simulated_run_init(&run, sizeof run));
  check(perfmodel_simulated_board_run(board, NULL, &run));
  for (int i = 0; i < NUM_KNOBS; ++i) printf("%s is %.0f\n", kKnobs[i], readings[i].read_back);
  printf("ResNet-50: %.1f ms\n", run.latency_ms);

  perfmodel_restore_report report;
  check(perfmodel_restore_report_init(&report, sizeof report));
  check(perfmodel_driver_restore(driver, tell_failure, NULL, &report));
  printf("%zu settings restored, %zu failed\n", report.num_restored, report.num_failed);
  perfmodel_driver_destroy(driver);
  perfmodel_guard_process_end(guard);
  perfmodel_simulated_board_destroy(board);
  return report.num_failed > 0;
}
