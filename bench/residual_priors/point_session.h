#pragma once

#include <utility>

#include "transfer/residual_session.h"

namespace perfmodel::bench {

/// "residual" without an interval, which would take ten more fits. Made once and copied for each setting of the priors,
/// as what it knows of the source, most of its work, does not depend on them.
class PointSession final : public ResidualSession {
 public:
  explicit PointSession(TransferSetup setup) : ResidualSession(std::move(setup)) {}
  /// @param fresh  asked and told nothing yet
  PointSession(const PointSession& fresh, const ResidualPriors& priors) : PointSession(fresh) { set_priors(priors); }

 private:
  Model adapt() const override { return fit(told_rows()); }
};

}  // namespace perfmodel::bench
