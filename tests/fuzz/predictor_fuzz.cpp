// Files of layer-time predictors, as they are and with their checksums made right: what loads answers for a layer of
// each kind, and for several in a row.

#include <cmath>

#include "fuzz_target.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "seal.h"

namespace perfmodel {
namespace {

void load(std::string_view file) {
  expect_answer_or_error([&] {
    const LayerTimePredictor predictor = LayerTimePredictor::load(bytes_of(file));
    for (const LayerSpec& layer : {conv2d(2, 6, 4, 8, 3, 1, 1), pool2d(2, 8, 6, 2, 2), dense(3, 100, 10)}) {
      LayerTime time;
      Workspace workspace(predictor.workspace_bytes(1));
      if (!predictor.predict({&layer, 1}, {}, {&time, 1}, workspace).ok()) continue;
      for (const TimeEstimate& phase : time.phase) {
        require(std::isfinite(phase.mean_ms) && phase.mean_ms >= 0, "a time that is none");
      }
      const TimeEstimate total = predictor.predict_sequence(std::vector<LayerSpec>(3, layer)).total;
      require(0 <= total.lower_ms && total.lower_ms <= total.mean_ms && total.mean_ms <= total.upper_ms &&
                  std::isfinite(total.upper_ms),
              "a network's time that is none");
    }
  });
}

}  // namespace
}  // namespace perfmodel

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  perfmodel::load_also_sealed(std::string(perfmodel::text_of(data, size)), perfmodel::load);
  return 0;
}
