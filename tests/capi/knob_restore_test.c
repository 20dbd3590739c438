/* What undoes knobs that a driver, or a program that is gone, left set, through the C API, on a simulated board. */
#define _POSIX_C_SOURCE 200809L /* processes, of which a guard is one */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfmodel_knob_c.h"
#include "simulated.h"

#define GPU "gpu_freq_hz"
static const double kGpuLow_hz = 522750e3;

static void count_failures(const char* what, const char* reason, void* user_data) {
  CHECK(what != NULL && reason != NULL);
  ++*(int*)user_data;
}

static void undoes_what_a_driver_left(perfmodel_simulated_board* board) {
  const perfmodel_driver_options options = driver_options_for(board);
  perfmodel_driver* driver = open_driver(board);
  const char* name = "num_cores";
  const double one = 1;
  CHECK_OK(perfmodel_driver_set(driver, &name, &one, 1, NULL));
  perfmodel_driver_destroy(driver); /* restores nothing */
  perfmodel_restore_report report;
  int num_failures_told = 0;
  CHECK_OK(perfmodel_restore_report_init(&report, sizeof report));
  CHECK_OK(perfmodel_restore_from_journal(&options, count_failures, &num_failures_told, &report));
  CHECK(report.num_restored == 3 && report.num_failed == 0 && num_failures_told == 0);
  CHECK_OK(perfmodel_restore_from_journal(&options, NULL, NULL, &report));
  CHECK(report.num_restored == 0);

  perfmodel_guard_process* guard = NULL;
  CHECK_OK(perfmodel_guard_process_start(&options, &guard));
  perfmodel_guard_process_end(guard);
  CHECK_NULL(perfmodel_guard_process_start(&options, NULL));
}

/* A C host whose device is gone for good. */
static void forgets_what_is_gone(perfmodel_simulated_board* board, const char* folder) {
  perfmodel_driver_options options = driver_options_for(board);
  char* journal = path_in(folder, "gone.journal");
  options.journal_path = journal;
  remove(journal);
  perfmodel_driver* driver = NULL;
  const char* name = GPU;
  CHECK_OK(perfmodel_driver_open("simulated_jetson", &options, &driver));
  CHECK_OK(perfmodel_driver_set(driver, &name, &kGpuLow_hz, 1, NULL));
  perfmodel_driver_destroy(driver);
  char* root = path_in(folder, "restore_board");
  char* maximum = path_in(root, "sys/devices/gpu.0/devfreq/gpu.0/max_freq");
  char* away = path_in(root, "max_freq");
  CHECK(rename(maximum, away) == 0);

  perfmodel_restore_report report;
  int num_told = 0;
  CHECK_OK(perfmodel_restore_report_init(&report, sizeof report));
  CHECK_OK(perfmodel_restore_from_journal(&options, count_failures, &num_told, &report));
  CHECK(report.num_failed == 1 && report.num_forgotten == 0 && num_told == 1);
  CHECK_OK(perfmodel_driver_open("simulated_jetson", &options, &driver));
  perfmodel_knob_status status;
  CHECK_OK(perfmodel_knob_status_init(&status, sizeof status));
  CHECK_OK(perfmodel_driver_get(driver, "num_cores", &status));
  CHECK(status.writable == 0 && status.why_not_code == PERFMODEL_ERROR_BUSY);
  perfmodel_driver_destroy(driver);
  const char* settings[] = {"/sys/devices/gpu.0/devfreq/gpu.0/max_freq", "/sys/fan"};
  CHECK_FAILS(perfmodel_restore_and_forget(&options, settings, 2, NULL, NULL, NULL), PERFMODEL_ERROR_NOT_FOUND, "fan");
  CHECK_NULL(perfmodel_restore_and_forget(&options, NULL, 1, NULL, NULL, NULL));
  CHECK_OK(perfmodel_restore_and_forget(&options, settings, 1, count_failures, &num_told, &report));
  CHECK(report.num_failed == 0 && report.num_forgotten == 1 && num_told == 2);
  CHECK(rename(away, maximum) == 0);
  CHECK_OK(perfmodel_restore_after_restart(&options, NULL, NULL, &report));
  CHECK(report.num_restored == 0 && report.num_forgotten == 0);
  free(away);
  free(maximum);
  free(root);
  free(journal);
}

