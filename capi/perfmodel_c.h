/**
 * The C API of perfmodel: how long layers and networks run, asked from any language.
 *
 * Rules that hold for every function:
 *  1. A function that can go wrong returns a perfmodel_status. On anything but PERFMODEL_OK its outputs are
 *     untouched and perfmodel_last_error() explains, on the same thread. The code decides; the text is for people.
 *     The one exception: PERFMODEL_ERROR_BUFFER_TOO_SMALL sets the size or count that would have been enough.
 *  2. Handles are made by _load, _fit, _builtin, _read and the like, and ended by _destroy, which takes NULL. A
 *     handle is immutable: any number of threads may use it at once, and only _destroy must come last. Predictions
 *     work in memory that belongs to the calling thread, whatever the handle: it grows to what the thread's largest
 *     call takes (about 100 bytes a row, 250 a layer, 80 a node of a network, and scratch of the models, mostly below
 *     1 MB) and is released when the thread ends, not when a handle does and by no call. So that a thread's
 *     predictions never allocate, let it make its largest one first.
 *  3. Structs begin with `struct_size`, the caller's sizeof; the _init functions set it with all defaults. What a
 *     caller compiled against an older header does not have counts as its default. An array of structs steps by
 *     the struct_size of its first element.
 *  4. Strings are UTF-8 and end with NUL. A string that comes back goes into `buffer` of `capacity` bytes, and
 *     `*out_size` (may be NULL) becomes what it needs with its NUL. With a NULL buffer and capacity 0 only the
 *     size is told.
 *  5. Times are in milliseconds (_ms), sizes in bytes (_bytes). A boolean is an int32_t, 0 or 1.
 *
 * Nothing here throws, exits, installs signal handlers or runs at load time. docs/embedding.md says how a runtime uses
 * it; pages named docs/x.md are installed to share/doc/perfmodel.
 */
#ifndef PERFMODEL_C_H
#define PERFMODEL_C_H

#include "perfmodel_network_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Versions --------------------------------------------------------------------------------------------------- */

/** Version of the C API that this header describes. Functions and struct fields are only added within a major. */
#define PERFMODEL_C_API_VERSION_MAJOR 0
#define PERFMODEL_C_API_VERSION_MINOR 1
#define PERFMODEL_C_API_VERSION_PATCH 0

/** Version of perfmodel that is loaded, e.g. "0.1.0". Static storage. @since 0.1 */
PERFMODEL_C_API const char* perfmodel_version(void) PERFMODEL_C_NOEXCEPT;

/** Version of the C API that is loaded: 10000 x major + 100 x minor + patch. @since 0.1 */
PERFMODEL_C_API int32_t perfmodel_c_api_version(void) PERFMODEL_C_NOEXCEPT;

/** Whether a part that can be left out of a build ("torch", "xgboost", "sqlite") is in this one. Errors:
 *  INVALID_ARGUMENT for another name. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_has_feature(const char* name, int32_t* out_has_feature) PERFMODEL_C_NOEXCEPT;

/* ---- Predictors ------------------------------------------------------------------------------------------------- */

/** Predicts layer times on one device, with one model per layer kind and phase. */
typedef struct perfmodel_predictor perfmodel_predictor;

