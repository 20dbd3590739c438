/**
 * The C API of perfmodel_measure, continued: boards, and drivers that read, set and restore their knobs. The rules are
 * those of perfmodel_c.h; what reads a knob reads the machine, so that two calls may answer differently, and one thread
 * at a time may use a driver. The functions are in the library perfmodel_measure_c.
 */
#ifndef PERFMODEL_KNOB_C_H
#define PERFMODEL_KNOB_C_H

#include "perfmodel_models_c.h"
#include "perfmodel_simulated_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Boards ----------------------------------------------------------------------------------------------------- */

/** How many boards come with the library: "linux", "process", "nvidia", "jetson_tx1", ... Errors: INVALID_ARGUMENT.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_num_boards(size_t* out_num_boards) PERFMODEL_C_NOEXCEPT;

/** The name of a board. Errors: INVALID_ARGUMENT (NULL, index), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_board_name(size_t board_index, char* buffer, size_t capacity,
                                                      size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** The name of the board that this machine is found to be. root: folder that stands for "/"; NULL: "/". Errors:
 *  UNSUPPORTED (none fits; gives the reason of each), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_board_detect(const char* root, char* buffer, size_t capacity,
                                                        size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** The table of a board as JSON, the form that perfmodel_driver_open_json() reads; "tested_on_hardware" in it says
 *  whether somebody has run it on what it describes. Errors: NOT_FOUND (lists the names), BUFFER_TOO_SMALL. @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_board_table(const char* name, char* buffer, size_t capacity,
                                                       size_t* out_size) PERFMODEL_C_NOEXCEPT;

/* ---- Drivers ---------------------------------------------------------------------------------------------------- */

