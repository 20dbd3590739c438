// Files of corrections of networks, as they are and with their checksums made right: what loads answers for networks,
// or says why not.

#include <cmath>

#include "fuzz_target.h"
#include "layer_time/network_fixture.h"
#include "seal.h"

namespace perfmodel {
namespace {

void require_answer(const NetworkCorrection& correction, const LayerTimePredictor& predictor,
                    const std::vector<LayerSpec>& layers) {
  expect_answer_or_error([&] {
    const TimeEstimate total = correction.predict(predictor, layers).total;
    require(0 <= total.lower_ms && total.lower_ms <= total.mean_ms && total.mean_ms <= total.upper_ms &&
                std::isfinite(total.upper_ms),
            "a time that is none");
  });
}

void load(std::string_view file) {
  static const LayerTimePredictor predictor = sum_predictor();
  expect_answer_or_error([&] {
    const NetworkCorrection correction = NetworkCorrection::load(bytes_of(file));
    require_answer(correction, predictor, {dense(3, 100, 10)});
    require_answer(correction, predictor, {conv2d(2, 6, 4, 8, 3, 1, 1), pool2d(2, 6, 8, 2, 2), dense(2, 72, 10)});
  });
}

}  // namespace
}  // namespace perfmodel

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  perfmodel::load_also_sealed(std::string(perfmodel::text_of(data, size)), perfmodel::load);
  return 0;
}
