#include <fmt/format.h>

#include <string>
#include <vector>

#include "bench/random_evaluators.h"
#include "float_peak.h"
#include "own_model.h"
#include "peer_inputs.h"
#include "peer_main.h"
#include "timing.h"
#include "torch_network.h"

/// Networks with the same random weights in perfmodel, LibTorch eager and TorchScript, and perfmodel's time over the
/// machine's float floor. perfmodel's side is Model::predict(), checks of the rows and the learnt domain included;
/// LibTorch's is the forward pass on a tensor that is ready.

namespace perfmodel {
namespace {

constexpr double kRelative = 1e-4;  // float32 sums in another order
constexpr std::uint64_t kSeed = 1;

struct Case {
  std::size_t num_rows;
  double goal;         ///< times faster than LibTorch
  double floor_limit;  ///< at most so many times the floor; 0: not compared with it
};

std::string layers_text(std::size_t count) {
  return fmt::format("{} layer{}", count, count == 1 ? "" : "s");
}

void compare_network(const std::string& name, const std::vector<NetworkLayer>& layers, const std::vector<Case>& cases,
                     int rounds) {
  Random random(kSeed);
  const Model model = model_of(make_sequence_network(kPeerFeatures, layers));
  TorchNetwork eager(kPeerFeatures, layers, TorchNetwork::Mode::kEager);
  TorchNetwork script(kPeerFeatures, layers, TorchNetwork::Mode::kScript);
  for (const Case& at : cases) {
    const std::vector<double> values = random_rows(at.num_rows, kPeerFeatures, random);
    const MatrixView<const double> rows(values.data(), at.num_rows, kPeerFeatures);
    const std::string title = fmt::format("{}, {}", name, layers_text(at.num_rows));
    OwnModel ours(model, rows);
    ours.predict();
    eager.set_rows(rows);
    script.set_rows(rows);
    require_close(title + " (eager)", ours.means(), eager.answers(), kRelative, 1);
    require_close(title + " (TorchScript)", ours.means(), script.answers(), kRelative, 1);

    const std::vector<Timing> timings =
        time_in_turn(rounds, {[&] { ours.predict(); }, [&] { eager.predict(); }, [&] { script.predict(); }});
    report({title, "LibTorch eager", at.goal}, timings[0], timings[1]);
    report({title, "TorchScript", at.goal}, timings[0], timings[2]);
    if (at.floor_limit == 0) continue;
    const double flops = flops_per_row(kPeerFeatures, layers) * static_cast<double>(at.num_rows);
    const std::vector<Timing> peak = time_in_turn(rounds, {[&] { ours.predict(); }, [] { float_product(); }});
    const double floor_us = flops / kProductFlops * peak[1].median_us();
    report_limit(fmt::format("{}, {:g} x float floor of {:.3g} MFLOP at {:.0f} GFLOP/s", title, at.floor_limit,
                             flops / 1e6, kProductFlops / peak[1].median_us() / 1e3),
                 peak[0], at.floor_limit * floor_us);
  }
}

void run(const PeerOptions& options) {
  use_one_torch_thread();
  Random random(kSeed);
  compare_network("ResPerfNet execution model", random_resperfnet(kPeerFeatures, false, random),
                  {{1, 5, 3}, {16, 2, 2}, {23, 2, 2}}, options.rounds);
  compare_network("MLP of 40 units", random_perceptron(kPeerFeatures, {40}, true, random), {{1, 1, 0}, {23, 1, 0}},
                  options.rounds);
}

}  // namespace
}  // namespace perfmodel

int main(int argc, char** argv) {
  return perfmodel::peer_main(argc, argv, perfmodel::run);
}
