#include "learner/tree_growth.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace perfmodel {
namespace {

/// Scores that differ relatively by less are equal: the sums behind them are rounded, in an order of their own for each
/// feature.
constexpr double kEqualScores = 1e-10;
/// As part of the root's sum of squares: below it a fall of that sum is rounding alone.
constexpr double kRounding = 1e-26;

/// A float32 t with low < t <= high, in the middle as far as float32 has it: low goes left, high goes right.
float middle(float low, float high) noexcept {
  const auto rounded = static_cast<float>(0.5 * (static_cast<double>(low) + static_cast<double>(high)));
  return rounded > low ? rounded : high;
}

}  // namespace

TreeGrower::TreeGrower(const TreeTable& table, const TreeOptions& options) : table_(table), options_(options) {
  const auto share = static_cast<std::size_t>(options.max_features * static_cast<double>(table.num_features()));
  num_candidates_ = std::max<std::size_t>(share, 1);
}

GrownTree TreeGrower::grow(Span<const double> targets, Span<const std::uint32_t> counts, Random& random) {
  all_asked_ = true;
  asked_.clear();
  start(targets, counts);
  grow_all(random);
  return std::move(tree_);
}

GrownTree TreeGrower::grow_for(const std::vector<std::size_t>& asked, Span<const double> targets,
                               Span<const std::uint32_t> counts, Random& random) {
  all_asked_ = false;
  asked_ = asked;
  start(targets, counts);
  grow_all(random);
  return std::move(tree_);
}

void TreeGrower::grow_all(Random& random) {
  while (!waiting_.empty()) {
    Node node = waiting_.back();
    waiting_.pop_back();
    find_varying(node);
    draw_candidates(node, random);
    const Split split = best_split(node);
    if (split.score < 0) {
      make_leaf(node);
    } else {
      apply(node, split);
    }
  }
}

void TreeGrower::start(Span<const double> targets, Span<const std::uint32_t> counts) {
  targets_ = targets;
  tree_ = {};
  tree_.gain.assign(table_.num_features(), 0.0);
  Sums all;
  num_rows_ = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    all.target += counts[i] * targets[i];
    all.count += counts[i];
    num_rows_ += counts[i] > 0 ? 1 : 0;
  }
  const double mean = all.target / all.count;
  rows_.resize(targets.size());
  Node root{0, num_rows_, add_node(), 0, {0, all.count}, 0, 0, asked_.size(), 0, table_.num_features()};
  double sum_of_squares = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const double difference = targets[i] - mean;
    rows_[i] = {counts[i] * difference, static_cast<double>(counts[i])};
    root.sums.target += rows_[i].target;
    sum_of_squares += rows_[i].target * difference;
  }
  noise_ = kRounding * sum_of_squares;

  goes_left_.resize(targets.size());
  buffer_.resize(num_rows_);
  lists_.resize(num_rows_ * table_.num_features());
  for (std::size_t j = 0; j < table_.num_features(); ++j) {
    SortedValue* out = list(j);
    for (const SortedValue& entry : table_.sorted(j)) {
      if (counts[entry.row()] > 0) *out++ = entry;
    }
  }
  varying_.resize(table_.num_features());
  std::iota(varying_.begin(), varying_.end(), std::size_t{0});
  if (may_split(root)) {
    waiting_.push_back(root);
  } else {
    make_leaf(root);
  }
}

/// Puts the node's own list of features behind its parent's. The lists of nodes that are done end here.
void TreeGrower::find_varying(Node& node) {
  const std::size_t first = node.first_feature + node.num_features;
  varying_.resize(first);
  for (std::size_t k = node.first_feature; k < first; ++k) {
    const std::size_t feature = varying_[k];
    const SortedValue* const values = list(feature);
    if (values[node.begin].value() < values[node.end - 1].value()) varying_.push_back(feature);
  }
  node.first_feature = first;
  node.num_features = varying_.size() - first;
}

/// Features in ascending order, so that of equally good splits the first feature's is found first.
void TreeGrower::draw_candidates(const Node& node, Random& random) {
  const auto begin = varying_.begin() + static_cast<std::ptrdiff_t>(node.first_feature);
  candidates_.assign(begin, varying_.end());
  if (candidates_.size() <= num_candidates_) return;
  for (std::size_t i = 0; i < num_candidates_; ++i) {
    const auto last = static_cast<std::int64_t>(candidates_.size()) - 1;
    std::swap(candidates_[i],
              candidates_[static_cast<std::size_t>(random.integer(static_cast<std::int64_t>(i), last))]);
  }
  candidates_.resize(num_candidates_);
  std::sort(candidates_.begin(), candidates_.end());
}

TreeGrower::Split TreeGrower::best_split(const Node& node) noexcept {
  Split best;
  if (node.end - node.begin == 2) candidates_.resize(std::min<std::size_t>(candidates_.size(), 1));  // all split alike
  for (const std::size_t feature : candidates_) scan(feature, node, best);
  return best;
}