static void restores_after_a_restart(perfmodel_simulated_board* board, const char* folder) {
  const perfmodel_driver_options options = driver_options_for(board);
  perfmodel_driver* driver = open_driver(board);
  const char* name = "num_cores";
  const double two = 2;
  CHECK_OK(perfmodel_driver_set(driver, &name, &two, 1, NULL));
  perfmodel_driver_destroy(driver);
  perfmodel_restore_report report;
  CHECK_OK(perfmodel_restore_report_init(&report, sizeof report));
  CHECK_OK(perfmodel_restore_after_restart(&options, NULL, NULL, &report));
  CHECK(report.num_restored == 0 && report.num_unchanged == 0); /* of this start */
  char* boot_id = path_in(folder, "restore_board/proc/sys/kernel/random/boot_id");
  FILE* file = fopen(boot_id, "w");
  CHECK(file != NULL && fputs("another\n", file) >= 0 && fclose(file) == 0);
  free(boot_id);
  CHECK_OK(perfmodel_restore_after_restart(&options, NULL, NULL, &report));
  CHECK(report.num_restored == 2 && report.num_failed == 0);
}

/* Two groups of a tool that is killed, each holding a pipe of its own open: the guard watches one to the end. */
static void guards_kill_groups(perfmodel_simulated_board* board) {
  enum { WATCHED, LEFT, TOLD, NUM_PIPES };
  const perfmodel_driver_options options = driver_options_for(board);
  int pipes[NUM_PIPES][2];
  for (int i = 0; i < NUM_PIPES; ++i) CHECK(pipe(pipes[i]) == 0);
  const pid_t tool = fork();
  if (tool == 0) {
    perfmodel_guard_process* guard = NULL;
    if (perfmodel_guard_process_start(&options, &guard) != PERFMODEL_OK) _exit(1);
    pid_t groups[2];
    for (int i = WATCHED; i <= LEFT; ++i) {
      groups[i] = fork();
      if (groups[i] == 0) {
        setpgid(0, 0);
        close(pipes[1 - i][1]);
        for (;;) pause();
      }
      setpgid(groups[i], groups[i]);
      perfmodel_guard_process_watch_group(guard, groups[i]);
    }
    perfmodel_guard_process_leave_group(guard, groups[LEFT]);
    if (write(pipes[TOLD][1], groups, sizeof groups) < 0) _exit(1);
    raise(SIGKILL);
  }
  for (int i = 0; i < NUM_PIPES; ++i) close(pipes[i][1]);
  pid_t groups[2] = {0, 0};
  CHECK(read(pipes[TOLD][0], groups, sizeof groups) == (ssize_t)sizeof groups);
  CHECK(waitpid(tool, NULL, 0) == tool);
  char none = 0;
  CHECK(read(pipes[WATCHED][0], &none, 1) == 0);
  struct pollfd left = {pipes[LEFT][0], POLLIN, 0};
  const int kMoment_ms = 100;
  CHECK(poll(&left, 1, kMoment_ms) == 0);
  if (groups[LEFT] > 1) kill(-groups[LEFT], SIGKILL);
  for (int i = 0; i < NUM_PIPES; ++i) close(pipes[i][0]);
  perfmodel_guard_process_watch_group(NULL, 1);
  perfmodel_guard_process_leave_group(NULL, 1);
}

static void leaves_what_another_driver_kept(perfmodel_simulated_board* board) {
  perfmodel_driver_options options = driver_options_for(board);
  perfmodel_driver* driver = open_driver(board);
  const char* name = "num_cores";
  const double two = 2, one = 1;
  CHECK_OK(perfmodel_driver_set(driver, &name, &two, 1, NULL));
  perfmodel_driver_destroy(driver);
  options.continue_journal = 1;
  CHECK_OK(perfmodel_driver_open("simulated_jetson", &options, &driver));
  CHECK_OK(perfmodel_driver_set(driver, &name, &one, 1, NULL));
  perfmodel_restore_report report;
  int num_failures_told = 0;
  CHECK_OK(perfmodel_restore_report_init(&report, sizeof report));
  CHECK_OK(perfmodel_driver_roll_back(driver, count_failures, &num_failures_told, &report));
  CHECK(report.num_restored == 1 && report.num_failed == 0 && num_failures_told == 0);
  CHECK_NULL(perfmodel_driver_roll_back(NULL, NULL, NULL, &report));
  perfmodel_driver_destroy(driver);
  CHECK_OK(perfmodel_restore_from_journal(&options, NULL, NULL, &report));
  CHECK(report.num_restored == 2);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  perfmodel_guard_process_end(NULL);
  perfmodel_simulated_board* board = make_board(argv[1], "restore_board");
  undoes_what_a_driver_left(board);
  leaves_what_another_driver_kept(board);
  forgets_what_is_gone(board, argv[1]);
  restores_after_a_restart(board, argv[1]);
  guards_kill_groups(board);
  perfmodel_simulated_board_destroy(board);
  return report();
}
