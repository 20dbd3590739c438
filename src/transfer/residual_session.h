#pragma once

#include <string>
#include <vector>

#include "learner/left_out.h"
#include "transfer/residual_features.h"
#include "transfer/residual_process.h"
#include "transfer/session_base.h"

namespace perfmodel {

/// "residual": ResidualProcess on measurements planned by plan_measurements(). Its length scales are those of a
/// Gaussian process on the source's log answers at the candidates: an option that acts roughly on the source may act
/// roughly on the target.
class ResidualSession : public SessionBase {
 public:
  explicit ResidualSession(TransferSetup setup) : ResidualSession("residual", std::move(setup)) {}

 protected:
  ResidualSession(const std::string& strategy, TransferSetup setup);

  /// Takes other priors than the default, before anything is asked: for studies of the priors.
  void set_priors(const ResidualPriors& priors) { process_ = process_.with_priors(priors); }

  std::vector<std::size_t> plan(std::size_t count) override;
  Model adapt() const override;
  std::vector<std::string> findings() const override;

  /// The model without an interval.
  Model fit(const Dataset& rows) const;
  /// Ten-fold answers of it.
  LeftOutAnswers left_out() const;
  /// With an interval from these: conformal where they are many, else errors are taken as normal, on the scale of the
  /// model's own deviations times that of the left out errors.
  Model with_interval_from(const Model& model, const LeftOutAnswers& answers) const;

 private:
  GaussianProcess condition(const Dataset& rows) const;

  ResidualFeatures features_;
  Eigen::MatrixXd candidate_features_;
  ResidualProcess process_;
};

}  // namespace perfmodel
