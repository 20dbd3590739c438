/**
 * The C API of perfmodel, continued: models of what a program takes in each of its configurations. Config spaces, data
 * sets, learners, models. The rules are those of perfmodel_c.h; a data set alone changes, so that one thread at a time
 * may use it while rows are added. What a thread keeps of its predictions, rule 2 there says. The functions are in the
 * library perfmodel_c.
 */
#ifndef PERFMODEL_MODELS_C_H
#define PERFMODEL_MODELS_C_H

#include "perfmodel_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Config spaces ---------------------------------------------------------------------------------------------- */

/** Options with a list of levels each, and constraints. Its points are the configurations, constraints aside; a
 *  configuration is given by the number of each option, in the order of the options (a label's is its position). */
typedef struct perfmodel_space perfmodel_space;

/** Reads the JSON of docs/formats-config.md: `size` bytes at `text`, which need no NUL. Errors: PARSE (also of a
 *  constraint); INVALID_ARGUMENT (options, constraints that nothing satisfies). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_from_json(const char* text, size_t size,
                                                           perfmodel_space** out_space) PERFMODEL_C_NOEXCEPT;

/** The same from a file. Errors: as perfmodel_space_from_json; NOT_FOUND, IO. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_read(const char* path,
                                                      perfmodel_space** out_space) PERFMODEL_C_NOEXCEPT;

/**
 * The options that a CSV's columns show: the numbers that occur are the levels, the highest is the default; columns of
 * text have labels, in alphabetical order.
 * columns  num_columns names, at least one
 * Errors: NOT_FOUND (file, column), PARSE (an empty cell, with its line), INVALID_ARGUMENT (no rows, no columns).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_space_from_csv(const char* path, const char* const* columns,
                                                          size_t num_columns,
                                                          perfmodel_space** out_space) PERFMODEL_C_NOEXCEPT;

/** Ends a space; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_space_destroy(perfmodel_space* space) PERFMODEL_C_NOEXCEPT;

/** The JSON that perfmodel_space_from_json reads. Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_to_json(const perfmodel_space* space, char* buffer, size_t capacity,
                                                         size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_num_options(const perfmodel_space* space,
                                                             size_t* out_num_options) PERFMODEL_C_NOEXCEPT;

/** The name of an option. Errors: INVALID_ARGUMENT (NULL, index), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_option_name(const perfmodel_space* space, size_t option_index,
                                                             char* buffer, size_t capacity,
                                                             size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** The number of the level that `text` names: a label, or a number in any form. Errors: INVALID_ARGUMENT (index; no
 *  such level: lists them). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_value_of_text(const perfmodel_space* space, size_t option_index,
                                                               const char* text,
                                                               double* out_value) PERFMODEL_C_NOEXCEPT;

/** The text of the level whose number is `value`: its label, or the number. Errors: INVALID_ARGUMENT (index; no such
 *  level), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_text_of_value(const perfmodel_space* space, size_t option_index,
                                                               double value, char* buffer, size_t capacity,
                                                               size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** How many points there are, constraints aside. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_num_points(const perfmodel_space* space,
                                                            uint64_t* out_num_points) PERFMODEL_C_NOEXCEPT;

/** The first point at or after `index` that satisfies the constraints; num_points when there is none. Errors:
 *  INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_next_feasible(const perfmodel_space* space, uint64_t index,
                                                               uint64_t* out_index) PERFMODEL_C_NOEXCEPT;

/** The position of a configuration among all points. Errors: MISMATCH (num_values is not num_options);
 *  INVALID_ARGUMENT (a number that is no level; names the option and its levels). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_index_of(const perfmodel_space* space, const double* values,
                                                          size_t num_values, uint64_t* out_index) PERFMODEL_C_NOEXCEPT;

/** The configuration at a position. out_values: num_values numbers. Errors: MISMATCH (num_values is not num_options);
 *  INVALID_ARGUMENT (index). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_values_at(const perfmodel_space* space, uint64_t index,
                                                           double* out_values, size_t num_values) PERFMODEL_C_NOEXCEPT;

/** Whether a configuration satisfies the constraints. Errors: as perfmodel_space_index_of. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_is_feasible(const perfmodel_space* space, const double* values,
                                                             size_t num_values,
                                                             int32_t* out_is_feasible) PERFMODEL_C_NOEXCEPT;

/** The configuration nearest to numbers that need not be levels, and that satisfies the constraints. out_values:
 *  num_values numbers; may be `values`. Errors: MISMATCH (num_values is not num_options); INVALID_ARGUMENT (a number
 *  that is not finite; nothing near). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_nearest(const perfmodel_space* space, const double* values,
                                                         size_t num_values, double* out_values) PERFMODEL_C_NOEXCEPT;

/** How many configurations satisfy the constraints, at most `limit`: counting further may take long where constraints
 *  tie many options together. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_space_num_feasible(const perfmodel_space* space, uint64_t limit,
                                                              uint64_t* out_num_feasible) PERFMODEL_C_NOEXCEPT;

/**
 * Configurations that satisfy the constraints, none twice; a space of 10^12 points is as good as a small one. What a
 * transfer takes as candidates where it cannot take all, and what a program measures first.
 * method           "random" or "latin_hypercube": `count` of them, fewer where the space holds no more;
 *                  "one_at_a_time": the default and every other level of each option alone;
 *                  "cover_pairs": few, in which every two levels of two options occur together (docs/config.md)
 * count            rows for which out_values has room
 * seed             same seed: same configurations; of no matter to "one_at_a_time"
 * out_values       count x num_values numbers, row by row; NULL with count 0: only the number of the last two is told
 * out_num_samples  how many there are
 * Errors: UNSUPPORTED (another method; lists them); BUFFER_TOO_SMALL (the last two make more than `count`); MISMATCH
 * (num_values is not num_options); INVALID_ARGUMENT (more than 10000000; nothing was found that satisfies the
 * constraints).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_space_sample(const perfmodel_space* space, const char* method, size_t count,
                                                        uint64_t seed, double* out_values, size_t num_values,
                                                        size_t* out_num_samples) PERFMODEL_C_NOEXCEPT;

/* ---- Data sets -------------------------------------------------------------------------------------------------- */

