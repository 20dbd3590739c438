#include <dlib/random_forest.h>
#include <fmt/format.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/ml.hpp>
#include <string>
#include <vector>

#include "own_model.h"
#include "peer_inputs.h"
#include "peer_main.h"
#include "perfmodel/core/error.h"
#include "timing.h"

/// A tree and a forest against OpenCV's and dlib's, all grown to the end on the same rows with the same settings: every
/// feature at every split, leaves of one row, bootstrap in forests. OpenCV stops at 25 levels.

namespace perfmodel {
namespace {

constexpr int kMaxDepth = 25;         // the most that OpenCV takes
constexpr double kErrorRatio = 1.05;  // forests of one setting are different draws: their errors agree to a few percent

double rmse(const std::vector<double>& answers, const std::vector<double>& targets) {
  double sum = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) sum += (answers[i] - targets[i]) * (answers[i] - targets[i]);
  return std::sqrt(sum / static_cast<double>(answers.size()));
}

/// @throws Error kMismatch: one of them has learnt more than the other, so that times say nothing.
void require_equal_errors(const std::string& what, double ours, double theirs) {
  if (ours < theirs * kErrorRatio && theirs < ours * kErrorRatio) return;
  throw Error(ErrorCode::kMismatch, fmt::format("{}: RMSE on the test rows {:.6g} and {:.6g}, expected within {:.0f} %",
                                                what, ours, theirs, 100 * (kErrorRatio - 1)));
}

/// Views of OpenCV's; it does not write to them.
cv::Mat rows_of(const PeerTable& table) {
  return {static_cast<int>(table.num_rows), static_cast<int>(kPeerFeatures), CV_32F,
          const_cast<float*>(table.single_features.data())};
}

template <typename Trees>
cv::Ptr<Trees> fit_opencv(const PeerTable& training) {
  cv::Ptr<Trees> trees = Trees::create();
  trees->setMaxDepth(kMaxDepth);
  trees->setMinSampleCount(2);
  trees->setRegressionAccuracy(0);
  trees->setCVFolds(0);
  trees->setUseSurrogates(false);
  if constexpr (std::is_same_v<Trees, cv::ml::RTrees>) {
    trees->setActiveVarCount(static_cast<int>(kPeerFeatures));
    trees->setTermCriteria({cv::TermCriteria::MAX_ITER, static_cast<int>(kPeerTrees), 0});
  }
  std::vector<float> targets(training.targets.begin(), training.targets.end());
  trees->train(cv::ml::TrainData::create(rows_of(training), cv::ml::ROW_SAMPLE, cv::Mat(targets, false)));
  return trees;
}

template <typename Trees>
void compare_opencv(const std::string& what, const PeerTable& training, const PeerTable& test, OwnModel& ours,
                    double goal, int rounds) {
  const cv::Ptr<Trees> trees = fit_opencv<Trees>(training);
  const cv::Mat rows = rows_of(test);
  cv::Mat answers;
  trees->predict(rows, answers);
  ours.predict();
  require_equal_errors(what + " in OpenCV", rmse(ours.means(), test.targets),
                       rmse({answers.begin<float>(), answers.end<float>()}, test.targets));
  compare(
      {what, std::is_same_v<Trees, cv::ml::RTrees> ? "OpenCV RTrees" : "OpenCV DTrees", goal}, rounds,
      [&] { ours.predict(); }, [&] { trees->predict(rows, answers); });
}

using DlibRow = dlib::matrix<double, 0, 1>;

std::vector<DlibRow> dlib_rows(const PeerTable& table) {
  std::vector<DlibRow> rows(table.num_rows, DlibRow(static_cast<long>(kPeerFeatures)));
  for (std::size_t i = 0; i < table.num_rows; ++i) {
    std::copy_n(table.features.data() + i * kPeerFeatures, kPeerFeatures, rows[i].begin());
  }
  return rows;
}

void compare_dlib(const std::string& what, const PeerTable& training, const PeerTable& test, OwnModel& ours,
                  double goal, int rounds) {
  dlib::random_forest_regression_trainer<dlib::dense_feature_extractor> trainer;
  trainer.set_num_trees(kPeerTrees);
  trainer.set_feature_subsampling_fraction(1);
  trainer.set_min_samples_per_leaf(1);
  trainer.set_seed("perfmodel");
  const auto forest = trainer.train(dlib_rows(training), training.targets);
  const std::vector<DlibRow> rows = dlib_rows(test);
  std::vector<double> answers(rows.size());
  const auto predict = [&] {
    for (std::size_t i = 0; i < rows.size(); ++i) answers[i] = forest(rows[i]);
  };
  predict();
  ours.predict();
  require_equal_errors(what + " in dlib", rmse(ours.means(), test.targets), rmse(answers, test.targets));
  compare(
      {what, "dlib random_forest_regression", goal}, rounds, [&] { ours.predict(); }, predict);
}

void run(const PeerOptions& options) {
  cv::setNumThreads(1);
  const PeerTable training = read_table(options.folder + "/training.f64");
  const PeerTable test = read_table(options.folder + "/test.f64");
  OwnModel tree(Model::load(options.folder + "/tree.safetensors"), test.rows());
  OwnModel forest(Model::load(options.folder + "/forest.safetensors"), test.rows());
  const std::string rows = fmt::format("{} rows", test.num_rows);
  const std::string tree_case = "tree, " + rows, forest_case = fmt::format("forest of {} trees, {}", kPeerTrees, rows);
  compare_opencv<cv::ml::DTrees>(tree_case, training, test, tree, 1, options.rounds);
  compare_opencv<cv::ml::RTrees>(forest_case, training, test, forest, 2, options.rounds);
  compare_dlib(forest_case, training, test, forest, 2, options.rounds);
}

}  // namespace
}  // namespace perfmodel

int main(int argc, char** argv) {
  return perfmodel::peer_main(argc, argv, perfmodel::run);
}
