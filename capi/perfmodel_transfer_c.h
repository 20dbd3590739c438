/**
 * The C API of perfmodel, continued: carrying a model to another device or workload with a few measurements, and
 * correcting a model in use. The rules are those of perfmodel_c.h; transfers and corrections alone change, so that one
 * thread at a time may use such a handle. The models that they give are anybody's. The functions are in the library
 * perfmodel_c.
 */
#ifndef PERFMODEL_TRANSFER_C_H
#define PERFMODEL_TRANSFER_C_H

#include "perfmodel_models_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Strategies ------------------------------------------------------------------------------------------------- */

/** How many strategies there are: "dm", "lms", "nlms", "gs", "residual", "auto" (docs/transfer.md). Errors:
 *  INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_num_strategies(size_t* out_num_strategies) PERFMODEL_C_NOEXCEPT;

/** The name of a strategy. Errors: INVALID_ARGUMENT (NULL, index), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_strategy_name(size_t strategy_index, char* buffer, size_t capacity,
                                                         size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** What a transfer starts from. Everything is copied: all of it may end before the transfer does. */
typedef struct perfmodel_transfer_problem {
  size_t struct_size;
  const perfmodel_space* source_space;
  const perfmodel_space* target_space;     /**< NULL: as the source's. Options are matched by name */
  const perfmodel_dataset* source;         /**< measured on the source; its features are the options, in order */
  const perfmodel_model* source_model;     /**< fitted to that */
  const perfmodel_learner* target_learner; /**< what "gs" and "auto" fit to the target's rows; NULL: "tree" */
  const double* candidates; /**< num_candidates x num_options of the target: what may be measured; NULL: all that
                                 satisfies the constraints, 100000 at most. Of a larger space
                                 perfmodel_space_sample() gives some */
  size_t num_candidates;
} perfmodel_transfer_problem;

/** How guided sampling chooses its terms by stepwise regression on the source. */
enum {
  PERFMODEL_GUIDED_BY_SIGNIFICANCE = 0, /**< in by R2, out by the p-value, as the paper says */
  PERFMODEL_GUIDED_BY_AIC = 1           /**< in and out by AIC, as the authors' script does */
};

/** How a transfer runs. Callbacks run on the calling thread, may be NULL, and must return. They may be called as long
 *  as the transfer lives. */
