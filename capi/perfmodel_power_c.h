/**
 * The C API of perfmodel_measure, continued: power meters (docs/power.md). The rules are those of perfmodel_c.h; what
 * reads a meter reads hardware, so that two calls may answer differently. Any number of threads may use a handle at
 * once. The functions are in the library perfmodel_measure_c.
 */
#ifndef PERFMODEL_POWER_C_H
#define PERFMODEL_POWER_C_H

#include "perfmodel_simulated_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Opening ---------------------------------------------------------------------------------------------------- */

/** The power meters of a board that this machine has and lets us read, and its thermometers. */
typedef struct perfmodel_power_meters perfmodel_power_meters;

typedef struct perfmodel_power_options {
  size_t struct_size;
  const char* root;                           /**< folder that stands for "/"; default "/" */
  const char* nvml_library;                   /**< NVIDIA's library, by name or path; default "libnvidia-ml.so.1" */
  double sample_period_s;                     /**< of meters that are sampled, 1e-4 to 10; default 0: a quarter of the
                                                   sensor's period where it is known, at least 0.25 ms, else 5 ms */
  const perfmodel_simulated_board* simulated; /**< default NULL; else its tree is the root and its time the clock */
} perfmodel_power_options;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_options_init(perfmodel_power_options* options,
                                                              size_t struct_size) PERFMODEL_C_NOEXCEPT;

/**
 * Opens the meters of a built-in board; those that are sampled begin to sample, on a thread.
 * board    e.g. "linux", "jetson_orin"; NULL: the one that is found to be this machine
 * options  NULL: all defaults
 * A board without meters is no error: see perfmodel_power_meters_why_not().
 * Errors: INVALID_ARGUMENT; NOT_FOUND (no such board; lists them); UNSUPPORTED (board is NULL and none fits).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_open(const char* board, const perfmodel_power_options* options,
                                                             perfmodel_power_meters** out_meters) PERFMODEL_C_NOEXCEPT;

/** The same for the board of a file. Errors: INVALID_ARGUMENT, PARSE, VERSION (its table); NOT_FOUND, PERMISSION, IO.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_open_file(
    const char* path, const perfmodel_power_options* options, perfmodel_power_meters** out_meters) PERFMODEL_C_NOEXCEPT;

/** The same for a board as JSON: `size` bytes at `text`, which need no NUL. Errors: INVALID_ARGUMENT, PARSE, VERSION.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status
perfmodel_power_meters_open_json(const char* text, size_t size, const perfmodel_power_options* options,
                                 perfmodel_power_meters** out_meters) PERFMODEL_C_NOEXCEPT;

/** Ends the meters and their sampling; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_power_meters_destroy(perfmodel_power_meters* meters) PERFMODEL_C_NOEXCEPT;

/** How many meters there are; may be 0. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_count(const perfmodel_power_meters* meters,
                                                              size_t* out_num_meters) PERFMODEL_C_NOEXCEPT;

/** Why the board's other meters are not there, a line each; may be empty. Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_why_not(const perfmodel_power_meters* meters, char* buffer,
                                                                size_t capacity, size_t* out_size) PERFMODEL_C_NOEXCEPT;

/* ---- One meter -------------------------------------------------------------------------------------------------- */

/** What a meter measures, and how. */
typedef struct perfmodel_power_meter_info {
  size_t struct_size;
  int32_t is_counter;       /**< 1: the hardware counts energy; 0: power is sampled and integrated */
  int32_t is_sum;           /**< 1: it repeats others or a part of one: do not add it to them */
  int32_t simulated;        /**< 1: of a simulated board */
  int32_t reserved;         /**< 0 */
  double update_period_s;   /**< how often the hardware's number changes; 0: unknown */
  double sample_period_s;   /**< 0 for counters */
  double resolution_joules; /**< smallest step of a counter's number; else 0 */
  double resolution_watts;  /**< smallest step of a power's number; else 0 */
  double delay_s;           /**< its number tells of power that long ago */
} perfmodel_power_meter_info;

