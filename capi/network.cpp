#include "perfmodel/network/network.h"

#include <fmt/format.h>

#include "convert.h"
#include "handles.h"
#include "structs.h"

namespace capi = perfmodel::capi;

namespace {

const perfmodel::NetworkNode& node_at(const perfmodel_network& network, std::size_t node_index) {
  const auto& nodes = network.impl.nodes();
  if (node_index >= nodes.size()) {
    throw perfmodel::Error(perfmodel::ErrorCode::kInvalidArgument,
                           fmt::format("node_index is {}, the network has {} nodes", node_index, nodes.size()));
  }
  return nodes[node_index];
}

}  // namespace

perfmodel_status perfmodel_layer_init(perfmodel_layer* layer, std::size_t struct_size) noexcept {
  return capi::init_struct(layer, struct_size, capi::layer_to_c({}));
}

perfmodel_status perfmodel_network_builtin(const char* name, std::int64_t batch,
                                           perfmodel_network** out_network) noexcept {
  return capi::guard([&] {
    capi::require(name != nullptr && out_network != nullptr, "name or out_network is NULL");
    *out_network = new perfmodel_network{perfmodel::builtin_network(name, batch)};
  });
}

perfmodel_status perfmodel_network_from_json(const char* text, std::size_t size,
                                             perfmodel_network** out_network) noexcept {
  return capi::guard([&] {
    capi::require(text != nullptr && out_network != nullptr, "text or out_network is NULL");
    *out_network = new perfmodel_network{perfmodel::Network::from_json({text, size})};
  });
}

perfmodel_status perfmodel_network_read(const char* path, perfmodel_network** out_network) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && out_network != nullptr, "path or out_network is NULL");
    *out_network = new perfmodel_network{perfmodel::Network::read(path)};
  });
}

perfmodel_status perfmodel_network_with_batch(const perfmodel_network* network, std::int64_t batch,
                                              perfmodel_network** out_network) noexcept {
  return capi::guard([&] {
    capi::require(network != nullptr && out_network != nullptr, "network or out_network is NULL");
    *out_network = new perfmodel_network{network->impl.with_batch(batch)};
  });
}

void perfmodel_network_destroy(perfmodel_network* network) noexcept {
  delete network;
}

perfmodel_status perfmodel_network_name(const perfmodel_network* network, char* buffer, std::size_t capacity,
                                        std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(network != nullptr, "network is NULL");
    capi::copy_string(network->impl.name(), buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_network_batch(const perfmodel_network* network, std::int64_t* out_batch) noexcept {
  return capi::guard([&] {
    capi::require(network != nullptr && out_batch != nullptr, "network or out_batch is NULL");
    *out_batch = network->impl.batch();
  });
}

perfmodel_status perfmodel_network_to_json(const perfmodel_network* network, char* buffer, std::size_t capacity,
                                           std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(network != nullptr, "network is NULL");
    capi::copy_string(network->impl.to_json(), buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_network_footprint_bytes(const perfmodel_network* network, double* out_bytes) noexcept {
  return capi::guard([&] {
    capi::require(network != nullptr && out_bytes != nullptr, "network or out_bytes is NULL");
    *out_bytes = network->impl.footprint_bytes();
  });
}

perfmodel_status perfmodel_network_num_nodes(const perfmodel_network* network, std::size_t* out_num_nodes) noexcept {
  return capi::guard([&] {
    capi::require(network != nullptr && out_num_nodes != nullptr, "network or out_num_nodes is NULL");
    *out_num_nodes = network->impl.nodes().size();
  });
}

perfmodel_status perfmodel_network_node_name(const perfmodel_network* network, std::size_t node_index, char* buffer,
                                             std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(network != nullptr, "network is NULL");
    capi::copy_string(node_at(*network, node_index).name, buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_network_node_layer(const perfmodel_network* network, std::size_t node_index,
                                              perfmodel_layer* out_layer) noexcept {
  return capi::guard([&] {
    capi::require(network != nullptr && out_layer != nullptr, "network or out_layer is NULL");
    const std::size_t struct_size = capi::checked_size(out_layer);
    capi::write_struct(capi::layer_to_c(node_at(*network, node_index).layer), out_layer, struct_size);
  });
}
