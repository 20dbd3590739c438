/**
 * The C API of perfmodel_measure, continued: a simulated board (docs/simulated_board.md), on which drivers, meters and
 * campaigns work as on a real one. The rules are those of perfmodel_c.h; a board changes, and one thread at a time may
 * use it. The functions are in the library perfmodel_measure_c.
 */
#ifndef PERFMODEL_SIMULATED_C_H
#define PERFMODEL_SIMULATED_C_H

#include "perfmodel_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A board that does not exist, behind a tree of files as the kernel would show it. Its time stands still but for runs
 *  and sleeps. Drivers and meters that were made for it may outlive it. */
typedef struct perfmodel_simulated_board perfmodel_simulated_board;

typedef struct perfmodel_simulated_options {
  size_t struct_size;
  uint64_t seed;          /**< default 0 */
  double noise_fraction;  /**< standard deviation of a run's time and power, 0 to 0.2; default 0.01 */
  double ambient_celsius; /**< -40 to 70; default 25 */
  double sensor_period_s; /**< over which the power sensors take means, 1e-4 to 1; default 0.001 */
} perfmodel_simulated_options;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_simulated_options_init(perfmodel_simulated_options* options,
                                                                  size_t struct_size) PERFMODEL_C_NOEXCEPT;

/**
 * Makes the board's tree in `folder`, or takes the one that is there with the knobs that it has.
 * options  NULL: all defaults
 * Errors: INVALID_ARGUMENT (options, a folder that holds other things); NOT_FOUND (no parent folder), PERMISSION,
 * NO_SPACE, IO; CORRUPT.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status
perfmodel_simulated_board_create(const char* folder, const perfmodel_simulated_options* options,
                                 perfmodel_simulated_board** out_board) PERFMODEL_C_NOEXCEPT;

/** Ends a board; its tree stays. NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_simulated_board_destroy(perfmodel_simulated_board* board) PERFMODEL_C_NOEXCEPT;

/** The two have the work and the sizes of the networks they are named after. */
enum { PERFMODEL_SIMULATED_RESNET50 = 0, PERFMODEL_SIMULATED_VGG16 = 1 };

/** What runs on a simulated board, and how. */
typedef struct perfmodel_simulated_work {
  size_t struct_size;
  int32_t workload;       /**< PERFMODEL_SIMULATED_x; default RESNET50 */
  int32_t memory_growth;  /**< 1 (default): takes memory as it needs it; 0: at the start, and more of it */
  double memory_fraction; /**< above 0 to 1 (default): of the memory that it may take */
  int64_t batch;          /**< images, 1 (default) to 1024 */
} perfmodel_simulated_work;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_simulated_work_init(perfmodel_simulated_work* work,
                                                               size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** What a run came to: true values, which no meter of the board tells. */
typedef struct perfmodel_simulated_run {
  size_t struct_size;
  double latency_ms; /**< of one batch */
  double latency_ms_per_image;
  double joules; /**< of the whole board */
  double mean_watts;
  int32_t throttled; /**< by temperature, at some time of the run */
  int32_t reserved;  /**< 0 */
} perfmodel_simulated_run;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_simulated_run_init(perfmodel_simulated_run* run,
                                                              size_t struct_size) PERFMODEL_C_NOEXCEPT;

/**
 * Runs work once with the knobs that the tree holds.
 * work     NULL: all defaults
 * out_run  set its struct_size
 * Errors: OUT_OF_MEMORY (memory_fraction of the memory does not hold the work); INVALID_ARGUMENT; CORRUPT, NOT_FOUND,
 * PERMISSION (a knob's file); BUSY (a run is under way); NO_SPACE, IO.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_simulated_board_run(perfmodel_simulated_board* board,
                                                               const perfmodel_simulated_work* work,
                                                               perfmodel_simulated_run* out_run) PERFMODEL_C_NOEXCEPT;

/** Moves the board's time on. Errors: INVALID_ARGUMENT (NULL, not 0 to 1e6). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_simulated_board_sleep(perfmodel_simulated_board* board,
                                                                 double seconds) PERFMODEL_C_NOEXCEPT;

/** Its time in seconds, the energy it has used since it was made, its temperature. Each may be NULL. Errors:
 *  INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_simulated_board_state(const perfmodel_simulated_board* board, double* out_s,
                                                                 double* out_joules,
                                                                 double* out_celsius) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
