#include "tree_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "perfmodel/core/error.h"
#include "perfmodel/core/random.h"

namespace perfmodel {
namespace {

struct OptionLevels {
  const char* name;
  std::vector<double> levels;
};

/// `count` levels from `low` to `high`, equally far apart.
std::vector<double> spread(double low, double high, int count) {
  std::vector<double> levels;
  for (int i = 0; i < count; ++i) levels.push_back(low + (high - low) * i / (count - 1));
  return levels;
}

}  // namespace

Dataset friedman1_table(std::size_t num_rows, std::uint64_t seed) {
  constexpr double kPi = 3.14159265358979323846;
  std::vector<std::string> names;
  for (int j = 0; j < 9; ++j) names.push_back("x" + std::to_string(j));
  Dataset data(names, "y");
  Random random(seed);
  std::vector<double> x(names.size());
  for (std::size_t i = 0; i < num_rows; ++i) {
    for (double& value : x) value = random.uniform();
    const double y = 10 * std::sin(kPi * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4];
    data.add_row(x, y + random.normal());
  }
  return data;
}

Dataset jetson_levels_table(std::size_t num_rows, std::uint64_t seed) {
  const std::vector<OptionLevels> options = {
      {"num_cores", spread(1, 4, 4)},
      {"core_freq_khz", spread(345600, 2035200, 12)},
      {"gpu_freq_hz", spread(114750000, 1300500000, 14)},
      {"emc_freq_hz", spread(40800000, 1866000000, 11)},
      {"vfs_cache_pressure", {1, 50, 100, 500}},
      {"swappiness", {10, 30, 60, 90}},
      {"dirty_ratio", {5, 10, 20, 50, 80}},
      {"drop_caches", {0, 1, 2, 3}},
      {"sched_policy", {0, 1}},
  };
  std::vector<std::string> names;
  for (const OptionLevels& option : options) names.emplace_back(option.name);
  Dataset data(names, "inference_time_s");
  Random random(seed);
  std::vector<double> x(names.size());
  for (std::size_t i = 0; i < num_rows; ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) {
      const std::vector<double>& levels = options[j].levels;
      x[j] = levels[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(levels.size()) - 1))];
    }
    const double host_s = 1.2e5 / x[1] * (0.4 + 0.6 / x[0]) * (1 + 0.05 * x[8]);
    const double device_s = std::max(1.5e8 / x[2], 6e7 / x[3]);
    const double kernel = 1 + 0.02 * std::log10(x[4]) + 0.01 * x[7] + 2e-4 * x[6] - 1e-4 * x[5];
    data.add_row(x, (host_s + device_s) * kernel * std::exp(0.02 * random.normal()));
  }
  return data;
}

void write_table(const Dataset& data, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    const Span<const double> row = data.features().row(i);
    file.write(reinterpret_cast<const char*>(row.data()), static_cast<std::streamsize>(row.size() * sizeof(double)));
    file.write(reinterpret_cast<const char*>(&data.targets()[i]), sizeof(double));
  }
  if (!file) throw Error(ErrorCode::kIo, fmt::format("{}: not written", path));
}

}  // namespace perfmodel