/** Loads a predictor from a file. Errors: INVALID_ARGUMENT (NULL); NOT_FOUND, PERMISSION, IO; CORRUPT (truncated,
 *  damaged, inconsistent); VERSION (a format this build does not know); MISMATCH (the file of something else, e.g. of
 *  one model; says what it holds). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_load(const char* path,
                                                          perfmodel_predictor** out_predictor) PERFMODEL_C_NOEXCEPT;

/** The same from `size` bytes at `data`, which may be freed afterwards. Errors: INVALID_ARGUMENT (NULL), CORRUPT,
 *  VERSION, MISMATCH. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_load_memory(
    const void* data, size_t size, perfmodel_predictor** out_predictor) PERFMODEL_C_NOEXCEPT;

/** Writes a predictor's file as one step: never half of it. Errors: INVALID_ARGUMENT (NULL); NOT_FOUND, PERMISSION,
 *  NO_SPACE, IO. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_save(const perfmodel_predictor* predictor,
                                                          const char* path) PERFMODEL_C_NOEXCEPT;

/** Ends a predictor; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_predictor_destroy(perfmodel_predictor* predictor) PERFMODEL_C_NOEXCEPT;

/**
 * Times of `num_layers` layers in one context.
 *
 * layers     in any order; 0 layers do nothing
 * context    NULL: the default
 * out_times  num_layers results, in the order of `layers`: milliseconds, finite and >= 0. Set struct_size of the first.
 * Memory of the calling thread is reused from call to call, so nothing is allocated once it is large enough.
 * Errors: INVALID_ARGUMENT (NULL; an invalid layer, also of a kind without a model: says which and why), UNSUPPORTED (a
 * valid layer of a kind without a model; says which); OUT_OF_MEMORY (more layers than memory can hold).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_predict(const perfmodel_predictor* predictor,
                                                             const perfmodel_layer* layers, size_t num_layers,
                                                             const perfmodel_layer_context* context,
                                                             perfmodel_layer_time* out_times) PERFMODEL_C_NOEXCEPT;

/**
 * Time of a network, its layers in the context that the network itself makes.
 *
 * out_total       set its struct_size
 * out_layers      times of the nodes, in the network's order; set struct_size of the first. May be NULL with
 *                 layers_capacity 0: then only the total is wanted.
 * out_num_layers  may be NULL; the number of nodes, also when layers_capacity is too small
 * Errors: INVALID_ARGUMENT; BUFFER_TOO_SMALL; UNSUPPORTED (a layer kind without a model; names the node).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_predict_network(
    const perfmodel_predictor* predictor, const perfmodel_network* network, perfmodel_network_time* out_total,
    perfmodel_layer_time* out_layers, size_t layers_capacity, size_t* out_num_layers) PERFMODEL_C_NOEXCEPT;

/** The same, but that a layer whose kind has no model counts nothing: its times are 0 and out of domain, and the shares
 *  of out_total tell how much that leaves out. Errors: INVALID_ARGUMENT; BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_predict_known(
    const perfmodel_predictor* predictor, const perfmodel_network* network, perfmodel_network_time* out_total,
    perfmodel_layer_time* out_layers, size_t layers_capacity, size_t* out_num_layers) PERFMODEL_C_NOEXCEPT;

/* ---- From the sum of layers to the time of a network ------------------------------------------------------------ */

/** What makes the time of a network from end to end differ from the sum of its layers' times, learnt on networks that
 *  were timed so. */
typedef struct perfmodel_network_correction perfmodel_network_correction;

/** Reads the file of a correction. Errors: INVALID_ARGUMENT; NOT_FOUND; PERMISSION; IO; CORRUPT; VERSION; MISMATCH (the
 *  file of something else; says what it holds). @since 0.1 */
PERFMODEL_C_API perfmodel_status
perfmodel_network_correction_load(const char* path, perfmodel_network_correction** out_correction) PERFMODEL_C_NOEXCEPT;

/** The same from `size` bytes at `data`, which may be freed afterwards. Errors: INVALID_ARGUMENT (NULL), CORRUPT,
 *  VERSION, MISMATCH. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_correction_load_memory(
    const void* data, size_t size, perfmodel_network_correction** out_correction) PERFMODEL_C_NOEXCEPT;

/** Ends a correction; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_network_correction_destroy(perfmodel_network_correction* correction)
    PERFMODEL_C_NOEXCEPT;

/**
 * Time of a network from end to end.
 *
 * predictor  of the environment that the correction was fitted for
 * out_total  set its struct_size; in_domain says whether the network is like those that the correction has learnt
 * Errors: INVALID_ARGUMENT; MISMATCH (another environment); UNSUPPORTED (a layer kind without a model).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_network_correction_predict(
    const perfmodel_network_correction* correction, const perfmodel_predictor* predictor,
    const perfmodel_network* network, perfmodel_network_time* out_total) PERFMODEL_C_NOEXCEPT;

/* ---- What a predictor knows ------------------------------------------------------------------------------------- */