typedef struct perfmodel_transfer_options {
  size_t struct_size;
  uint64_t seed;         /**< default 0; same seed, problem and outcomes: same candidates, same model */
  uint64_t budget;       /**< measurements planned in all, so that a strategy plans ahead; default 0: unknown */
  double interval_level; /**< default 0.9 */
  int64_t num_threads;   /**< default 1 */
  void (*progress)(const perfmodel_progress* progress, void* user_data);
  int32_t (*cancelled)(void* user_data); /**< other than 0 ends fits with PERFMODEL_ERROR_CANCELLED */
  void (*log)(int32_t level, const char* message, void* user_data);
  void* user_data;
  int32_t guided_criterion;   /**< of "gs": one of PERFMODEL_GUIDED_BY_..., default BY_SIGNIFICANCE */
  int32_t guided_max_order;   /**< of "gs": options in one interaction, at most; 1 to 9, default 2 */
  double guided_significance; /**< of "gs": the p-value at which a term enters or leaves; above 0 to 1, default 0.05 */
} perfmodel_transfer_options;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_problem_init(perfmodel_transfer_problem* problem,
                                                                 size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_options_init(perfmodel_transfer_options* options,
                                                                 size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** A conversation: ask what to measure, tell what came out, take the adapted model at any time. */
typedef struct perfmodel_transfer perfmodel_transfer;

/**
 * Starts a transfer.
 * options  NULL: all defaults
 * Errors: UNSUPPORTED (no such strategy; lists them); INVALID_ARGUMENT (NULL, no source rows, no candidates or too
 * many, one twice or not of the space, a source target <= 0 where its logarithm is taken, an option); MISMATCH (spaces
 * whose options differ, a model or data set of other features; names them).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_start(const char* strategy,
                                                          const perfmodel_transfer_problem* problem,
                                                          const perfmodel_transfer_options* options,
                                                          perfmodel_transfer** out_transfer) PERFMODEL_C_NOEXCEPT;

/** Brings a transfer back to where perfmodel_transfer_save() was: `size` bytes at `saved`. The problem and the options
 *  must be those it was started with. Candidates that were asked and not told are asked again first. Errors: as
 *  perfmodel_transfer_start; PARSE; MISMATCH (saved from another problem, budget or seed). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_restore(const char* saved, size_t size,
                                                            const perfmodel_transfer_problem* problem,
                                                            const perfmodel_transfer_options* options,
                                                            perfmodel_transfer** out_transfer) PERFMODEL_C_NOEXCEPT;

/** Everything asked and told, as JSON. Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_save(const perfmodel_transfer* transfer, char* buffer,
                                                         size_t capacity, size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** Ends a transfer; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_transfer_destroy(perfmodel_transfer* transfer) PERFMODEL_C_NOEXCEPT;

/** Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_num_candidates(const perfmodel_transfer* transfer,
                                                                   size_t* out_num_candidates) PERFMODEL_C_NOEXCEPT;

/** The configuration of a candidate. out_values: num_values numbers. Errors: MISMATCH (num_values is not the number of
 *  options); INVALID_ARGUMENT (no such candidate). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_candidate(const perfmodel_transfer* transfer, size_t candidate,
                                                              double* out_values,
                                                              size_t num_values) PERFMODEL_C_NOEXCEPT;

/**
 * Which candidates are worth most to measure next, best first; none that was told before, nor asked, but for what was
 * asked and not told when the transfer was restored.
 * out_candidates      room for `count`
 * out_num_candidates  how many there are: fewer than `count` when no more are left or the strategy wants none
 * Errors: INVALID_ARGUMENT.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_ask(perfmodel_transfer* transfer, size_t count,
                                                        size_t* out_candidates,
                                                        size_t* out_num_candidates) PERFMODEL_C_NOEXCEPT;

/** Takes what was measured, asked for or not, in the unit of the source's target. Errors: INVALID_ARGUMENT (no such
 *  candidate, told before, a value that is not finite, or <= 0 where its logarithm is taken); nothing told is lost.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_tell(perfmodel_transfer* transfer, size_t candidate,
                                                         double value) PERFMODEL_C_NOEXCEPT;

/** Takes that a candidate could not be measured, and why (not empty): it is not asked for again. Errors:
 *  INVALID_ARGUMENT (no such candidate, told before, no reason). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_tell_failure(perfmodel_transfer* transfer, size_t candidate,
                                                                 const char* reason) PERFMODEL_C_NOEXCEPT;

/** The model adapted by what was told so far; its features are the target's options. Errors: INVALID_ARGUMENT (fewer
 *  measurements than the strategy needs; says how many), CANCELLED. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_model(const perfmodel_transfer* transfer,
                                                          perfmodel_model** out_model) PERFMODEL_C_NOEXCEPT;

/** What the strategy found, in plain words, a line each; may be empty. Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_transfer_explain(const perfmodel_transfer* transfer, char* buffer,
                                                            size_t capacity, size_t* out_size) PERFMODEL_C_NOEXCEPT;

/* ---- Online correction of a model in use ------------------------------------------------------------------------ */

/** Keeps a model true to a device that drifts: log measured = a + b log predicted, by recursive least squares that
 *  forgets. A measurement costs constant time and memory; outliers move little, three in a row are a change. */
typedef struct perfmodel_correction perfmodel_correction;

typedef struct perfmodel_correction_options {
  size_t struct_size;
  double half_life;      /**< measurements after which one counts half, >= 1; default 10 */
  double interval_level; /**< of the corrected model; default 0.9 */
  int32_t fit_slope;     /**< default 1; 0: a factor alone (b = 1) */
  int32_t reserved;      /**< 0 */
} perfmodel_correction_options;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_correction_options_init(perfmodel_correction_options* options,
                                                                   size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** Starts a correction of `model`, which may end before it does. options: NULL: all defaults. Errors: INVALID_ARGUMENT
 *  (NULL, an option out of range). @since 0.1 */
PERFMODEL_C_API perfmodel_status
perfmodel_correction_create(const perfmodel_model* model, const perfmodel_correction_options* options,
                            perfmodel_correction** out_correction) PERFMODEL_C_NOEXCEPT;

/** Ends a correction; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_correction_destroy(perfmodel_correction* correction) PERFMODEL_C_NOEXCEPT;

/** Takes a measurement. row: num_features numbers. Errors: MISMATCH (num_features is not that of the model);
 *  INVALID_ARGUMENT (a number that is not finite; `measured` or the model's answer <= 0). Nothing changes then.
 *  @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_correction_tell(perfmodel_correction* correction, const double* row,
                                                           size_t num_features, double measured) PERFMODEL_C_NOEXCEPT;

/** How many measurements were told. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_correction_num_told(const perfmodel_correction* correction,
                                                               uint64_t* out_num_told) PERFMODEL_C_NOEXCEPT;

/** The model, corrected by what was told so far. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_correction_model(const perfmodel_correction* correction,
                                                            perfmodel_model** out_model) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
