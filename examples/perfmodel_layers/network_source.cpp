#include "network_source.h"

#include "perfmodel/core/error.h"

namespace perfmodel::tools {

Network network_named(const std::string& name, std::int64_t batch) {
  const std::string ending = ".json";
  const bool is_file = name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending;
  if (!is_file) return builtin_network(name, batch == 0 ? 1 : batch);
  const Network network = Network::read(name);
  return batch == 0 ? network : network.with_batch(batch);
}

LayerSpec layer_from_json(const std::string& json, const std::vector<std::int64_t>& shape) {
  const std::size_t brace = json.find_first_not_of(" \t\n");
  if (brace == std::string::npos || json[brace] != '{') {
    throw Error(ErrorCode::kParse, "layer: expected a JSON object, given '" + json + "'");
  }
  std::string sizes;
  for (const std::int64_t size : shape) sizes += (sizes.empty() ? "" : ",") + std::to_string(size);
  const bool names_its_inputs = json.find("\"inputs\"") != std::string::npos;
  const std::string network = R"({"name":"layer","inputs":[{"name":"input","shape":[)" + sizes +
                              R"(]}],"nodes":[{"name":"layer",)" + (names_its_inputs ? "" : R"("input":"input",)") +
                              json.substr(brace + 1) + "]}";
  return Network::from_json(network).nodes().front().layer;
}

}  // namespace perfmodel::tools