/** A feature of a model. Outside of [minimum, maximum] a layer is out of domain. */
typedef struct perfmodel_feature {
  size_t struct_size;
  double minimum, maximum; /**< over the training rows */
  int32_t used;            /**< 0: the model leaves it out */
  int32_t reserved;
} perfmodel_feature;

/** What is known about a model, e.g. that of one layer kind and phase. */
typedef struct perfmodel_model_info {
  size_t struct_size;
  uint64_t num_features;
  uint64_t training_rows;
  double interval_level;         /**< e.g. 0.9; 0 when the interval was not calibrated */
  uint64_t held_out_rows;        /**< rows that took no part in the fit; 0: none, and the errors mean nothing */
  double held_out_mape_pct;      /**< mean absolute percentage error on them */
  double held_out_within_10_pct; /**< share of them predicted within 10 %, in percent */
} perfmodel_model_info;

/**
 * Where the measurements behind a predictor were made.
 * key  "device", "device_name", "framework", "framework_version", "num_threads" or "timing" ("phases" or "total")
 * Errors: NOT_FOUND (another key; lists them), BUFFER_TOO_SMALL.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_environment(const perfmodel_predictor* predictor, const char* key,
                                                                 char* buffer, size_t capacity,
                                                                 size_t* out_size) PERFMODEL_C_NOEXCEPT;

/**
 * The layer kinds it has models for.
 * out_kinds      PERFMODEL_LAYER_x; may be NULL with capacity 0
 * out_num_kinds  may be NULL; also set when capacity is too small
 * Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_kinds(const perfmodel_predictor* predictor, int32_t* out_kinds,
                                                           size_t capacity, size_t* out_num_kinds) PERFMODEL_C_NOEXCEPT;

/** Whether it has models for `kind`. Errors: INVALID_ARGUMENT (no layer kind). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_knows_kind(const perfmodel_predictor* predictor, int32_t kind,
                                                                int32_t* out_knows) PERFMODEL_C_NOEXCEPT;

/**
 * The model of a layer kind and phase.
 * out_model  set its struct_size
 * Errors: INVALID_ARGUMENT (no layer kind, no phase); UNSUPPORTED (no model for that kind).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_model(const perfmodel_predictor* predictor, int32_t kind,
                                                           int32_t phase,
                                                           perfmodel_model_info* out_model) PERFMODEL_C_NOEXCEPT;

/**
 * What is known about that model as text.
 * key  "kind" (e.g. "resperfnet"), "preset", "target" or "training_hash"
 * Errors: as perfmodel_predictor_model; NOT_FOUND (another key; lists them), BUFFER_TOO_SMALL.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_model_text(const perfmodel_predictor* predictor, int32_t kind,
                                                                int32_t phase, const char* key, char* buffer,
                                                                size_t capacity, size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** Feature `feature_index` (< num_features) of that model. out_feature: set its struct_size. Errors: as
 *  perfmodel_predictor_model; INVALID_ARGUMENT (index). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_feature(const perfmodel_predictor* predictor, int32_t kind,
                                                             int32_t phase, size_t feature_index,
                                                             perfmodel_feature* out_feature) PERFMODEL_C_NOEXCEPT;

/** Its name. Errors: as perfmodel_predictor_feature; BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_feature_name(const perfmodel_predictor* predictor, int32_t kind,
                                                                  int32_t phase, size_t feature_index, char* buffer,
                                                                  size_t capacity,
                                                                  size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** Its unit, "" for counts. Errors: as perfmodel_predictor_feature; BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_feature_unit(const perfmodel_predictor* predictor, int32_t kind,
                                                                  int32_t phase, size_t feature_index, char* buffer,
                                                                  size_t capacity,
                                                                  size_t* out_size) PERFMODEL_C_NOEXCEPT;

/* ---- Fitting ---------------------------------------------------------------------------------------------------- */

