#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "perfmodel/core/span.h"

namespace perfmodel {

/// Files in the folder that make_peer_inputs fills, which all peers read:
///
/// training.f64, test.f64        tables of bench/tree_tables.h (nine options of a board, a run time in seconds)
/// tree.safetensors, forest.safetensors, gp.safetensors   fitted by perfmodel; the Gaussian process on the first
///                               kProcessPoints training rows
/// booster.json                  500 trees of depth 6, fitted by XGBoost
/// layers.csv                    layers with times as a made-up machine has them, for perfmodel-layers train
/// trees_1mb.safetensors, trees_5mb.safetensors, networks_5mb.safetensors   of about that size, random
/// predictor.safetensors         what perfmodel-layers train makes of layers.csv by default; bench/peers.sh calls it
constexpr std::size_t kPeerFeatures = 9, kPeerTrees = 100, kProcessPoints = 84, kBoosterRounds = 500;
constexpr int kBoosterDepth = 6;

/// A table as the peers take it.
struct PeerTable {
  std::size_t num_rows = 0;
  std::vector<double> features;        ///< num_rows x kPeerFeatures
  std::vector<float> single_features;  ///< the same in float32
  std::vector<double> targets;

  MatrixView<const double> rows() const noexcept { return {features.data(), num_rows, kPeerFeatures}; }
};
/// Reads what write_table() wrote.  @throws Error kNotFound, kPermission, kIo; kCorrupt: no whole number of rows.
PeerTable read_table(const std::string& path);

}  // namespace perfmodel
