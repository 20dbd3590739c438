/**
 * The C API of perfmodel: layers, networks and their times. Programs include perfmodel_c.h, which has the rules and
 * includes this.
 */
#ifndef PERFMODEL_NETWORK_C_H
#define PERFMODEL_NETWORK_C_H

#include "perfmodel_error_c.h"

#ifdef __cplusplus
extern "C" {
#endif

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
  /** Interval at the level of the model (perfmodel_model_info.interval_level). Where that is 0 there is none: both are
   *  the mean, which says nothing about how sure the time is. */
  double lower_ms, upper_ms;
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
  /** Of the total's interval: the least level of the models that it adds up. 0: one of them has no interval, or there
   *  is nothing to add up, and the total's is none. */
  double interval_level;
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

/** Reads the JSON of docs/formats-network.md: `size` bytes at `text`, which need no NUL. Errors: PARSE; UNSUPPORTED (a
 *  kind of layer, activation or pooling that is not known; lists those that are); INVALID_ARGUMENT and MISMATCH, naming
 *  the layer. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_from_json(const char* text, size_t size,
                                                             perfmodel_network** out_network) PERFMODEL_C_NOEXCEPT;

/** The same from a file. Errors: as perfmodel_network_from_json; NOT_FOUND, PERMISSION, IO; CORRUPT (longer than
 *  4 GiB). @since 0.1 */
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

/** Bytes that one run touches: all weights and the output of every layer. What perfmodel_layer_context.reuse_bytes is
 * for its layers. Errors: INVALID_ARGUMENT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_network_footprint_bytes(const perfmodel_network* network,
                                                                   double* out_bytes) PERFMODEL_C_NOEXCEPT;

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

#ifdef __cplusplus
}
#endif

#endif
