#include "transfer/residual_features.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "transfer/option_columns.h"

namespace perfmodel {
namespace {

constexpr double kLogRange = 2;              // an option whose largest number is that many times its smallest is logged
constexpr std::size_t kMaxReferences = 200;  // candidates over which main effects are averaged
constexpr std::uint64_t kMaxKnots = 64;      // a number with more levels has its effect computed at that many
constexpr double kSmallestEffect = 1e-6;     // deviation of a log answer below which it is rounding

std::vector<double> column_of(MatrixView<const double> rows, std::size_t input) {
  std::vector<double> values;
  for (std::size_t i = 0; i < rows.rows(); ++i) values.push_back(rows(i, input));
  return values;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

ColumnTransform standardised(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  ColumnTransform column;
  const bool logs = *low > 0 && *high >= kLogRange * *low;
  if (logs) column.shape = ColumnTransform::Shape::kLog;
  column.used = *low < *high;
  if (!column.used) return column;
  std::vector<double> shaped = values;
  if (logs) {
    for (double& value : shaped) value = std::log(value);
  }
  column.mean = mean_of(shaped);
  column.deviation = deviation_of(shaped);
  return column;
}

/// Where the effect of an option is computed; labels have nothing between them.
std::vector<double> knots_of(const Option& option) {
  const bool is_label = option.kind() == OptionKind::kCategorical;
  const std::uint64_t last = option.num_levels() - 1;
  const std::uint64_t num_knots = is_label ? option.num_levels() : std::min(option.num_levels(), kMaxKnots);
  std::vector<double> knots;
  for (std::uint64_t k = 0; k < num_knots; ++k) {
    const double share = static_cast<double>(k) / static_cast<double>(std::max<std::uint64_t>(num_knots - 1, 1));
    knots.push_back(option.value(static_cast<std::uint64_t>(std::llround(share * static_cast<double>(last)))));
  }
  return knots;
}

/// Rows of some of the candidates.
std::vector<double> draw_references(MatrixView<const double> candidates, Random random) {
  std::vector<std::size_t> order(candidates.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  random.shuffle(Span<std::size_t>(order));
  order.resize(std::min(order.size(), kMaxReferences));
  std::vector<double> rows;
  for (const std::size_t i : order) rows.insert(rows.end(), candidates.row(i).begin(), candidates.row(i).end());
  return rows;
}

}  // namespace

ResidualFeatures::ResidualFeatures(const ConfigSpace& space, const Model& source, MatrixView<const double> candidates,
                                   double smallest, double largest, Random random)
    : source_(source), log_smallest_(std::log(smallest)), log_largest_(std::log(largest)) {
  add_options(space, candidates);
  add_effects(space, candidates, random);
  add_source(candidates);
  transform_ = FeatureTransform(columns_);
}

void ResidualFeatures::add(std::int32_t input, InputMap map, ColumnTransform column) {
  inputs_.push_back(input);
  maps_.push_back(std::move(map));
  columns_.push_back(column);
}

void ResidualFeatures::add_options(const ConfigSpace& space, MatrixView<const double> candidates) {
  const OptionColumns options(space);
  for (std::size_t k = 0; k < options.size(); ++k) {
    const std::int32_t input = options.inputs()[k];
    const InputMap& map = options.maps()[k];
    std::vector<double> values = column_of(candidates, static_cast<std::size_t>(input));
    for (double& value : values) value = map_input(map, value);
    add(input, map, standardised(values));
    if (!columns_.back().used) continue;
    ++num_options_;
    option_names_.push_back(options.names()[k]);
  }
}

void ResidualFeatures::add_effects(const ConfigSpace& space, MatrixView<const double> candidates, Random random) {
  const std::size_t width = space.num_options();
  const std::vector<double> references = draw_references(candidates, random);
  const MatrixView<const double> reference_rows(references.data(), references.size() / width, width);
  const double overall = mean_of(log_answers(reference_rows));
  for (std::size_t j = 0; j < width; ++j) {
    InputMap map;
    map.from = knots_of(space.options()[j]);
    for (const double knot : map.from) {
      std::vector<double> rows = references;
      for (std::size_t i = 0; i < reference_rows.rows(); ++i) rows[i * width + j] = knot;
      map.to.push_back(mean_of(log_answers({rows.data(), reference_rows.rows(), width})) - overall);
    }
    std::vector<double> effects = column_of(candidates, j);
    for (double& value : effects) value = map_input(map, value);
    ColumnTransform column;
    column.mean = mean_of(effects);
    column.used = deviation_of(effects) > kSmallestEffect;
    num_effects_ += column.used ? 1 : 0;
    add(static_cast<std::int32_t>(j), std::move(map), column);
  }
}

void ResidualFeatures::add_source(MatrixView<const double> candidates) {
  InputMap bounds{{log_smallest_, log_largest_}, {log_smallest_, log_largest_}};
  if (!(log_smallest_ < log_largest_)) bounds = {{log_smallest_}, {log_smallest_}};
  ColumnTransform column;
  column.mean = mean_of(log_answers(candidates));
  add(static_cast<std::int32_t>(candidates.cols()), std::move(bounds), column);
}

std::vector<double> ResidualFeatures::log_answers(MatrixView<const double> rows) const {
  const Evaluator& evaluator = source_.evaluator();
  std::vector<double> answers(rows.rows());
  Workspace workspace(evaluator.scratch_bytes(rows.rows()));
  evaluator.evaluate(rows, answers, workspace.data());
  for (double& answer : answers) {
    answer = answer > 0 ? std::clamp(std::log(answer), log_smallest_, log_largest_) : log_smallest_;
  }
  return answers;
}

Eigen::MatrixXd ResidualFeatures::of(MatrixView<const double> rows) const {
  const std::vector<double> answers = log_answers(rows);
  Eigen::MatrixXd features(static_cast<Eigen::Index>(rows.rows()), size());
  std::vector<double> mapped(inputs_.size()), transformed(static_cast<std::size_t>(size()));
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t k = 0; k < inputs_.size(); ++k) {
      const auto input = static_cast<std::size_t>(inputs_[k]);
      mapped[k] = map_input(maps_[k], input < rows.cols() ? rows(i, input) : answers[i]);
    }
    transform_.apply(mapped, Span<double>(transformed));
    features.row(static_cast<Eigen::Index>(i)) = Eigen::Map<const Eigen::RowVectorXd>(transformed.data(), size());
  }
  return features;
}

std::shared_ptr<const Evaluator> ResidualFeatures::evaluator(GaussianProcess process) const {
  TargetTransform exponential;
  exponential.kind = TargetTransform::Kind::kLog;
  auto on_features = make_transformed(transform_, make_gaussian_process(std::move(process)), exponential);
  const std::size_t num_inputs = source_.num_features() + 1;
  return make_stacked(source_.shared_evaluator(), make_remapped(num_inputs, inputs_, maps_, std::move(on_features)),
                      true, true);
}

}  // namespace perfmodel
