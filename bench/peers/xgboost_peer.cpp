#include <fmt/format.h>

#include <string>
#include <vector>

#include "core/file.h"
#include "own_model.h"
#include "peer_inputs.h"
#include "peer_main.h"
#include "perfmodel/learner/xgboost_import.h"
#include "timing.h"
#include "xgboost_booster.h"

/// A booster that XGBoost fitted: predicted by perfmodel and through XGBoost's C API.

namespace perfmodel {
namespace {

void run(const PeerOptions& options) {
  const std::string json = read_file(options.folder + "/booster.json");
  const PeerTable table = read_table(options.folder + "/test.f64");
  const Model model = import_xgboost(options.folder + "/booster.json");
  XGBoostBooster booster(json);
  struct Case {
    std::size_t num_rows;
    double goal;
  };
  for (const Case& at : {Case{1, 6}, Case{table.num_rows, 4}}) {
    OwnModel ours(model, {table.features.data(), at.num_rows, kPeerFeatures});
    booster.set_rows({table.single_features.data(), at.num_rows, kPeerFeatures});
    ours.predict();
    const Span<const float> theirs = booster.predict();
    const std::string name = fmt::format("XGBoost ensemble, {} trees of depth {}, {} row{}", kBoosterRounds,
                                         kBoosterDepth, at.num_rows, at.num_rows == 1 ? "" : "s");
    require_close(name, ours.means(), std::vector<double>(theirs.begin(), theirs.end()), 0);
    compare(
        {name, "XGBoost C API", at.goal}, options.rounds, [&] { ours.predict(); }, [&] { booster.predict(); });
  }
}

}  // namespace
}  // namespace perfmodel

int main(int argc, char** argv) {
  return perfmodel::peer_main(argc, argv, perfmodel::run);
}