/** Rows of named numbers and one target, to learn from. */
typedef struct perfmodel_dataset perfmodel_dataset;

/** A data set without rows. feature_names: num_features names. target_name: its ending is the unit, e.g. "time_ms".
 *  Errors: INVALID_ARGUMENT (no features, a name that is empty or there twice). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_dataset_create(const char* const* feature_names, size_t num_features,
                                                          const char* target_name,
                                                          perfmodel_dataset** out_dataset) PERFMODEL_C_NOEXCEPT;

/** Reads numeric columns of a CSV; rows with labels are added, in numbers by perfmodel_space_value_of_text().
 *  feature_columns: num_feature_columns names; 0: all but the target. Errors: NOT_FOUND (file, column); PARSE (text,
 * NaN or an empty cell, with its line). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_dataset_from_csv(const char* path, const char* target_column,
                                                            const char* const* feature_columns,
                                                            size_t num_feature_columns,
                                                            perfmodel_dataset** out_dataset) PERFMODEL_C_NOEXCEPT;

/** Ends a data set; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_dataset_destroy(perfmodel_dataset* dataset) PERFMODEL_C_NOEXCEPT;

/**
 * Adds rows, all or none.
 * rows     num_rows x num_features numbers, row by row
 * targets  num_rows numbers
 * Errors: MISMATCH (num_features is not that of the data set); INVALID_ARGUMENT (a number that is not finite).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_dataset_add_rows(perfmodel_dataset* dataset, const double* rows,
                                                            size_t num_rows, size_t num_features,
                                                            const double* targets) PERFMODEL_C_NOEXCEPT;

/** Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_dataset_num_rows(const perfmodel_dataset* dataset,
                                                            size_t* out_num_rows) PERFMODEL_C_NOEXCEPT;

/** Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_dataset_num_features(const perfmodel_dataset* dataset,
                                                                size_t* out_num_features) PERFMODEL_C_NOEXCEPT;

/** The name of a feature. Errors: INVALID_ARGUMENT (NULL, index), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_dataset_feature_name(const perfmodel_dataset* dataset, size_t feature_index,
                                                                char* buffer, size_t capacity,
                                                                size_t* out_size) PERFMODEL_C_NOEXCEPT;

/* ---- Models ----------------------------------------------------------------------------------------------------- */