/** How far a fit has come. Texts are valid during the callback. */
typedef struct perfmodel_progress {
  size_t struct_size;
  const char* task;
  uint64_t done, total; /**< steps; total 0 when unknown */
  double elapsed_s;
  double remaining_s; /**< estimate; < 0 when unknown */
  const char* note;   /**< what is worth seeing besides, e.g. "loss 0.071"; may be empty */
} perfmodel_progress;

enum { PERFMODEL_LOG_INFO = 0, PERFMODEL_LOG_WARNING = 1 };

/** How a predictor is fitted. Callbacks run on the calling thread, may be NULL, and must return. */
typedef struct perfmodel_fit_options {
  size_t struct_size;
  const char* learner;      /**< default "layer_blend"; see perfmodel_learner_name */
  const char* preset;       /**< of the learner; default "default", which all have; the paper's: "paper" */
  const char* features;     /**< default "physics"; "physics_tiles"; the paper's: "paper" */
  uint64_t seed;            /**< default 0; same seed, data and threads: same bits */
  int64_t num_threads;      /**< default 1 */
  double held_out_fraction; /**< of each kind's layers: only reported on; default 0.2 */
  void (*progress)(const perfmodel_progress* progress, void* user_data);
  int32_t (*cancelled)(void* user_data); /**< other than 0 ends the fit with PERFMODEL_ERROR_CANCELLED */
  void (*log)(int32_t level, const char* message, void* user_data);
  void* user_data;
  int32_t memory_bound_by_learner;    /**< other than 0: normalisations, additions, concatenations, activations, global
                                           pooling and softmax are fitted by `learner` too, not by "additive_cost" */
  int32_t held_out_network_intervals; /**< other than 0: intervals of networks are fitted to networks put together from
                                           the held-out layers; 0, the default: cautious ones (docs/networks.md) */
} perfmodel_fit_options;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_fit_options_init(perfmodel_fit_options* options,
                                                            size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** How many learners this process has: "additive_cost", "constant", "tree", "forest", "polynomial", "stepwise", "gp",
 * and those that perfmodel_train_register_learners() of perfmodel_train_c.h adds. Errors: INVALID_ARGUMENT. @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_num_learners(size_t* out_num_learners) PERFMODEL_C_NOEXCEPT;

/** The name of a learner. Errors: INVALID_ARGUMENT (NULL, index), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_learner_name(size_t learner_index, char* buffer, size_t capacity,
                                                        size_t* out_size) PERFMODEL_C_NOEXCEPT;

/**
 * Fits a predictor to the CSV that a layer campaign exports.
 *
 * options  NULL: all defaults
 * Errors: NOT_FOUND (file or column), PARSE (with the line number), INVALID_ARGUMENT (too few layers of a kind, an
 * option; with held_out_network_intervals too few layers for the intervals that these add up), UNSUPPORTED (a learner
 * that was not registered, or is not in this build), CANCELLED.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_fit(const char* table_path, const perfmodel_fit_options* options,
                                                         perfmodel_predictor** out_predictor) PERFMODEL_C_NOEXCEPT;

/**
 * The same predictor with intervals of networks fitted to networks whose layers were timed one by one as whole calls: a
 * CSV with a row per layer (docs/formats-layers.md, "networks layer by layer"). They are saved with it.
 *
 * time_column  e.g. "time_median_ms"; NULL: that
 * device       only networks measured on it; NULL: all
 * Errors: NOT_FOUND (file, column, device), PARSE (with the line number), MISMATCH (a predictor of three phases),
 * UNSUPPORTED (a layer kind without a model), INVALID_ARGUMENT (too few networks, 9 at level 0.9; a model without an
 * interval).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_fit_network_interval(
    const perfmodel_predictor* predictor, const char* networks_path, const char* time_column, const char* device,
    perfmodel_predictor** out_predictor) PERFMODEL_C_NOEXCEPT;

/** How a predictor adds up its layers' errors to the interval of a network: their correlation, 0 to 1, the scale of the
 *  sum, and how many networks both were fitted to, 0 for the default (1 and 1). Outputs may be NULL. Errors:
 *  INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_network_interval(const perfmodel_predictor* predictor,
                                                                      double* out_correlation, double* out_scale,
                                                                      uint64_t* out_num_networks) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
