/* A simulated board for tests of the C API, with what a run before may have left undone. */
#ifndef PERFMODEL_TESTS_CAPI_SIMULATED_H
#define PERFMODEL_TESTS_CAPI_SIMULATED_H

#include "check.h"
#include "perfmodel_knob_c.h"

static inline perfmodel_driver_options driver_options_for(const perfmodel_simulated_board* board) {
  perfmodel_driver_options options;
  CHECK_OK(perfmodel_driver_options_init(&options, sizeof options));
  options.simulated = board;
  return options;
}

/* In `folder`/`name`, without noise. */
static inline perfmodel_simulated_board* make_board(const char* folder, const char* name) {
  perfmodel_simulated_options options;
  CHECK_OK(perfmodel_simulated_options_init(&options, sizeof options));
  options.noise_fraction = 0;
  perfmodel_simulated_board* board = NULL;
  char* path = path_in(folder, name);
  CHECK_OK(perfmodel_simulated_board_create(path, &options, &board));
  free(path);
  if (board == NULL) exit(1);
  const perfmodel_driver_options opened = driver_options_for(board);
  CHECK_OK(perfmodel_restore_from_journal(&opened, NULL, NULL, NULL));
  return board;
}

static inline perfmodel_driver* open_driver(const perfmodel_simulated_board* board) {
  const perfmodel_driver_options options = driver_options_for(board);
  perfmodel_driver* driver = NULL;
  CHECK_OK(perfmodel_driver_open("simulated_jetson", &options, &driver));
  if (driver == NULL) exit(1);
  return driver;
}

#endif
