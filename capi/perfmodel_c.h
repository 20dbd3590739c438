/**
 * The C API of perfmodel: how long layers and networks run, asked from any language.
 *
 * Rules that hold for every function:
 *  1. A function that can go wrong returns a perfmodel_status. On anything but PERFMODEL_OK its outputs are
 *     untouched and perfmodel_last_error() explains, on the same thread. The code decides; the text is for people.
 *     The one exception: PERFMODEL_ERROR_BUFFER_TOO_SMALL sets the size or count that would have been enough.
 *  2. Handles are made by _load, _fit, _builtin, _read and the like, and ended by _destroy, which takes NULL. A
 *     handle is immutable: any number of threads may use it at once, and only _destroy must come last.
 *  3. Structs begin with `struct_size`, the caller's sizeof; the _init functions set it with all defaults. What a
 *     caller compiled against an older header does not have counts as its default. An array of structs steps by
 *     the struct_size of its first element.
 *  4. Strings are UTF-8 and end with NUL. A string that comes back goes into `buffer` of `capacity` bytes, and
 *     `*out_size` (may be NULL) becomes what it needs with its NUL. With a NULL buffer and capacity 0 only the
 *     size is told.
 *  5. Times are in milliseconds (_ms), sizes in bytes (_bytes). A boolean is an int32_t, 0 or 1.
 *
 * Nothing here throws, exits, installs signal handlers or runs at load time.
 */
#ifndef PERFMODEL_C_H
#define PERFMODEL_C_H

#include <stddef.h>
#include <stdint.h>

