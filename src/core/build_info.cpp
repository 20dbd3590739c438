#include "perfmodel/core/build_info.h"

#include <fmt/format.h>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

struct Feature {
  const char* name;
  bool present;
};

constexpr Feature kFeatures[] = {
    {"torch", PERFMODEL_HAS_TORCH}, {"xgboost", PERFMODEL_HAS_XGBOOST}, {"sqlite", PERFMODEL_HAS_SQLITE}};

}  // namespace

const char* version() noexcept {
  return PERFMODEL_VERSION_STRING;
}

bool has_feature(const std::string& name) {
  std::string known;
  for (const Feature& feature : kFeatures) {
    if (name == feature.name) return feature.present;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", feature.name);
  }
  throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is not a feature (known: {})", name, known));
}

std::vector<std::string> features() {
  std::vector<std::string> names;
  for (const Feature& feature : kFeatures) {
    if (feature.present) names.emplace_back(feature.name);
  }
  return names;
}

}  // namespace perfmodel