typedef struct perfmodel_driver_options {
  size_t struct_size;
  const char* root;         /**< folder that stands for "/"; default "/" */
  const char* journal_path; /**< where prior values are kept until they are restored; default NULL:
                                 /var/lib/perfmodel/knobs.journal under root */
  const char* nvml_library; /**< NVIDIA's library, by name or path; default "libnvidia-ml.so.1" */
  int32_t continue_journal; /**< 1: where another program's changes were never undone, restoring undoes them, too;
                                 default 0: BUSY until they are */
  int32_t accept_pinned;    /**< 1: what is found pinned (a range, a rate, a gate, an offline core) is a state to
                                 return to, and so are unlocked clocks of NVML's; default 0: MISMATCH */
  double max_settle_s;      /**< wait at most that long for a value to read back; default 2 */
  const perfmodel_simulated_board* simulated; /**< default NULL; else its tree is the root and its time the clock */
} perfmodel_driver_options;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_options_init(perfmodel_driver_options* options,
                                                               size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** Reads and sets the knobs of one board. Any number of drivers may read, one at a time may write. */
typedef struct perfmodel_driver perfmodel_driver;

/**
 * A driver of a built-in board. Opens nothing for writing.
 * board    NULL: the one that is found to be this machine
 * options  NULL: all defaults
 * Errors: INVALID_ARGUMENT; NOT_FOUND (no such board; lists them); UNSUPPORTED (board is NULL and none fits).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_open(const char* board, const perfmodel_driver_options* options,
                                                       perfmodel_driver** out_driver) PERFMODEL_C_NOEXCEPT;

/** The same for the board of a file. Errors: INVALID_ARGUMENT, PARSE, VERSION (its table); NOT_FOUND, PERMISSION, IO.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_open_file(const char* path, const perfmodel_driver_options* options,
                                                            perfmodel_driver** out_driver) PERFMODEL_C_NOEXCEPT;

/** The same for a board as JSON: `size` bytes at `text`, which need no NUL. Errors: INVALID_ARGUMENT, PARSE, VERSION.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_open_json(const char* text, size_t size,
                                                            const perfmodel_driver_options* options,
                                                            perfmodel_driver** out_driver) PERFMODEL_C_NOEXCEPT;

/** Ends a driver and restores nothing: perfmodel_driver_restore() does, or perfmodel_restore_from_journal(). NULL does
 *  nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_driver_destroy(perfmodel_driver* driver) PERFMODEL_C_NOEXCEPT;

/** The name of its board. Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_board(const perfmodel_driver* driver, char* buffer, size_t capacity,
                                                        size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** How many knobs its board has, whether this machine has them or not. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_num_knobs(const perfmodel_driver* driver,
                                                            size_t* out_num_knobs) PERFMODEL_C_NOEXCEPT;

/** The name of a knob, in the order in which they are written. Errors: INVALID_ARGUMENT (NULL, index),
 *  BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_knob_name(const perfmodel_driver* driver, size_t knob_index,
                                                            char* buffer, size_t capacity,
                                                            size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** A knob of this machine. Numbers are in the knob's unit; of a knob with labels the label's index. */
typedef struct perfmodel_knob_status {
  size_t struct_size;
  double current;     /**< NaN: cannot be read, or a range that is not pinned to one level */
  double current_low; /**< of a range; else both are `current` */
  double current_high;
  double effective;  /**< what the hardware runs at; NaN: nothing tells */
  size_t num_levels; /**< 0: not known */
  int32_t writable;  /**< see perfmodel_driver_why_not() where it is 0 */
  int32_t is_handed; /**< 1: only programs that are measured are given it; setting it changes nothing by itself */
  perfmodel_status why_not_code; /**< what perfmodel_driver_set() would return, another driver at work aside */
  int32_t reserved;              /**< 0 */
} perfmodel_knob_status;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_knob_status_init(perfmodel_knob_status* status,
                                                            size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** Reads a knob. out_status: set its struct_size. Errors: INVALID_ARGUMENT; NOT_FOUND (no such knob; lists them).
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_get(const perfmodel_driver* driver, const char* knob,
                                                      perfmodel_knob_status* out_status) PERFMODEL_C_NOEXCEPT;

/** Why a knob cannot be set; empty where it can. Errors: as perfmodel_driver_get; BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_why_not(const perfmodel_driver* driver, const char* knob,
                                                          char* buffer, size_t capacity,
                                                          size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** Why what is set may not stay when this process ends, as the GPU's driver forgets it; empty: it stays, or nobody
 *  knows. Errors: as perfmodel_driver_why_not. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_why_not_kept(const perfmodel_driver* driver, const char* knob,
                                                               char* buffer, size_t capacity,
                                                               size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** Why perfmodel_driver_set() would refuse to make a knob `value`, as it would have to return to what it finds now
 *  (accept_pinned); empty: it would not. Errors: INVALID_ARGUMENT (NULL, not a level), NOT_FOUND (no such knob); those
 *  of reading it; BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_pinned(const perfmodel_driver* driver, const char* knob, double value,
                                                         char* buffer, size_t capacity,
                                                         size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** The unit of a knob, e.g. "hz"; empty for counts, flags and labels. Errors: as perfmodel_driver_why_not. @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_unit(const perfmodel_driver* driver, const char* knob, char* buffer,
                                                       size_t capacity, size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** The space of these knobs, with the levels found here; what is set now, where that is a level, is the default. Its
 *  functions (perfmodel_models_c.h) tell levels and labels. Errors: INVALID_ARGUMENT; NOT_FOUND (no such knob);
 *  UNSUPPORTED (not on this machine, or its levels are not known). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_space(const perfmodel_driver* driver, const char* const* knobs,
                                                        size_t num_knobs,
                                                        perfmodel_space** out_space) PERFMODEL_C_NOEXCEPT;

/* ---- Setting and restoring --------------------------------------------------------------------------------------- */

/** What became of one knob. */
typedef struct perfmodel_knob_reading {
  size_t struct_size;
  double requested;
  double read_back;   /**< what the setting says after it was written; NaN: it cannot be read */
  double effective;   /**< what the hardware runs at, under the load of the moment; NaN: nothing tells */
  int64_t num_writes; /**< writes that this took; 0 where the value was there already */
} perfmodel_knob_reading;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_knob_reading_init(perfmodel_knob_reading* reading,
                                                             size_t struct_size) PERFMODEL_C_NOEXCEPT;

/**
 * Sets knobs in the board's safe order, whatever order they are given in, and reads them back. Prior values are in the
 * journal, synced, before the first write.
 * knobs, values  num_knobs of each
 * out_readings   one per knob, in the order given; set struct_size of the first. NULL: not wanted
 * When a knob fails, those before it (in the board's order) stay as they are set.
 * Errors: NOT_FOUND (no such knob), INVALID_ARGUMENT (NULL, not a level, a knob twice), UNSUPPORTED (not on this
 * machine), PERMISSION, BUSY (another driver writes, an unfinished journal, the device says so), MISMATCH (it reads
 * back as another value; what is found is no state to return to, see accept_pinned), NO_SPACE, IO.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_set(perfmodel_driver* driver, const char* const* knobs,
                                                      const double* values, size_t num_knobs,
                                                      perfmodel_knob_reading* out_readings) PERFMODEL_C_NOEXCEPT;

/** Reads a knob that the last perfmodel_driver_set() set. out_reading: set its struct_size. Errors: INVALID_ARGUMENT;
 *  NOT_FOUND (it was not set; lists those that were). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_read(const perfmodel_driver* driver, const char* knob,
                                                       perfmodel_knob_reading* out_reading) PERFMODEL_C_NOEXCEPT;

/**
 * What the hardware makes now of knobs that the last perfmodel_driver_set() set: little enough work to be done again
 * and again under load, see docs/knobs.md. knobs       num_knobs names out_mean    num_knobs values, over all places
 * that tell, such as the policies of a CPU's clusters; NaN: nothing tells out_lowest  the lowest of these places, which
 * may be that of a cluster with nothing to do. NULL: not wanted Errors: INVALID_ARGUMENT; NOT_FOUND (one was not set,
 * or is handed, or that call failed; lists those that were).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_effective(const perfmodel_driver* driver, const char* const* knobs,
                                                            size_t num_knobs, double* out_mean,
                                                            double* out_lowest) PERFMODEL_C_NOEXCEPT;

/** What a restore did. */
typedef struct perfmodel_restore_report {
  size_t struct_size;
  size_t num_restored;  /**< written back */
  size_t num_unchanged; /**< held their prior values */
  size_t num_failed;    /**< their prior values stay in the journal, for the next try */
  size_t
      num_forgotten; /**< could not be restored either, and have left the journal: see perfmodel_restore_and_forget */
} perfmodel_restore_report;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_restore_report_init(perfmodel_restore_report* report,
                                                               size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** Is told what could not be restored, also of what is forgotten, a line for the reason. May be NULL where it is
 * passed.
 */
typedef void (*perfmodel_restore_failure)(const char* what, const char* reason, void* user_data);

/** Writes all prior values back: best effort, in reverse order. That some could not be is no error: see num_failed.
 *  out_report: NULL, or set its struct_size. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_restore(perfmodel_driver* driver,
                                                          perfmodel_restore_failure on_failure, void* user_data,
                                                          perfmodel_restore_report* out_report) PERFMODEL_C_NOEXCEPT;

/** As perfmodel_driver_restore() for what this driver set alone: of a journal that it went on with (continue_journal),
 *  earlier entries stay, and what they set stays set. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_roll_back(perfmodel_driver* driver,
                                                            perfmodel_restore_failure on_failure, void* user_data,
                                                            perfmodel_restore_report* out_report) PERFMODEL_C_NOEXCEPT;

/** Whether there is something to restore. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_driver_changed(const perfmodel_driver* driver,
                                                          int32_t* out_changed) PERFMODEL_C_NOEXCEPT;

/**
 * Undoes what a program that is gone left behind. No journal: nothing to do.
 * options  of the driver that wrote the journal; NULL: all defaults
 * Errors: BUSY (a driver is writing), PERMISSION, IO; CORRUPT (a damaged journal, after restoring the entries that are
 * whole), VERSION; INVALID_ARGUMENT.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status
perfmodel_restore_from_journal(const perfmodel_driver_options* options, perfmodel_restore_failure on_failure,
                               void* user_data, perfmodel_restore_report* out_report) PERFMODEL_C_NOEXCEPT;

/** The same, and drops from the journal those of num_settings settings, as the journal names them, that cannot be
 *  restored, as their device is gone for good; without that every set stays BUSY. "line 2" is that line of a damaged
 *  journal. Errors: also NOT_FOUND (the journal has no such setting; nothing is done then). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_restore_and_forget(
    const perfmodel_driver_options* options, const char* const* settings, size_t num_settings,
    perfmodel_restore_failure on_failure, void* user_data, perfmodel_restore_report* out_report) PERFMODEL_C_NOEXCEPT;

/** perfmodel_restore_from_journal() for the start of a program, after a power loss: of a journal of an earlier start of
 *  the machine what still holds is put back; one of this start stays as it is, and counts as nothing to do. @since 0.1
 */
PERFMODEL_C_API perfmodel_status
perfmodel_restore_after_restart(const perfmodel_driver_options* options, perfmodel_restore_failure on_failure,
                                void* user_data, perfmodel_restore_report* out_report) PERFMODEL_C_NOEXCEPT;

/** A small process beside this one that undoes what this one set when it is gone without having done so, SIGKILL
 *  included. It kills the programs first that perfmodel_measure_configurations() runs. */
typedef struct perfmodel_guard_process perfmodel_guard_process;

/** Starts it. It forks: call it at the start of main(), before there are threads. options: as
 *  perfmodel_restore_from_journal(). Errors: IO, INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_guard_process_start(
    const perfmodel_driver_options* options, perfmodel_guard_process** out_guard) PERFMODEL_C_NOEXCEPT;

/** It is to kill this process group, should this process end before perfmodel_guard_process_leave_group(). Also between
 *  fork() and exec(), by the new process itself. NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_guard_process_watch_group(const perfmodel_guard_process* guard,
                                                         int32_t group) PERFMODEL_C_NOEXCEPT;

/** Before the group's first process is waited for: later its number may be another's. NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_guard_process_leave_group(const perfmodel_guard_process* guard,
                                                         int32_t group) PERFMODEL_C_NOEXCEPT;

/** Tells it that all is restored, or to be kept, and waits for its end. NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_guard_process_end(perfmodel_guard_process* guard) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
