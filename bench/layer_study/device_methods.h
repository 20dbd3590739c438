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

/// A way to a model of a device from few of its layers, and perhaps a model of another.
struct DeviceMethod {
  std::string name;
  std::size_t most_measured = 0;  ///< layers that it is for; with more it takes too long
  std::function<Model(const Model& source, const Dataset& rows, const FitOptions& fit)> fit;
  FeatureSet features = FeatureSet::kPhysics;  ///< of the rows; those of the source are physics
};

/// Those of the transfer component where they apply to layers, which are not a space of options: "dm", "lms", "nlms"
/// and "residual" (a Gaussian process beside the source's answer); then learners with and without the source.
std::vector<DeviceMethod> device_methods();

}  // namespace perfmodel::bench