/** out_info: set its struct_size. Errors: INVALID_ARGUMENT (NULL, index). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_info(const perfmodel_power_meters* meters, size_t meter_index,
                                                             perfmodel_power_meter_info* out_info) PERFMODEL_C_NOEXCEPT;

/** The meter's name, which no other has, e.g. "powercap:package-0". Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_name(const perfmodel_power_meters* meters, size_t meter_index,
                                                             char* buffer, size_t capacity,
                                                             size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** What the meter's rail feeds, in the board's words. Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_rail(const perfmodel_power_meters* meters, size_t meter_index,
                                                             char* buffer, size_t capacity,
                                                             size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** The file or the call of NVML that it reads. Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_source(const perfmodel_power_meters* meters, size_t meter_index,
                                                               char* buffer, size_t capacity,
                                                               size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** Energy since the meter was opened; never goes back. Errors: INVALID_ARGUMENT; IO, TIMEOUT (the sensor does not
 *  answer, or did not at some moment since the last call; names it). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_joules(perfmodel_power_meters* meters, size_t meter_index,
                                                               double* out_joules) PERFMODEL_C_NOEXCEPT;

/** Power now; of a counter the mean of the last updates. Errors: as perfmodel_power_meters_joules; UNSUPPORTED (a
 *  counter that has had no time to change yet). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_watts(perfmodel_power_meters* meters, size_t meter_index,
                                                              double* out_watts) PERFMODEL_C_NOEXCEPT;

/** Most that the energy of a window of that length, ended by the last reading, can be off; calibration of the sensor
 *  aside (docs/power.md). Errors: INVALID_ARGUMENT (NULL, index; a number that is not finite or below 0). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_error_joules(const perfmodel_power_meters* meters,
                                                                     size_t meter_index, double window_s,
                                                                     double mean_watts,
                                                                     double* out_error_joules) PERFMODEL_C_NOEXCEPT;

/** What a meter has read since perfmodel_power_meters_record(): it answers for any window since then, once that is
 * over. Any number of threads may use it. */
typedef struct perfmodel_energy_record perfmodel_energy_record;

/** Begins one. It ends before the meters do. Errors: as perfmodel_power_meters_joules. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_record(
    perfmodel_power_meters* meters, size_t meter_index, perfmodel_energy_record** out_record) PERFMODEL_C_NOEXCEPT;

/** Ends it; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_energy_record_destroy(perfmodel_energy_record* record) PERFMODEL_C_NOEXCEPT;

/**
 * Energy of a window of time: seconds of CLOCK_MONOTONIC, or of the simulated board's clock.
 * out_error_joules  most that it can be off, as perfmodel_power_meters_error_joules; NULL: not wanted
 * Errors: INVALID_ARGUMENT (NULL; a window that ends before it begins, that began before the record, or whose end the
 * meter has not told of yet, which it does delay_s later).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_energy_record_between(const perfmodel_energy_record* record, double begin_s,
                                                                 double end_s, double* out_joules,
                                                                 double* out_error_joules) PERFMODEL_C_NOEXCEPT;

/* ---- Energy of work --------------------------------------------------------------------------------------------- */

typedef struct perfmodel_energy_options {
  size_t struct_size;
  double min_updates;  /**< the work is repeated until the window holds that many updates of each meter; default 50 */
  double max_seconds;  /**< but no run begins after that long; default 60 */
  double idle_seconds; /**< measure idle power that long first; default 0: not */
  int64_t min_repeats; /**< default 1 */
} perfmodel_energy_options;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_energy_options_init(perfmodel_energy_options* options,
                                                               size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** Energy of a window of work, by one meter. */
typedef struct perfmodel_energy_window {
  size_t struct_size;
  double joules;
  double error_joules; /**< see perfmodel_power_meters_error_joules */
  double duration_s;
  double mean_watts;
  double idle_watts;     /**< before the work; not subtracted. NaN: not measured */
  double joules_per_run; /**< joules / repeats */
  double num_updates;    /**< of the meter's number, samples at most; NaN: a counter whose period is not known */
  int64_t repeats;       /**< runs of the work within the window */
} perfmodel_energy_window;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_energy_window_init(perfmodel_energy_window* window,
                                                              size_t struct_size) PERFMODEL_C_NOEXCEPT;

/**
 * Runs `work` again and again between two readings of all meters.
 * work         called on this thread with `user_data`; other than 0 ends the measurement with CANCELLED
 * options      NULL: all defaults
 * out_windows  one per meter, in their order; set struct_size of the first. May be NULL where there are no meters: then
 *              the work runs min_repeats times.
 * Errors: INVALID_ARGUMENT (NULL, options out of range); CANCELLED; IO, TIMEOUT (a sensor; names it).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_measure(
    perfmodel_power_meters* meters, int32_t (*work)(void* user_data), void* user_data,
    const perfmodel_energy_options* options, perfmodel_energy_window* out_windows) PERFMODEL_C_NOEXCEPT;

/* ---- Temperature ------------------------------------------------------------------------------------------------ */

/** The board's hottest thermometer; NaN: none can be read. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_temperature(const perfmodel_power_meters* meters,
                                                                    double* out_celsius) PERFMODEL_C_NOEXCEPT;

/** How often the hardware has slowed itself down so far; NaN: nothing counts that. Errors: INVALID_ARGUMENT.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_throttle_count(const perfmodel_power_meters* meters,
                                                                       double* out_count) PERFMODEL_C_NOEXCEPT;

/** 1: a GPU of the board says now that power, heat or a brake slows it down; 0: none does; NaN: none tells. Errors:
 *  INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_power_meters_throttled(const perfmodel_power_meters* meters,
                                                                  double* out_throttled) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
