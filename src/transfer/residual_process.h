#pragma once

#include <Eigen/Core>
#include <vector>

#include "perfmodel/core/callbacks.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// What the data decide of a ResidualProcess. All > 0.
struct ResidualParameters {
  Eigen::VectorXd slope_deviations;  ///< one per column of options: how far its slope may be from 0
  double signal_deviation = 0;       ///< of the Gaussian process on the options
  double noise_deviation = 0;        ///< of the logarithm of one measurement
  double stretch = 0;                ///< of the length scales: those of the source times this

  std::vector<double> to_logarithms() const;
  static ResidualParameters from_logarithms(const std::vector<double>& logarithms);
};

/// A log-normal prior.
struct LogNormal {
  double median, deviation;  ///< deviation: of the logarithm
};

/// What a ResidualProcess takes for likely before it sees the target. The numbers were settled on measured tables;
/// docs/results/residual_design.md says how, and what others would cost.
struct ResidualPriors {
  double source_slope_deviation = 0.5;    ///< of b about 1
  double effect_deviation = 0.7;          ///< of m_j about 0
  LogNormal slope_deviation{0.025, 1.3};  ///< x spread; wide: most options behave as on the source, some do not
  LogNormal signal_deviation{0.25, 0.7};  ///< x spread
  LogNormal noise_deviation{0.03, 0.5};   ///< repeated measurements of the studies differ by 1 to 6 %
  LogNormal stretch{0.8, 0.4};            ///< the target is expected to be a little rougher than the source
};

/// The model of the strategy "residual", on the columns of ResidualFeatures:
///
///     log target = a + b log source + sum_j m_j effect_j + sum_j s_j option_j + GP(options) + noise
///
/// with independent normal priors: a vague, b of mean 1, m_j and s_j of mean 0, the latter of deviation
/// slope_deviations[j]; a Matern 5/2 process with the source's length scales, stretched alike; the parameters
/// log-normal about what is usual (ResidualPriors). So a target is expected to be the source with other weights of its
/// parts (m_j), and each option that behaves otherwise is found one by one (slope_deviations). Given parameters,
/// everything is a Gaussian process with a linear mean (Rasmussen and Williams, 2006, section 2.7).
class ResidualProcess {
 public:
  /// @param length_scales  one per column of options, for standardised options
  /// @param num_effects    columns of main effects
  /// @param spread         standard deviation of the log source over the candidates: what slopes and signal are
  ///                       expected in proportion to; taken as 0.05 at least
  ResidualProcess(const std::vector<double>& length_scales, Eigen::Index num_effects, double spread);

  /// The same process under other priors.
  ResidualProcess with_priors(const ResidualPriors& priors) const;

  /// The medians of the priors.
  ResidualParameters expected() const;

  /// The parameters of greatest posterior density, by the first 500 rows where there are more.
  /// @param features  n x columns; log_targets: n.  REQUIRES: n > 0
  /// @throws Error kCancelled.
  ResidualParameters fit(const Eigen::MatrixXd& features, const Eigen::VectorXd& log_targets,
                         const Callbacks& callbacks) const;

  /// Minus the logarithm of the posterior density but for a constant, and its gradient by the parameters' logarithms.
  double minus_log_posterior(const Eigen::MatrixXd& features, const Eigen::VectorXd& log_targets,
                             const std::vector<double>& logarithms, std::vector<double>& gradient) const;

  /// The process after seeing the targets; its slopes are b, m and s.
  GaussianProcess condition(const Eigen::MatrixXd& features, const Eigen::VectorXd& log_targets,
                            const ResidualParameters& parameters) const;

  /// Covariances of log targets without noise, before any is seen: rows of `a` with rows of `b`.
  Eigen::MatrixXd covariance(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b,
                             const ResidualParameters& parameters) const;

 private:
  Eigen::Index num_options() const noexcept { return inverse_length_scales_.size(); }
  Eigen::Index num_columns() const noexcept { return num_options() + num_effects_ + 1; }
  /// Prior variances of the coefficients of the columns.
  Eigen::VectorXd slope_variances(const ResidualParameters& parameters) const;
  Eigen::MatrixXd squared_distances(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, double stretch) const;
  /// Log targets less what is expected of them: 1 x log source, and the median of the rest.
  Eigen::VectorXd surprises(const Eigen::MatrixXd& features, const Eigen::VectorXd& log_targets, double& shift) const;

  Eigen::VectorXd inverse_length_scales_;
  Eigen::Index num_effects_;
  double spread_;
  ResidualPriors priors_;
};

}  // namespace perfmodel
