#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perfmodel/network/layer_sampler.h"

namespace perfmodel {

inline std::vector<LayerSample> draw(const SamplerOptions& options, std::uint64_t count) {
  const LayerSampler sampler(options);
  std::vector<LayerSample> samples;
  for (std::uint64_t i = 0; i < count; ++i) samples.push_back(sampler.sample(i));
  return samples;
}

inline std::vector<LayerSpec> layers_of(const std::vector<LayerSample>& samples, LayerKind kind) {
  std::vector<LayerSpec> layers;
  for (const LayerSample& sample : samples) {
    if (sample.layer.kind == kind) layers.push_back(sample.layer);
  }
  return layers;
}

inline std::vector<Network> builtin_networks() {
  std::vector<Network> networks;
  for (const std::string& name : builtin_network_names()) networks.push_back(builtin_network(name, 1));
  return networks;
}

inline std::vector<Network> sequential_builtin_networks() {
  std::vector<Network> networks;
  for (const Network& network : builtin_networks()) {
    if (network.is_sequential()) networks.push_back(network);
  }
  return networks;
}

/// As the main job's campaign draws: around real networks, never an exact layer of a sequential built-in one.
inline SamplerOptions around_networks(double fraction) {
  SamplerOptions options;
  options.around_fraction = fraction;
  options.around = steering_networks();
  for (const char* name : {"lenet", "alexnet", "vgg16"}) options.around.push_back(builtin_network(name, 1));
  options.never = sequential_builtin_networks();
  return options;
}

}  // namespace perfmodel