/** A fitted model of any learner or strategy: predicts a target from a row of features. */
typedef struct perfmodel_model perfmodel_model;

/** One answer of a model, in the unit of its target. */
typedef struct perfmodel_prediction {
  size_t struct_size;
  double mean;
  double lower, upper; /**< interval at perfmodel_model_info.interval_level; the mean where that is 0 */
  int32_t in_domain;   /**< whether all features lie in the range that was learnt */
  int32_t reserved;
} perfmodel_prediction;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_prediction_init(perfmodel_prediction* prediction,
                                                           size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** Loads a model from a file. Errors: INVALID_ARGUMENT (NULL); NOT_FOUND, PERMISSION, IO; CORRUPT (truncated, damaged,
 *  inconsistent); VERSION (a format this build does not know); MISMATCH (the file of something else, e.g. a predictor;
 *  says what it holds). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_load(const char* path,
                                                      perfmodel_model** out_model) PERFMODEL_C_NOEXCEPT;

/** The same from `size` bytes at `data`, which may be freed afterwards. Errors: INVALID_ARGUMENT (NULL), CORRUPT,
 *  VERSION, MISMATCH. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_load_memory(const void* data, size_t size,
                                                             perfmodel_model** out_model) PERFMODEL_C_NOEXCEPT;

/** Reads boosted trees from a file that XGBoost itself wrote, as JSON or UBJSON; no XGBoost is needed. target_name: of
 *  what they predict, its ending is the unit, e.g. "time_ms"; NULL: "prediction". Features have the file's names, or
 *  f0, f1 and so on, and no known range. Errors: INVALID_ARGUMENT (NULL); NOT_FOUND, PERMISSION, IO;
 *  CORRUPT (neither form, truncated, inconsistent); UNSUPPORTED (another booster or objective, several outputs,
 *  categorical splits; says which). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_import_xgboost(const char* path, const char* target_name,
                                                                perfmodel_model** out_model) PERFMODEL_C_NOEXCEPT;

/** The same from `size` bytes at `data`, which may be freed afterwards. Errors: as perfmodel_model_import_xgboost, but
 *  those of files. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_import_xgboost_memory(
    const void* data, size_t size, const char* target_name, perfmodel_model** out_model) PERFMODEL_C_NOEXCEPT;

/** Writes a model's file as one step: never half of it. Errors: NOT_FOUND, PERMISSION, NO_SPACE, IO. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_save(const perfmodel_model* model,
                                                      const char* path) PERFMODEL_C_NOEXCEPT;

/** Ends a model; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_model_destroy(perfmodel_model* model) PERFMODEL_C_NOEXCEPT;

/** What is known about it. out_info: set its struct_size. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_describe(const perfmodel_model* model,
                                                          perfmodel_model_info* out_info) PERFMODEL_C_NOEXCEPT;

/** What is known about it as text. key: "kind" (e.g. "tree"), "preset", "target" or "training_hash". Errors: NOT_FOUND
 *  (another key; lists them), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_text(const perfmodel_model* model, const char* key, char* buffer,
                                                      size_t capacity, size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_num_features(const perfmodel_model* model,
                                                              size_t* out_num_features) PERFMODEL_C_NOEXCEPT;

/** A feature: its range and whether it is used. out_feature: set its struct_size. Errors: INVALID_ARGUMENT (NULL,
 *  index). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_feature(const perfmodel_model* model, size_t feature_index,
                                                         perfmodel_feature* out_feature) PERFMODEL_C_NOEXCEPT;

/** Its name. Errors: INVALID_ARGUMENT (NULL, index), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_feature_name(const perfmodel_model* model, size_t feature_index,
                                                              char* buffer, size_t capacity,
                                                              size_t* out_size) PERFMODEL_C_NOEXCEPT;

/**
 * Answers for `num_rows` rows.
 * rows             num_rows x num_features numbers, row by row; 0 rows do nothing
 * out_predictions  num_rows results, in the order of the rows. Set struct_size of the first.
 * Memory of the calling thread is reused from call to call, so nothing is allocated once it is large enough.
 * Errors: MISMATCH (num_features is not that of the model; names both); INVALID_ARGUMENT (NULL; a number that is not
 * finite: names its row and column, from 0; a row so far from what was learnt that its answer is not: names the row);
 * OUT_OF_MEMORY.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_model_predict(const perfmodel_model* model, const double* rows,
                                                         size_t num_rows, size_t num_features,
                                                         perfmodel_prediction* out_predictions) PERFMODEL_C_NOEXCEPT;

/** Whether the model defines what a missing value means: trees of XGBoost do. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_takes_missing(const perfmodel_model* model,
                                                               int32_t* out_takes_missing) PERFMODEL_C_NOEXCEPT;

/** As perfmodel_model_predict, for rows in which NaN stands for a value that is missing: the model answers as it
 *  defines, and the row is not in_domain. Errors: as there, but NaN; UNSUPPORTED (a value is missing, and the model
 *  does not define what that means; names its row and column). @since 0.1 */
PERFMODEL_C_API perfmodel_status
perfmodel_model_predict_missing(const perfmodel_model* model, const double* rows, size_t num_rows, size_t num_features,
                                perfmodel_prediction* out_predictions) PERFMODEL_C_NOEXCEPT;

/** How much each feature of a model of trees lowers the squared error; the sum is 1, 0 is a feature that no split uses.
 *  out_importance: num_features numbers. Errors: UNSUPPORTED (a model of another kind); MISMATCH (num_features is not
 *  that of the model). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_model_feature_importance(const perfmodel_model* model,
                                                                    double* out_importance,
                                                                    size_t num_features) PERFMODEL_C_NOEXCEPT;

/* ---- Learners --------------------------------------------------------------------------------------------------- */

/** Turns a data set into a model. perfmodel_num_learners() and perfmodel_learner_name() tell which there are. */
typedef struct perfmodel_learner perfmodel_learner;

/** How a learner fits. Callbacks run on the calling thread, may be NULL, and must return. */
typedef struct perfmodel_learning_options {
  size_t struct_size;
  uint64_t seed;              /**< default 0; same seed, data and options: same bits */
  int64_t num_threads;        /**< default 1 */
  double validation_fraction; /**< of the rows: to choose when to stop and to calibrate intervals; default 0.15 */
  double interval_level;      /**< default 0.9; 0: no interval, which saves fitting anew to calibrate it */
  void (*progress)(const perfmodel_progress* progress, void* user_data);
  int32_t (*cancelled)(void* user_data); /**< other than 0 ends the fit with PERFMODEL_ERROR_CANCELLED */
  void (*log)(int32_t level, const char* message, void* user_data);
  void* user_data;
} perfmodel_learning_options;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_learning_options_init(perfmodel_learning_options* options,
                                                                 size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** A learner by name. json: its options, e.g. "{\"max_depth\": 6}"; NULL: all defaults. docs/learners.md, "Options in
 *  JSON", lists them. Errors:
 *  UNSUPPORTED (a learner that was not registered, or is not in this build; lists those there are); PARSE (not JSON, an
 *  unknown option; lists the allowed ones); INVALID_ARGUMENT (an option out of range). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_learner_create(const char* name, const char* json,
                                                          perfmodel_learner** out_learner) PERFMODEL_C_NOEXCEPT;

/** Ends a learner; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_learner_destroy(perfmodel_learner* learner) PERFMODEL_C_NOEXCEPT;

/** Fits a model. options: NULL: all defaults. Errors: INVALID_ARGUMENT (too few rows, a target that the learner cannot
 *  take, an option), CANCELLED. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_learner_fit(const perfmodel_learner* learner,
                                                       const perfmodel_dataset* dataset,
                                                       const perfmodel_learning_options* options,
                                                       perfmodel_model** out_model) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