/// With sums S and counts n of the left side (L) and the whole node, the sum of squares falls by
/// (S_L n - S n_L)^2 / (n n_L n_R). Multiplied out, comparing it needs no division.
void TreeGrower::scan(std::size_t feature, const Node& node, Split& best) noexcept {
  const SortedValue* const values = list(feature);
  const Sums all = node.sums;
  Sums left;
  for (std::size_t i = node.begin; i + 1 < node.end; ++i) {
    const Sums& row = rows_[values[i].row()];
    left.target += row.target;
    left.count += row.count;
    if (values[i].value() == values[i + 1].value()) continue;
    const double difference = left.target * all.count - all.target * left.count;
    const double right_count = all.count - left.count;
    const double product = left.count * right_count;
    if (difference * difference <= best.bar * product) continue;
    if (left.count < options_.min_samples_leaf || right_count < options_.min_samples_leaf) continue;
    best.feature = feature;
    best.end_left = i + 1;
    best.left = left;
    best.score = difference * difference / product;
    best.bar = best.score * (1 + kEqualScores) + noise_ * all.count;
  }
}

void TreeGrower::apply(const Node& node, const Split& split) {
  const SortedValue* const values = list(split.feature);
  const std::int32_t left_index = add_node();
  add_node();
  const auto index = static_cast<std::size_t>(node.index);
  tree_.feature[index] = static_cast<std::int32_t>(split.feature);
  tree_.threshold[index] = middle(values[split.end_left - 1].value(), values[split.end_left].value());
  tree_.left[index] = left_index;
  tree_.gain[split.feature] += split.score / node.sums.count;

  Node left = node, right = node;
  left.end = right.begin = split.end_left;
  left.index = left_index;
  right.index = left_index + 1;
  left.depth = right.depth = node.depth + 1;
  left.sums = split.left;
  right.sums = {node.sums.target - split.left.target, node.sums.count - split.left.count};
  left.list_feature = right.list_feature = split.feature;
  left.end_asked = right.first_asked = divide_asked(node, split.feature, tree_.threshold[index]);
  const bool left_waits = may_split(left), right_waits = may_split(right);
  if (left_waits || right_waits) divide_lists(node, split);
  if (!left_waits) make_leaf(left);
  if (!right_waits) make_leaf(right);
  if (right_waits) waiting_.push_back(right);
  if (left_waits) waiting_.push_back(left);  // next
}

/// Puts the rows that go left before the others in the lists of all varying features, each side in its old order.
void TreeGrower::divide_lists(const Node& node, const Split& split) noexcept {
  const SortedValue* const divided = list(split.feature);
  for (std::size_t i = node.begin; i < node.end; ++i) goes_left_[divided[i].row()] = i < split.end_left ? 1 : 0;
  for (std::size_t k = node.first_feature; k < node.first_feature + node.num_features; ++k) {
    if (varying_[k] == split.feature) continue;
    SortedValue* const values = list(varying_[k]);
    std::size_t num_left = node.begin, num_right = 0;
    for (std::size_t i = node.begin; i < node.end; ++i) {  // without a branch that would often be guessed wrong
      const SortedValue entry = values[i];
      const std::size_t left = goes_left_[entry.row()];
      values[num_left] = entry;
      buffer_[num_right] = entry;
      num_left += left;
      num_right += 1 - left;
    }
    std::copy_n(buffer_.begin(), num_right, values + num_left);
  }
}

/// Puts the asked rows that go left before the others; gives where the others begin.
std::size_t TreeGrower::divide_asked(const Node& node, std::size_t feature, float threshold) noexcept {
  const auto begin = asked_.begin() + static_cast<std::ptrdiff_t>(node.first_asked);
  const auto end = asked_.begin() + static_cast<std::ptrdiff_t>(node.end_asked);
  const auto others =
      std::partition(begin, end, [&](std::size_t row) { return table_.value(row, feature) < threshold; });
  return static_cast<std::size_t>(others - asked_.begin());
}

/// Whether somebody asks for a node's parts, and it is large enough, not too deep, and has targets that differ.
bool TreeGrower::may_split(const Node& node) noexcept {
  if (!all_asked_ && node.first_asked == node.end_asked) return false;
  if (node.sums.count < options_.min_samples_split) return false;
  if (options_.max_depth > 0 && node.depth >= options_.max_depth) return false;
  const SortedValue* const values = list(node.list_feature);
  const double first = targets_[values[node.begin].row()];
  for (std::size_t i = node.begin + 1; i < node.end; ++i) {
    if (targets_[values[i].row()] != first) return true;
  }
  return false;
}

void TreeGrower::make_leaf(const Node& node) noexcept {
  const SortedValue* const values = list(node.list_feature);
  Sums sums;
  for (std::size_t i = node.begin; i < node.end; ++i) {
    const double count = rows_[values[i].row()].count;
    sums.target += count * targets_[values[i].row()];
    sums.count += count;
  }
  tree_.threshold[static_cast<std::size_t>(node.index)] = static_cast<float>(sums.target / sums.count);
}

std::int32_t TreeGrower::add_node() {
  tree_.feature.push_back(-1);
  tree_.threshold.push_back(0);
  tree_.left.push_back(-1);
  return static_cast<std::int32_t>(tree_.feature.size()) - 1;
}

}  // namespace perfmodel
