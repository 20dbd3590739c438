#pragma once

#include <vector>

#include "perfmodel/core/span.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// Parameters of a Gaussian process, of whose logarithms the likelihood is a smooth function.
struct ProcessParameters {
  std::vector<double> length_scales;  ///< one per input, > 0
  double signal_variance = 1;         ///< > 0
  double noise_variance = 0.1;        ///< > 0; large enough beside the signal that the covariance is positive definite

  std::vector<double> to_logarithms() const;  ///< length scales, then signal, then noise
  static ProcessParameters from_logarithms(const std::vector<double>& logarithms);
};

/// What a process with given parameters says of each of its points when that one is left out.
struct LeftOut {
  std::vector<double> means, deviations;  ///< deviation: of a noisy measurement
};

/// The marginal likelihood of targets under a Gaussian process, and what follows from one factorisation.
///
/// With a linear mean, the coefficients of [1, x] have independent normal priors of variance kMeanPriorVariance, which
/// is vague for standardised data: they are integrated out (Rasmussen and Williams, section 2.7), which with a vague
/// prior is generalised least squares within the restricted likelihood. Without, the mean is 0.
class MarginalLikelihood {
 public:
  static constexpr double kMeanPriorVariance = 1e4;

  /// @param rows, targets  n x d and n, standardised; they must outlive this.  REQUIRES: n > 0
  MarginalLikelihood(GaussianProcess::Kernel kernel, MatrixView<const double> rows, Span<const double> targets,
                     bool linear_mean)
      : kernel_(kernel), rows_(rows), targets_(targets), linear_mean_(linear_mean) {}

  /// The logarithm of the marginal likelihood (equation 2.30 or 2.43), and its gradient by the logarithms of the
  /// parameters (equation 5.9).
  /// @param gradient  d + 2 values are put there
  /// @throws Error kInternal: the covariance is not positive definite.
  double value(const ProcessParameters& parameters, std::vector<double>& gradient) const;

  /// The process after seeing the targets, with deviation.
  GaussianProcess condition(const ProcessParameters& parameters) const;

  /// Equations 5.10 to 5.12, the linear mean being estimated anew without the row, too.
  LeftOut leave_one_out(const ProcessParameters& parameters) const;

 private:
  GaussianProcess::Kernel kernel_;
  MatrixView<const double> rows_;
  Span<const double> targets_;
  bool linear_mean_;
};

}  // namespace perfmodel
