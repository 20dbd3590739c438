#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "convert.h"
#include "guard.h"
#include "handles.h"
#include "perfmodel/config/sampling.h"

namespace capi = perfmodel::capi;

namespace {

using perfmodel::ConfigSpace;
using perfmodel::Configuration;
using perfmodel::Error;
using perfmodel::ErrorCode;

using Sampling = std::vector<Configuration> (*)(const ConfigSpace& space, std::size_t count, std::uint64_t seed);

const std::map<std::string, Sampling> kSamplings = {
    {"random", perfmodel::sample_random},
    {"latin_hypercube", perfmodel::sample_latin_hypercube},
    {"one_at_a_time",
     [](const ConfigSpace& space, std::size_t, std::uint64_t) { return perfmodel::one_at_a_time(space); }},
    {"cover_pairs",
     [](const ConfigSpace& space, std::size_t, std::uint64_t seed) { return perfmodel::cover_pairs(space, seed); }},
};

std::vector<Configuration> sample(const ConfigSpace& space, const std::string& method, std::size_t count,
                                  std::uint64_t seed) {
  const auto sampling = kSamplings.find(method);
  if (sampling != kSamplings.end()) return sampling->second(space, count, seed);
  std::vector<std::string> names;
  for (const auto& [name, function] : kSamplings) names.push_back(name);
  throw Error(ErrorCode::kUnsupported,
              fmt::format("sampling '{}' does not exist; there are: {}", method, fmt::join(names, ", ")));
}

}  // namespace

perfmodel_status perfmodel_space_num_feasible(const perfmodel_space* space, std::uint64_t limit,
                                              std::uint64_t* out_num_feasible) noexcept {
  return capi::guard([&] {
    capi::require(space != nullptr && out_num_feasible != nullptr, "space or out_num_feasible is NULL");
    *out_num_feasible = space->impl.num_feasible(limit);
  });
}

perfmodel_status perfmodel_space_sample(const perfmodel_space* space, const char* method, std::size_t count,
                                        std::uint64_t seed, double* out_values, std::size_t num_values,
                                        std::size_t* out_num_samples) noexcept {
  return capi::guard([&] {
    capi::require(space != nullptr && method != nullptr && out_num_samples != nullptr,
                  "space, method or out_num_samples is NULL");
    capi::require(count == 0 || out_values != nullptr, "out_values is NULL but count is not 0");
    capi::require_option_count(num_values, space->impl.num_options());
    const std::vector<Configuration> samples = sample(space->impl, method, count, seed);
    if (samples.size() > count && out_values != nullptr) {
      *out_num_samples = samples.size();
      throw Error(ErrorCode::kBufferTooSmall, fmt::format("sampling '{}' makes {} configurations, out_values has room "
                                                          "for {}",
                                                          method, samples.size(), count));
    }
    for (std::size_t i = 0; i < samples.size() && out_values != nullptr; ++i) {
      const std::vector<double> values = space->impl.values(samples[i]);
      std::copy(values.begin(), values.end(), out_values + i * num_values);
    }
    *out_num_samples = samples.size();
  });
}
