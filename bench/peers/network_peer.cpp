#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "library_parts.h"
#include "peer_main.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "timing.h"
#include "torch_network.h"

/// All three phases of VGG16 by what perfmodel-layers train fits by default, against a limit and against the libraries
/// that fitted the predictor's parts; and by ResPerfNets, which examples/run.sh trains.

namespace perfmodel {
namespace {

constexpr double kLimitUs = 1000;

std::size_t count_layers(const Network& network, LayerKind kind) {
  std::size_t count = 0;
  for (const LayerSpec& layer : network.layers()) count += layer.kind == kind ? 1 : 0;
  return count;
}

/// @param limit_us  0: none
void time_network(const std::string& what, const std::string& path, double limit_us, int rounds) {
  const LayerTimePredictor predictor = LayerTimePredictor::load(path);
  const Network network = builtin_network("vgg16", 1);
  LibraryParts parts;
  for (const LayerKind kind : predictor.kinds()) {
    const std::size_t num_layers = count_layers(network, kind);
    for (int phase = 0; num_layers > 0 && phase < kNumPhases; ++phase) {
      parts.add(predictor.model(kind, static_cast<Phase>(phase)), num_layers);
    }
  }
  const std::string model =
      fmt::format("VGG16, {} layers, three phases, {} ({} networks, {} ensembles of trees, {} others)",
                  network.nodes().size(), what, parts.num_networks(), parts.num_ensembles(), parts.num_others());
  const std::vector<Timing> timings = time_in_turn(rounds, {[&] { predictor.predict(network); }, [&] { parts.run(); }});
  if (limit_us > 0) report_limit(model, timings[0], limit_us);
  const char* const libraries = parts.num_ensembles() > 0 ? "LibTorch eager and XGBoost C API" : "LibTorch eager";
  report({model, libraries, 2}, timings[0], timings[1]);
}

void run(const PeerOptions& options) {
  use_one_torch_thread();
  time_network("default predictor", options.folder + "/predictor.safetensors", kLimitUs, options.rounds);
  time_network("predictor of ResPerfNets", options.folder + "/resperfnets.safetensors", 0, options.rounds);
}

}  // namespace
}  // namespace perfmodel

int main(int argc, char** argv) {
  return perfmodel::peer_main(argc, argv, perfmodel::run);
}
