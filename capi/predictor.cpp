#include <fmt/format.h>

#include <algorithm>

#include "convert.h"
#include "handles.h"
#include "structs.h"

namespace capi = perfmodel::capi;

namespace {

using perfmodel::Error;
using perfmodel::ErrorCode;

/// What predictions of one thread work in, kept from call to call.
struct ThreadScratch {
  std::vector<perfmodel::LayerSpec> layers;
  std::vector<perfmodel::LayerTime> times;
  perfmodel::Workspace workspace;
};
thread_local ThreadScratch scratch;

void reserve_workspace(std::size_t bytes) {
  if (scratch.workspace.size() < bytes) scratch.workspace.reserve(bytes);
}

perfmodel_layer_context default_context() noexcept {
  return {sizeof(perfmodel_layer_context), perfmodel::LayerContext{}.reuse_bytes};
}

/// Reads the caller's layers into `out`.
void layers_from_c(const perfmodel_layer* layers, std::size_t num_layers, std::vector<perfmodel::LayerSpec>& out) {
  const std::size_t struct_size = num_layers == 0 ? 0 : capi::checked_size(layers);
  const perfmodel_layer defaults = capi::layer_to_c({});
  out.resize(num_layers);
  for (std::size_t i = 0; i < num_layers; ++i) {
    out[i] = capi::layer_from_c(capi::read_struct(capi::element(layers, i, struct_size), struct_size, defaults), i);
  }
}

void write_times(const std::vector<perfmodel::LayerTime>& times, perfmodel_layer_time* out, std::size_t struct_size) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    capi::write_struct(capi::to_c(times[i]), capi::element(out, i, struct_size), struct_size);
  }
}

/// @throws Error as the status says, of an invalid layer also why it is that.
void throw_if_error(const perfmodel::Status& status, const std::vector<perfmodel::LayerSpec>& layers) {
  if (status.code == ErrorCode::kInvalidArgument && status.index >= 0) {
    const perfmodel::LayerSpec& layer = layers[static_cast<std::size_t>(status.index)];
    throw Error(status.code, fmt::format("{} (at index {})", layer.why_invalid(), status.index));
  }
  status.throw_if_error();
}

void predict_network(const perfmodel_predictor* predictor, const perfmodel_network* network,
                     perfmodel::UnknownKinds unknown, perfmodel_network_time* out_total,
                     perfmodel_layer_time* out_layers, std::size_t layers_capacity, std::size_t* out_num_layers) {
  capi::require(predictor != nullptr && network != nullptr, "predictor or network is NULL");
  capi::require(out_total != nullptr, "out_total is NULL");
  capi::require(out_layers != nullptr || layers_capacity == 0, "out_layers is NULL but layers_capacity is not 0");
  const std::size_t total_struct_size = capi::checked_size(out_total);
  const std::size_t num_layers = network->impl.nodes().size();
  if (out_layers != nullptr && layers_capacity < num_layers) {
    if (out_num_layers != nullptr) *out_num_layers = num_layers;
    throw Error(ErrorCode::kBufferTooSmall,
                fmt::format("the network has {} layers, layers_capacity is {}", num_layers, layers_capacity));
  }
  const std::size_t layer_struct_size = out_layers == nullptr ? 0 : capi::checked_size(out_layers);

  scratch.times.resize(num_layers);
  reserve_workspace(predictor->impl.workspace_bytes(network->impl));
  perfmodel::NetworkTotal total;
  const perfmodel::Status status =
      predictor->impl.predict(network->impl, unknown, scratch.times, total, scratch.workspace);
  if (!status.ok()) predictor->impl.predict(network->impl, unknown);  // throws, and names the node
  status.throw_if_error();

  capi::write_struct(capi::to_c(total), out_total, total_struct_size);
  if (out_layers != nullptr) write_times(scratch.times, out_layers, layer_struct_size);
  if (out_num_layers != nullptr) *out_num_layers = num_layers;
}

}  // namespace

