#include "epoch_curve.h"

#include <cmath>

#include "json_line.h"

namespace perfmodel::bench {

std::function<void(const TrainingEpoch&)> EpochCurve::listener() {
  return [this](const TrainingEpoch& epoch) {
    const auto member = static_cast<std::size_t>(epoch.member);
    if (members_.size() <= member) members_.resize(member + 1);
    members_[member].push_back(epoch);
  };
}

void EpochCurve::add_to(Json& row, int num_epochs) const {
  std::string kept;
  for (const std::vector<TrainingEpoch>& epochs : members_) {
    int best = 0;
    for (const TrainingEpoch& epoch : epochs) best = epoch.best ? epoch.epoch : best;
    kept += (kept.empty() ? "" : ", ") + std::to_string(best);
  }
  row["kept"] = (members_.size() == 1 ? "epoch " : "epochs ") + kept + " of " + std::to_string(num_epochs);
  if (members_.size() != 1) return;
  Json losses = Json::array(), errors = Json::array();
  for (const TrainingEpoch& epoch : members_.front()) {
    losses.push_back(tools::rounded(epoch.loss, 5));
    errors.push_back(std::isfinite(epoch.validation_mape_pct) ? Json(tools::rounded(epoch.validation_mape_pct))
                                                              : Json());
  }
  row["epoch_loss"] = losses;
  row["epoch_validation_mape_pct"] = errors;
}

}  // namespace perfmodel::bench
