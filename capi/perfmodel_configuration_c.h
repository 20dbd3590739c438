/**
 * The C API of perfmodel_measure, continued: campaigns over configurations (docs/configurations.md). The rules are
 * those of perfmodel_c.h. The functions are in the library perfmodel_measure_c.
 */
#ifndef PERFMODEL_CONFIGURATION_C_H
#define PERFMODEL_CONFIGURATION_C_H

#include "perfmodel_knob_c.h"
#include "perfmodel_power_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One run of a workload, as a campaign asks for it. */
typedef struct perfmodel_workload_run {
  size_t struct_size;
  size_t num_options;
  const char* const* options; /**< every option of the space ... */
  const char* const* texts;   /**< ... and its value */
  size_t num_objectives;
  double* objectives;     /**< to be filled, in the order of the campaign's objectives; NaN before */
  char* reason;           /**< for a line that says why the run failed; empty before */
  size_t reason_capacity; /**< of `reason`, with its NUL */
  /** May be filled, NaN before: when the timed runs within this call were, in seconds of CLOCK_MONOTONIC or of the
   *  driver's simulated clock, and how many. Energy and effective values are those of this window then. */
  double window_begin_s, window_end_s;
  double window_runs;
} perfmodel_workload_run;

/** Runs a workload. Returns PERFMODEL_OK, or the code of the failure; PERFMODEL_ERROR_CANCELLED ends the campaign. It
 * is called on the campaign's thread and may not use the campaign's driver. */
typedef perfmodel_status (*perfmodel_workload)(perfmodel_workload_run* run, void* user_data);

/** What is measured how. Callbacks run on the calling thread, may be NULL, and must return. */
typedef struct perfmodel_configuration_options {
  size_t struct_size;
  const char* const* objectives; /**< names that every run must answer; default NULL: "latency_ms" alone */
  size_t num_objectives;
  perfmodel_workload workload; /**< default NULL: `command` */
  const char* command;         /**< a program that takes "option=value" arguments and answers name=number pairs; it runs
                                    with the CPUs, the priority and the variables that handed knobs ask for */
  double timeout_s;            /**< of one run of the command; default 600 */
  const char* identity;        /**< what else identifies the campaign, e.g. the workload's name; default NULL: the
                                    command, if there is one */
  perfmodel_power_meters* meters; /**< default NULL: neither energy nor temperature is measured */
  int64_t warmup_runs;            /**< untimed, after each change of knobs; default 1 */
  int64_t repeats;                /**< runs per configuration; objectives are the medians; default 3 */
  uint64_t seed;                  /**< of the order; default 0 */
  int32_t random_order;           /**< default 1; 0: the order given */
  int32_t dry_run;                /**< 1: set, run and write nothing, say through `log` what would be done; default 0 */
  double repeat_fraction;         /**< share that is measured a second time, after all others; default 0 */
  double cool_to_celsius;         /**< above 0: wait until the board is no hotter; default 0. Needs `meters` ... */
  double max_cool_s;              /**< ... but at most that long; default 120 */
  double idle_seconds;            /**< measure idle power that long before each configuration's runs; default 0: not */
  double min_energy_updates;      /**< repeat until the window holds that many updates of each meter; default 50 */
  double max_window_s;            /**< beyond `repeats` begin no run after that long; default 60 */
  double max_seconds;             /**< above 0: open no configuration after that long; default 0 */
  void (*progress)(const perfmodel_progress* progress, void* user_data);
  int32_t (*cancelled)(void* user_data); /**< other than 0 ends the campaign with PERFMODEL_ERROR_CANCELLED */
  void (*log)(int32_t level, const char* message, void* user_data);
  void* user_data; /**< of the callbacks and of the workload */
} perfmodel_configuration_options;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_configuration_options_init(perfmodel_configuration_options* options,
                                                                      size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** How a campaign ended. */
typedef struct perfmodel_campaign_report {
  size_t struct_size;
  uint64_t num_measured;  /**< by this run */
  uint64_t num_resumed;   /**< were in the file already */
  uint64_t num_failed;    /**< rows with a reason, all runs; of a dry run: configurations that cannot be measured */
  double noise_floor_pct; /**< of the first objective, where configurations were measured twice; else NaN */
  int32_t complete;       /**< every configuration is in the file */
  int32_t reserved;       /**< 0 */
} perfmodel_campaign_report;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_campaign_report_init(perfmodel_campaign_report* report,
                                                                size_t struct_size) PERFMODEL_C_NOEXCEPT;

/**
 * Measures configurations of a space on this machine, each a durable row of the campaign file at `path`; the same call
 * goes on after a kill. Knobs of the driver's board are set and restored, other options are for the workload alone.
 * perfmodel_campaign_open() of perfmodel_measure_c.h reads the file.
 * path        not looked at in a dry run, where it may be NULL
 * values      num_configurations x num_options of the space, row-major
 * out_report  NULL, or set its struct_size
 * Errors: INVALID_ARGUMENT (NULL, options, an infeasible configuration, values that are no levels, neither workload nor
 * command); MISMATCH (the file is of another campaign; says what differs); BUSY (another program writes to it, or to
 * the knobs); UNSUPPORTED, PERMISSION (a knob; a build without SQLite); NOT_FOUND (no such folder, no such program);
 * CANCELLED; VERSION, CORRUPT, NO_SPACE, IO.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_measure_configurations(
    const char* path, const perfmodel_space* space, const double* values, size_t num_configurations,
    perfmodel_driver* driver, const perfmodel_configuration_options* options,
    perfmodel_campaign_report* out_report) PERFMODEL_C_NOEXCEPT;

/** Is told of a configuration that a campaign would refuse, a line for each reason. May be NULL where it is passed. */
typedef void (*perfmodel_refused_configuration)(size_t configuration_index, const char* reason, void* user_data);

/** Asks of each configuration whether the space allows it, and whether the driver has its knobs, may set them and knows
 *  the levels. Sets nothing. values: as perfmodel_measure_configurations. out_num_refused: configurations. Errors:
 *  INVALID_ARGUMENT (NULL, values that are no levels). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_check_configurations(
    const perfmodel_space* space, const double* values, size_t num_configurations, const perfmodel_driver* driver,
    perfmodel_refused_configuration on_refused, void* user_data, size_t* out_num_refused) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
