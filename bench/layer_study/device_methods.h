#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "perfmodel/layer_time/layer_features.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/learner/model.h"

namespace perfmodel::bench {

inline constexpr const char* kTargets[] = {"rtx2080ti", "quadro_p1000", "quadro_p4000", "cpu_i3"};
/// Layers of a target that are learnt; the last: what its rows can tell at all.
inline constexpr std::size_t kNumMeasured[] = {100, 300, 1000, 16000};
inline constexpr std::uint64_t kNumDraws = 3;

/// What a method may see: a model of another device, what that was fitted to, and layers of the target.
struct DeviceTask {
  const Model& source;
  const Dataset& source_rows;
  const Dataset& measured;        ///< of the target
  MatrixView<const double> rest;  ///< its other layers, without their times
};

/// A way to a model of a device from few of its layers, and perhaps a model of another.
struct DeviceMethod {
  std::string name;
  std::size_t most_measured = 0;  ///< layers that it is for; with more it takes too long
  std::function<Model(const DeviceTask& task, const FitOptions& fit)> fit;
  FeatureSet features = FeatureSet::kPhysics;         ///< of the target's rows
  FeatureSet source_features = FeatureSet::kPhysics;  ///< of the source's
};

/// Three families. "dm", "lms", "nlms", "source ...": learners on what a source of physics features answers, the last
/// ones on the layer's features as well. "transfer ...": strategies of the transfer component, over a config space of
/// the paper's features (device_transfer.h). "alone ...": learners without a source.
std::vector<DeviceMethod> device_methods();

}  // namespace perfmodel::bench
