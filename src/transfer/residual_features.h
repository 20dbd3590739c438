#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/random.h"
#include "perfmodel/data/transform.h"
#include "perfmodel/learner/model.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// What the strategy "residual" computes from a configuration and the source's answer for it.
///
/// In this order: the options, standardised over the candidates (logarithms of positive numbers that vary by a factor
/// of 2 or more, one indicator per label of a categorical option); main effects of the options on the log source
/// answer, each the mean change over random candidates when the option alone is set; the log source answer itself. All
/// have mean 0 over the candidates. Columns that do not vary are left out, but for the last.
class ResidualFeatures {
 public:
  /// @param source      on the options of `space`
  /// @param candidates  n x options, not empty
  /// @param smallest, largest  source answers are taken as at least and at most that; 0 < smallest <= largest
  /// @throws Error kInvalidArgument: more labels than OptionColumns takes.
  ResidualFeatures(const ConfigSpace& space, const Model& source, MatrixView<const double> candidates, double smallest,
                   double largest, Random random);

  Eigen::Index num_options() const noexcept { return num_options_; }  ///< columns of options
  Eigen::Index num_effects() const noexcept { return num_effects_; }  ///< columns of main effects, which come next
  Eigen::Index size() const noexcept { return num_options_ + num_effects_ + 1; }
  /// The option of each column of options, in words: its name, and its label if it is categorical.
  const std::vector<std::string>& option_names() const noexcept { return option_names_; }

  /// n x size()
  Eigen::MatrixXd of(MatrixView<const double> rows) const;

  /// exp of what `process` says of these features, as a function of a row.
  std::shared_ptr<const Evaluator> evaluator(GaussianProcess process) const;

 private:
  void add_options(const ConfigSpace& space, MatrixView<const double> candidates);
  void add_effects(const ConfigSpace& space, MatrixView<const double> candidates, Random random);
  void add_source(MatrixView<const double> candidates);
  void add(std::int32_t input, InputMap map, ColumnTransform column);
  /// Logarithms of the source's answers, within the bounds.
  std::vector<double> log_answers(MatrixView<const double> rows) const;

  Model source_;
  double log_smallest_, log_largest_;
  Eigen::Index num_options_ = 0, num_effects_ = 0;
  std::vector<std::string> option_names_;
  std::vector<std::int32_t> inputs_;  ///< of a row, or the number after them: the log source answer
  std::vector<InputMap> maps_;
  std::vector<ColumnTransform> columns_;
  FeatureTransform transform_;
};

}  // namespace perfmodel
