#include "perfmodel/data/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "perfmodel/core/error.h"
#include "perfmodel/core/random.h"

namespace perfmodel {
namespace {

/// 64-bit FNV-1a (Fowler, Noll and Vo).
class Fnv1a {
 public:
  void add(const void* data, std::size_t size) noexcept {
    const auto* bytes = static_cast<const unsigned char*>(data);
    for (std::size_t i = 0; i < size; ++i) hash_ = (hash_ ^ bytes[i]) * 0x100000001B3;
  }
  /// The terminating zero tells "ab", "c" from "a", "bc".
  void add(const std::string& text) noexcept { add(text.c_str(), text.size() + 1); }
  void add(const std::vector<double>& values) noexcept { add(values.data(), values.size() * sizeof(double)); }

  std::uint64_t value() const noexcept { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325;
};

}  // namespace

Dataset::Dataset(std::vector<std::string> feature_names, std::string target_name)
    : feature_names_(std::move(feature_names)), target_name_(std::move(target_name)) {
  if (feature_names_.empty()) throw Error(ErrorCode::kInvalidArgument, "a data set needs at least one feature");
  std::vector<std::string> names = feature_names_;
  names.push_back(target_name_);
  std::sort(names.begin(), names.end());
  if (names.front().empty())
    throw Error(ErrorCode::kInvalidArgument, "a data set has a feature or target without a name");
  const auto repeated = std::adjacent_find(names.begin(), names.end());
  if (repeated != names.end()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is twice among the features and target of a data set", *repeated));
  }
}

Dataset Dataset::from_csv(const CsvTable& table, const std::string& target_column,
                          std::vector<std::string> feature_columns) {
  const std::size_t target = table.column_index(target_column);
  if (feature_columns.empty()) {
    std::copy_if(table.columns.begin(), table.columns.end(), std::back_inserter(feature_columns),
                 [&](const std::string& column) { return column != target_column; });
  }
  std::vector<std::size_t> positions;
  for (const std::string& column : feature_columns) positions.push_back(table.column_index(column));

  Dataset data(std::move(feature_columns), target_column);
  std::vector<double> features(positions.size());
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    for (std::size_t j = 0; j < positions.size(); ++j) features[j] = table.number(row, positions[j]);
    data.add_row(features, table.number(row, target));
  }
  return data;
}

void Dataset::add_row(Span<const double> features, double target) {
  if (features.size() != num_features()) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("row {} has {} features, the data set {}", num_rows(), features.size(), num_features()));
  }
  for (std::size_t j = 0; j < features.size(); ++j) {
    if (!std::isfinite(features[j])) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("row {}: feature '{}' is {}, not finite", num_rows(), feature_names_[j], features[j]));
    }
  }
  if (!std::isfinite(target)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("row {}: target '{}' is {}, not finite", num_rows(), target_name_, target));
  }
  values_.insert(values_.end(), features.begin(), features.end());
  targets_.push_back(target);
}

Dataset Dataset::subset(Span<const std::size_t> indices) const {
  Dataset part(feature_names_, target_name_);
  part.values_.reserve(indices.size() * num_features());
  part.targets_.reserve(indices.size());
  for (const std::size_t i : indices) {
    const Span<const double> row = features().row(i);
    part.values_.insert(part.values_.end(), row.begin(), row.end());
    part.targets_.push_back(targets_[i]);
  }
  return part;
}

std::uint64_t Dataset::hash() const noexcept {
  Fnv1a hash;
  for (const std::string& name : feature_names_) hash.add(name);
  hash.add(target_name_);
  hash.add(values_);
  hash.add(targets_);
  return hash.value();
}

Split random_split(std::size_t num_rows, double second_fraction, std::uint64_t seed) {
  if (!(second_fraction >= 0 && second_fraction <= 1)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("cannot split off a fraction of {} of the rows (allowed: 0 to 1)", second_fraction));
  }
  std::vector<std::size_t> indices(num_rows);
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  Random(seed).shuffle(Span<std::size_t>(indices));
  const auto cut = std::llround(static_cast<double>(num_rows) * second_fraction);
  Split split;
  split.second.assign(indices.begin(), indices.begin() + cut);
  split.first.assign(indices.begin() + cut, indices.end());
  std::sort(split.first.begin(), split.first.end());
  std::sort(split.second.begin(), split.second.end());
  return split;
}

}  // namespace perfmodel
