// How a runtime asks for times while it works: with memory of its own that it makes once, so that no answer allocates,
// locks or throws. This one takes the largest batch of a network that meets a deadline.
//
//   predict_in_runtime PREDICTOR.safetensors NETWORK DEADLINE_MS
//
// NETWORK is the name of a built-in network. docs/embedding.md says more.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "perfmodel/core/error.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/learner/workspace.h"
#include "perfmodel/network/network.h"

namespace {

using namespace perfmodel;

constexpr std::int64_t kBatches[] = {16, 8, 4, 2, 1};

struct Choice {
  std::int64_t batch = 0;  // 0: no batch meets the deadline
  NetworkTotal time;
};

/// What one thread keeps to ask about one network. The predictor is immutable and cheap to copy; threads share it, and
/// each has a chooser of its own.
class BatchChooser {
 public:
  BatchChooser(LayerTimePredictor predictor, const std::string& network) : predictor_(std::move(predictor)) {
    for (const std::int64_t batch : kBatches) {
      networks_.push_back(builtin_network(network, batch));
      workspace_.reserve(predictor_.workspace_bytes(networks_.back()));
    }
    layers_.resize(networks_.front().nodes().size());
  }

  /// The way that a runtime takes over and over: nothing here allocates, locks or throws.
  Status choose(double deadline_ms, Choice& choice) noexcept {
    for (const Network& network : networks_) {
      NetworkTotal time;
      const Status status = predictor_.predict(network, UnknownKinds::kRefuse, layers_, time, workspace_);
      if (!status.ok()) return status;
      const double safe_ms = time.interval_level > 0 ? time.total.upper_ms : time.total.mean_ms;
      if (safe_ms > deadline_ms) continue;
      choice = {network.batch(), time};
      return {};
    }
    choice = {};
    return {};
  }

 private:
  LayerTimePredictor predictor_;
  std::vector<Network> networks_;  // of kBatches
  std::vector<LayerTime> layers_;  // of the network asked about last
  Workspace workspace_;            // for the largest
};

void print(const Choice& choice) {
  if (choice.batch == 0) {
    std::printf("no batch meets the deadline\n");
    return;
  }
  const TimeEstimate& total = choice.time.total;
  std::printf("batch %d: %.3f ms", static_cast<int>(choice.batch), total.mean_ms);
  if (choice.time.interval_level > 0) {
    std::printf(", %g %% interval %.3f to %.3f ms", 100 * choice.time.interval_level, total.lower_ms, total.upper_ms);
  }
  std::printf("%s\n", choice.time.in_domain ? "" : " (outside of what was learnt)");
}

}  // namespace

int main(int argc, char** argv) try {
  char* end = nullptr;
  const double deadline_ms = argc == 4 ? std::strtod(argv[3], &end) : 0;
  if (end == nullptr || end == argv[3] || *end != '\0') {
    std::fprintf(stderr, "usage: predict_in_runtime PREDICTOR.safetensors NETWORK DEADLINE_MS\n");
    return 2;
  }
  BatchChooser chooser(LayerTimePredictor::load(argv[1]), argv[2]);
  Choice choice;
  chooser.choose(deadline_ms, choice).throw_if_error();
  print(choice);
} catch (const perfmodel::Error& error) {
  std::fprintf(stderr, "predict_in_runtime: %s\n", error.what());
  return 1;
}
