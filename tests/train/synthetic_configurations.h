#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "perfmodel/core/random.h"
#include "perfmodel/data/dataset.h"

namespace perfmodel {

/// Configurations of a board whose time is known: work / (cores x CPU rate) + work / GPU rate, times log-normal noise.
/// "fan" never varies.
inline Dataset synthetic_configurations(std::size_t num_rows, std::uint64_t seed, double noise) {
  Dataset data({"cores", "core_freq_khz", "gpu_freq_hz", "fan"}, "time_s");
  Random random(seed);
  for (std::size_t i = 0; i < num_rows; ++i) {
    const auto cores = static_cast<double>(random.integer(1, 4));
    const double core_khz = 345600 * static_cast<double>(random.integer(3, 8));
    const double gpu_hz = 1e8 * static_cast<double>(random.integer(2, 13));
    const double seconds = 4e5 / (cores * core_khz) + 1e8 / gpu_hz;
    data.add_row(std::vector<double>{cores, core_khz, gpu_hz, 1}, seconds * std::exp(noise * random.normal()));
  }
  return data;
}

}  // namespace perfmodel