#define PERFMODEL_C_API __attribute__((visibility("default")))
#ifdef __cplusplus
#define PERFMODEL_C_NOEXCEPT noexcept
extern "C" {
#else
#define PERFMODEL_C_NOEXCEPT
#endif

/* ---- Versions and errors ---------------------------------------------------------------------------------------- */

/** Version of the C API that this header describes. Functions and struct fields are only added within a major. */
#define PERFMODEL_C_API_VERSION_MAJOR 0
#define PERFMODEL_C_API_VERSION_MINOR 1
#define PERFMODEL_C_API_VERSION_PATCH 0

/** Outcome of a call: one of the codes below. Callers treat a code they do not know as a failure. */
typedef int32_t perfmodel_status;
enum {
  PERFMODEL_OK = 0,
  PERFMODEL_ERROR_INVALID_ARGUMENT = 1, /**< an argument breaks the documented requirements */
  PERFMODEL_ERROR_UNSUPPORTED = 2,      /**< not in this build, not on this machine, or no model for it */
  PERFMODEL_ERROR_NOT_FOUND = 3,        /**< a file, column, network or key of that name does not exist */
  PERFMODEL_ERROR_IO = 4,               /**< the operating system refused to read or write */
  PERFMODEL_ERROR_PARSE = 5,            /**< text (CSV, JSON) that does not follow its format */
  PERFMODEL_ERROR_CORRUPT = 6,          /**< a binary file that is truncated, damaged or inconsistent */
  PERFMODEL_ERROR_VERSION = 7,          /**< a file of a format version or schema that this build does not know */
  PERFMODEL_ERROR_BUFFER_TOO_SMALL = 8, /**< the caller's buffer cannot hold the result */
  PERFMODEL_ERROR_BUSY = 9,             /**< somebody else holds the file or device */
  PERFMODEL_ERROR_PERMISSION = 10,      /**< the process may not do that */
  PERFMODEL_ERROR_MISMATCH = 11,        /**< two things that must agree do not */
  PERFMODEL_ERROR_NO_SPACE = 12,        /**< the disk is full */
  PERFMODEL_ERROR_OUT_OF_MEMORY = 13,   /**< an allocation failed */
  PERFMODEL_ERROR_CANCELLED = 14,       /**< the caller's cancel callback said so */
  PERFMODEL_ERROR_TIMEOUT = 15,         /**< a bounded wait ran out */
  PERFMODEL_ERROR_INTERNAL = 16         /**< a broken invariant: a fault of perfmodel itself */
};

/** Version of perfmodel that is loaded, e.g. "0.1.0". Static storage. @since 0.1 */
PERFMODEL_C_API const char* perfmodel_version(void) PERFMODEL_C_NOEXCEPT;

/** Version of the C API that is loaded: 10000 x major + 100 x minor + patch. @since 0.1 */
PERFMODEL_C_API int32_t perfmodel_c_api_version(void) PERFMODEL_C_NOEXCEPT;

/** Whether a part that can be left out of a build ("torch", "xgboost", "sqlite") is in this one. Errors:
 *  INVALID_ARGUMENT for another name. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_has_feature(const char* name, int32_t* out_has_feature) PERFMODEL_C_NOEXCEPT;

/** A code in words, e.g. "invalid argument". Static storage, never NULL. @since 0.1 */
PERFMODEL_C_API const char* perfmodel_status_name(perfmodel_status status) PERFMODEL_C_NOEXCEPT;

/** What the latest failing call of this thread complained about; "" before any. Never NULL, valid until the next
 *  failing call on this thread. @since 0.1 */
PERFMODEL_C_API const char* perfmodel_last_error(void) PERFMODEL_C_NOEXCEPT;

/* ---- Layers ----------------------------------------------------------------------------------------------------- */

enum {
  PERFMODEL_LAYER_CONV2D = 0, /**< with groups, as many as channels: depthwise */
  PERFMODEL_LAYER_POOL2D = 1,
  PERFMODEL_LAYER_DENSE = 2,         /**< on all values together, or on each position (input_height x input_width) */
  PERFMODEL_LAYER_BATCH_NORM2D = 3,  /**< as networks infer */
  PERFMODEL_LAYER_LAYER_NORM = 4,    /**< of each position */
  PERFMODEL_LAYER_ADD = 5,           /**< of two equal tensors */
  PERFMODEL_LAYER_CONCAT = 6,        /**< of `groups` tensors along their channels */
  PERFMODEL_LAYER_ACTIVATION = 7,    /**< by itself */
  PERFMODEL_LAYER_GLOBAL_POOL2D = 8, /**< the mean of all positions */
  PERFMODEL_LAYER_SOFTMAX = 9,       /**< over each of `groups` equal parts of the channels of each position */
  PERFMODEL_LAYER_MATMUL = 10        /**< of two tensors, for each of `groups` heads */
};
enum {
  PERFMODEL_ACTIVATION_NONE = 0,
  PERFMODEL_ACTIVATION_RELU = 1,
  PERFMODEL_ACTIVATION_SIGMOID = 2,
  PERFMODEL_ACTIVATION_TANH = 3,
  PERFMODEL_ACTIVATION_GELU = 4,
  PERFMODEL_ACTIVATION_RELU6 = 5
};
enum { PERFMODEL_POOL_MAX = 0, PERFMODEL_POOL_AVERAGE = 1 };
enum { PERFMODEL_DATA_TYPE_FLOAT32 = 0 };

/** The phases of a layer: bringing its input to where and how it runs, the operation alone, handing over its output. */
enum { PERFMODEL_PHASE_PREPROCESS = 0, PERFMODEL_PHASE_EXECUTION = 1, PERFMODEL_PHASE_POSTPROCESS = 2 };

/** One layer: everything that decides how long it runs. Fields that a kind does not use stay at their defaults. A dense
 *  layer has its numbers of inputs and outputs in the channels; a matrix product, for each image and each of `groups`
 *  heads m x k times k x n, has m positions (input_height x input_width), groups x k channels in and groups x n out; a
 *  concatenation has the channels of all its `groups` tensors together. Elsewhere but for convolution, channels_out
 *  equals channels_in. */
typedef struct perfmodel_layer {
  size_t struct_size;
  int32_t kind;       /**< PERFMODEL_LAYER_x; default CONV2D */
  int32_t activation; /**< PERFMODEL_ACTIVATION_x; default NONE */
  int32_t pool_kind;  /**< PERFMODEL_POOL_x; default MAX */
  int32_t data_type;  /**< PERFMODEL_DATA_TYPE_x; default FLOAT32 */
  int32_t has_bias;   /**< default 1 */
  int32_t reserved;   /**< 0 */
  int64_t batch;      /**< all sizes default to 1 */
  int64_t input_height, input_width;
  int64_t channels_in, channels_out;
  int64_t kernel_height, kernel_width;
  int64_t stride_height, stride_width;
  int64_t dilation_height, dilation_width;
  int64_t pad_top, pad_bottom, pad_left, pad_right; /**< zeros added at each side; default 0 */
  int64_t groups;
} perfmodel_layer;

/** Where in a program layers run. */
typedef struct perfmodel_layer_context {
  size_t struct_size;
  double reuse_bytes; /**< memory touched between two uses of a layer's weights; default 1e9: more than a cache holds */
} perfmodel_layer_context;

/** A time and how sure it is. Fixed for good: the structs that hold it grow instead. */
typedef struct perfmodel_time_estimate {
  double mean_ms;
  double lower_ms, upper_ms; /**< interval at the level of the model (perfmodel_model_info.interval_level) */
} perfmodel_time_estimate;

/** Times of one layer. Where the predictor's timing is "total", execution is the whole call, the others are 0. */
typedef struct perfmodel_layer_time {
  size_t struct_size;
  perfmodel_time_estimate preprocess, execution, postprocess;
  int32_t in_domain; /**< whether the layer lies in what was learnt, in all phases */
  int32_t reserved;
} perfmodel_layer_time;

/** Time of a whole network: preprocessing of the first layer, execution of all, postprocessing of the last. */
typedef struct perfmodel_network_time {
  size_t struct_size;
  perfmodel_time_estimate total;
  int32_t in_domain; /**< whether all layers lie in what was learnt */
  int32_t reserved;
  /** What models answer for, in shares of the network's layers, their operations and their bytes; 1 where it is all. */
  double covered_layers_fraction, covered_flops_fraction, covered_bytes_fraction;
} perfmodel_network_time;

/** Fills a struct with defaults and sets its struct_size. Pass `sizeof *layer` as `struct_size`. Errors:
 *  INVALID_ARGUMENT (NULL, a size that no version of the struct has). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_layer_init(perfmodel_layer* layer, size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_layer_context_init(perfmodel_layer_context* context,
                                                              size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_layer_time_init(perfmodel_layer_time* time,
                                                           size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_time_init(perfmodel_network_time* time,
                                                             size_t struct_size) PERFMODEL_C_NOEXCEPT;

/* ---- Networks --------------------------------------------------------------------------------------------------- */

/** A neural network: named layers, checked to fit one another, in an order in which they can run. */
typedef struct perfmodel_network perfmodel_network;

/** "lenet", "alexnet", "vgg16", "cifarnet", "resnet18", "resnet50", "mobilenetv2", "squeezenet" or
 *  "transformer_encoder". Errors: NOT_FOUND (lists the names), INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_builtin(const char* name, int64_t batch,
                                                           perfmodel_network** out_network) PERFMODEL_C_NOEXCEPT;

/** Reads the JSON of docs/formats.md: `size` bytes at `text`, which need no NUL. Errors: PARSE; INVALID_ARGUMENT and
 *  MISMATCH, naming the layer. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_from_json(const char* text, size_t size,
                                                             perfmodel_network** out_network) PERFMODEL_C_NOEXCEPT;

/** The same from a file. Errors: as perfmodel_network_from_json; NOT_FOUND, IO. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_read(const char* path,
                                                        perfmodel_network** out_network) PERFMODEL_C_NOEXCEPT;

/** The same network for another batch size, as a new handle. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_with_batch(const perfmodel_network* network, int64_t batch,
                                                              perfmodel_network** out_network) PERFMODEL_C_NOEXCEPT;

/** Ends a network; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_network_destroy(perfmodel_network* network) PERFMODEL_C_NOEXCEPT;

/** The network's name. Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_name(const perfmodel_network* network, char* buffer, size_t capacity,
                                                        size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** Its batch size. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_batch(const perfmodel_network* network,
                                                         int64_t* out_batch) PERFMODEL_C_NOEXCEPT;

/** The JSON that perfmodel_network_from_json reads. Errors: INVALID_ARGUMENT, BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_to_json(const perfmodel_network* network, char* buffer,
                                                           size_t capacity, size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** How many nodes there are. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_num_nodes(const perfmodel_network* network,
                                                             size_t* out_num_nodes) PERFMODEL_C_NOEXCEPT;

/** The name of a node. Errors: INVALID_ARGUMENT (NULL, index), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_node_name(const perfmodel_network* network, size_t node_index,
                                                             char* buffer, size_t capacity,
                                                             size_t* out_size) PERFMODEL_C_NOEXCEPT;

/** The layer of a node. out_layer: set its struct_size. Errors: INVALID_ARGUMENT (NULL, index). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_node_layer(const perfmodel_network* network, size_t node_index,
                                                              perfmodel_layer* out_layer) PERFMODEL_C_NOEXCEPT;

/* ---- Predictors ------------------------------------------------------------------------------------------------- */

/** Predicts layer times on one device, with one model per layer kind and phase. */
typedef struct perfmodel_predictor perfmodel_predictor;

/** Loads a predictor from a file. Errors: NOT_FOUND, IO; CORRUPT (truncated, damaged, inconsistent); VERSION (a format
 *  this build does not know). @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_load(const char* path,
                                                          perfmodel_predictor** out_predictor) PERFMODEL_C_NOEXCEPT;

/** The same from `size` bytes at `data`, which may be freed afterwards. Errors: CORRUPT, VERSION. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_load_memory(
    const void* data, size_t size, perfmodel_predictor** out_predictor) PERFMODEL_C_NOEXCEPT;

/** Writes a predictor's file as one step: never half of it. Errors: NOT_FOUND, PERMISSION, NO_SPACE, IO. @since 0.1 */
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
 * Errors: INVALID_ARGUMENT (NULL, an invalid layer), UNSUPPORTED (a layer kind without a model), both of which name
 * the layer; OUT_OF_MEMORY (more layers than memory can hold).
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
  const char* features;     /**< default "physics"; the paper's: "paper" */
  uint64_t seed;            /**< default 0; same seed, data and threads: same bits */
  int64_t num_threads;      /**< default 1 */
  double held_out_fraction; /**< of each kind's layers: only reported on; default 0.2 */
  void (*progress)(const perfmodel_progress* progress, void* user_data);
  int32_t (*cancelled)(void* user_data); /**< other than 0 ends the fit with PERFMODEL_ERROR_CANCELLED */
  void (*log)(int32_t level, const char* message, void* user_data);
  void* user_data;
  int32_t memory_bound_by_learner; /**< other than 0: normalisations, additions, concatenations, activations, global
                                        pooling and softmax are fitted by `learner` too, not by "additive_cost" */
  int32_t reserved;                /**< 0 */
} perfmodel_fit_options;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_fit_options_init(perfmodel_fit_options* options,
                                                            size_t struct_size) PERFMODEL_C_NOEXCEPT;

/** How many learners this process has: "additive_cost", "constant", "tree", "forest", "polynomial", "stepwise", "gp", and those that
 *  perfmodel_train_register_learners() of perfmodel_train_c.h adds. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_num_learners(size_t* out_num_learners) PERFMODEL_C_NOEXCEPT;

/** The name of a learner. Errors: INVALID_ARGUMENT (NULL, index), BUFFER_TOO_SMALL. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_learner_name(size_t learner_index, char* buffer, size_t capacity,
                                                        size_t* out_size) PERFMODEL_C_NOEXCEPT;

/**
 * Fits a predictor to the CSV that a layer campaign exports.
 *
 * options  NULL: all defaults
 * Errors: NOT_FOUND (file or column), PARSE (with the line number), INVALID_ARGUMENT (too few layers of a kind, an
 * option), UNSUPPORTED (a learner that was not registered, or is not in this build), CANCELLED.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_predictor_fit(const char* table_path, const perfmodel_fit_options* options,
                                                         perfmodel_predictor** out_predictor) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
