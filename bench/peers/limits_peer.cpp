#include <fmt/format.h>
#include <perfmodel_models_c.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "own_model.h"
#include "peer_inputs.h"
#include "peer_main.h"
#include "perfmodel/core/error.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/learner/xgboost_import.h"
#include "timing.h"

/// What perfmodel promises by itself, through its shared libraries: loading, the C API's overhead, two threads on one
/// model.

namespace perfmodel {
namespace {

constexpr double kLoadLimitUs = 5000, kCApiLimitUs = 0.1, kThreadsGoal = 1.8;

double megabytes(const std::string& path) {
  return static_cast<double>(std::filesystem::file_size(path)) / 1e6;
}

/// From the file, which the page cache holds, to the first answer of what `load` makes of it; what ends it again is not
/// timed.
/// @param ask  asks what `load` made for a first answer
template <typename Load, typename Ask>
void time_loading(const std::string& what, const std::string& path, int rounds, const Load& load, const Ask& ask) {
  using Clock = std::chrono::steady_clock;
  Timing timing;
  for (int round = -1; round < rounds; ++round) {
    const Clock::time_point start = Clock::now();
    const auto loaded = load(path);
    ask(loaded);
    const double elapsed_us = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
    if (round >= 0) timing.samples_us.push_back(elapsed_us);  // the first warms up
  }
  report_limit(fmt::format("load {} of {:.1f} MB, first prediction included", what, megabytes(path)), timing,
               kLoadLimitUs);
}

void time_loading_model(const std::string& what, const std::string& path, MatrixView<const double> row, int rounds) {
  time_loading(
      what, path, rounds, [](const std::string& file) { return Model::load(file); },
      [row](const Model& model) { OwnModel(model, row).predict(); });
}

/// Nine models in one file, whose features are described in text; the first answer is all of LeNet.
void time_loading_predictor(const std::string& path, int rounds) {
  const Network network = builtin_network("lenet", 1);
  time_loading(
      "the default predictor", path, rounds, [](const std::string& file) { return LayerTimePredictor::load(file); },
      [&network](const LayerTimePredictor& predictor) { predictor.predict(network); });
}

/// A model in the C API.
struct CModel {
  explicit CModel(const std::string& path) { check(perfmodel_model_load(path.c_str(), &handle)); }
  ~CModel() { perfmodel_model_destroy(handle); }
  CModel(const CModel&) = delete;
  CModel& operator=(const CModel&) = delete;

  static void check(perfmodel_status status) {
    if (status != PERFMODEL_OK) throw Error(ErrorCode::kInternal, perfmodel_last_error());
  }
  perfmodel_model* handle = nullptr;
};

void time_c_api(const std::string& path, MatrixView<const double> row, int rounds) {
  OwnModel cpp(Model::load(path), row);
  const CModel c(path);
  perfmodel_prediction prediction;
  CModel::check(perfmodel_prediction_init(&prediction, sizeof prediction));
  const auto predict_in_c = [&] {
    CModel::check(perfmodel_model_predict(c.handle, row.data(), 1, row.cols(), &prediction));
  };
  const std::vector<Timing> timings = time_in_turn(rounds, {[&] { cpp.predict(); }, predict_in_c});
  require_close("C API", std::vector<double>{prediction.mean}, cpp.means(), 0);
  Timing overhead;
  for (std::size_t i = 0; i < timings[0].samples_us.size(); ++i) {
    overhead.samples_us.push_back(std::max(timings[1].samples_us[i] - timings[0].samples_us[i], 1e-4));
  }
  report_limit("C API over C++, 1 row of a tree", overhead, kCApiLimitUs);
}

/// `calls` predictions by each of `num_threads` threads, which share the model; time per call and thread count.
double throughput_us(const Model& model, MatrixView<const double> rows, int num_threads, int calls) {
  using Clock = std::chrono::steady_clock;
  std::vector<std::unique_ptr<OwnModel>> works;
  for (int i = 0; i < num_threads; ++i) works.push_back(std::make_unique<OwnModel>(model, rows));
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> threads;
  for (const auto& work : works) {
    threads.emplace_back([&work, calls] {
      for (int call = 0; call < calls; ++call) work->predict();
    });
  }
  for (std::thread& thread : threads) thread.join();
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count() / (num_threads * calls);
}

void time_two_threads(const std::string& what, const Model& model, MatrixView<const double> rows, int calls,
                      int rounds) {
  Timing one, two;
  for (int round = 0; round < rounds; ++round) {
    one.samples_us.push_back(throughput_us(model, rows, 1, calls));
    two.samples_us.push_back(throughput_us(model, rows, 2, calls));
  }
  report({fmt::format("{}, {} rows, two threads on one model", what, rows.rows()), "one thread", kThreadsGoal}, two,
         one);
}

void run(const PeerOptions& options) {
  const PeerTable table = read_table(options.folder + "/test.f64");
  const MatrixView<const double> row(table.features.data(), 1, kPeerFeatures);
  const std::vector<double> ones(kPeerFeatures * 16, 1.0);
  const MatrixView<const double> sixteen(ones.data(), 16, kPeerFeatures);
  time_loading_model("trees", options.folder + "/trees_5mb.safetensors", row, options.rounds);
  time_loading_model("networks", options.folder + "/networks_5mb.safetensors", {ones.data(), 1, kPeerFeatures},
                     options.rounds);
  time_loading_predictor(options.folder + "/predictor.safetensors", options.rounds);
  time_c_api(options.folder + "/tree.safetensors", row, options.rounds);
  time_two_threads("XGBoost ensemble", import_xgboost(options.folder + "/booster.json"), table.rows(), 2,
                   options.rounds);
  time_two_threads("7 ResPerfNets", Model::load(options.folder + "/networks_5mb.safetensors"), sixteen, 50,
                   options.rounds);
}

}  // namespace
}  // namespace perfmodel

int main(int argc, char** argv) {
  return perfmodel::peer_main(argc, argv, perfmodel::run);
}
