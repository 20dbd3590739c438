#include "learner/cost_trend.h"

#include <algorithm>
#include <cstring>

#include "learner/additive_trend.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

bool is_cost_term(const std::string& name) {
  return name.compare(0, std::strlen(kCostPrefix), kCostPrefix) == 0;
}

}  // namespace

std::vector<double> fit_costs(const Dataset& data) {
  const MatrixView<const double> rows = data.features();
  std::vector<std::size_t> columns;
  for (std::size_t j = 0; j < rows.cols(); ++j) {
    bool counts = is_cost_term(data.feature_names()[j]);
    for (std::size_t i = 0; counts && i < rows.rows(); ++i) counts = rows(i, j) >= 0;
    if (counts) columns.push_back(j);
  }
  std::vector<double> terms;
  terms.reserve(rows.rows() * columns.size());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (const std::size_t j : columns) terms.push_back(rows(i, j));
  }
  const std::vector<double> weights =
      fit_additive_trend(MatrixView<const double>(terms.data(), rows.rows(), columns.size()), data.targets());
  if (std::all_of(weights.begin(), weights.end(), [](double weight) { return weight == 0; })) return {};
  std::vector<double> costs(rows.cols(), 0.0);
  for (std::size_t k = 0; k < columns.size(); ++k) costs[columns[k]] = weights[k];
  return costs;
}

double cost_of_row(const std::vector<double>& costs, Span<const double> row) {
  if (costs.empty()) return 1;
  double sum = 0;
  for (std::size_t j = 0; j < costs.size(); ++j) sum += costs[j] * row[j];
  return std::max(sum, TargetTransform::kSmallestCost);
}

FeatureTransform without_cost_terms(const FeatureTransform& features, const std::vector<std::string>& names,
                                    const std::vector<double>& costs) {
  if (costs.empty()) return features;
  std::vector<ColumnTransform> columns = features.columns();
  for (std::size_t j = 0; j < columns.size(); ++j) columns[j].used = columns[j].used && !is_cost_term(names[j]);
  return FeatureTransform(std::move(columns));
}

}  // namespace perfmodel