perfmodel_status perfmodel_layer_context_init(perfmodel_layer_context* context, std::size_t struct_size) noexcept {
  return capi::init_struct(context, struct_size, default_context());
}

perfmodel_status perfmodel_layer_time_init(perfmodel_layer_time* time, std::size_t struct_size) noexcept {
  return capi::init_struct(time, struct_size, {});
}

perfmodel_status perfmodel_network_time_init(perfmodel_network_time* time, std::size_t struct_size) noexcept {
  return capi::init_struct(time, struct_size, {});
}

perfmodel_status perfmodel_predictor_load(const char* path, perfmodel_predictor** out_predictor) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && out_predictor != nullptr, "path or out_predictor is NULL");
    *out_predictor = new perfmodel_predictor{perfmodel::LayerTimePredictor::load(path)};
  });
}

perfmodel_status perfmodel_predictor_load_memory(const void* data, std::size_t size,
                                                 perfmodel_predictor** out_predictor) noexcept {
  return capi::guard([&] {
    capi::require(data != nullptr && out_predictor != nullptr, "data or out_predictor is NULL");
    const perfmodel::Span<const std::byte> file(static_cast<const std::byte*>(data), size);
    *out_predictor = new perfmodel_predictor{perfmodel::LayerTimePredictor::load(file)};
  });
}

perfmodel_status perfmodel_predictor_save(const perfmodel_predictor* predictor, const char* path) noexcept {
  return capi::guard([&] {
    capi::require(predictor != nullptr && path != nullptr, "predictor or path is NULL");
    predictor->impl.save(path);
  });
}

void perfmodel_predictor_destroy(perfmodel_predictor* predictor) noexcept {
  delete predictor;
}

perfmodel_status perfmodel_predictor_predict(const perfmodel_predictor* predictor, const perfmodel_layer* layers,
                                             std::size_t num_layers, const perfmodel_layer_context* context,
                                             perfmodel_layer_time* out_times) noexcept {
  return capi::guard([&] {
    capi::require(predictor != nullptr, "predictor is NULL");
    capi::require(num_layers == 0 || (layers != nullptr && out_times != nullptr), "layers or out_times is NULL");
    const std::size_t out_struct_size = num_layers == 0 ? 0 : capi::checked_size(out_times);
    perfmodel::LayerContext layer_context;
    if (context != nullptr) {
      layer_context.reuse_bytes = capi::read_struct(context, context->struct_size, default_context()).reuse_bytes;
    }
    layers_from_c(layers, num_layers, scratch.layers);
    scratch.times.resize(num_layers);
    reserve_workspace(predictor->impl.workspace_bytes(num_layers));
    throw_if_error(predictor->impl.predict(scratch.layers, layer_context, scratch.times, scratch.workspace),
                   scratch.layers);
    write_times(scratch.times, out_times, out_struct_size);
  });
}

perfmodel_status perfmodel_predictor_predict_network(const perfmodel_predictor* predictor,
                                                     const perfmodel_network* network,
                                                     perfmodel_network_time* out_total,
                                                     perfmodel_layer_time* out_layers, std::size_t layers_capacity,
                                                     std::size_t* out_num_layers) noexcept {
  return capi::guard([&] {
    predict_network(predictor, network, perfmodel::UnknownKinds::kRefuse, out_total, out_layers, layers_capacity,
                    out_num_layers);
  });
}

perfmodel_status perfmodel_predictor_predict_known(const perfmodel_predictor* predictor,
                                                   const perfmodel_network* network, perfmodel_network_time* out_total,
                                                   perfmodel_layer_time* out_layers, std::size_t layers_capacity,
                                                   std::size_t* out_num_layers) noexcept {
  return capi::guard([&] {
    predict_network(predictor, network, perfmodel::UnknownKinds::kSkip, out_total, out_layers, layers_capacity,
                    out_num_layers);
  });
}
