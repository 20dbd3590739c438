#include "transfer/residual_features.h"

#include <gtest/gtest.h>

#include <cmath>

#include "boards.h"

namespace perfmodel {
namespace {

/// Neighbours in the list of labels are far apart in time.
double time_of_label_ms(std::size_t label) {
  return label % 2 == 0 ? 10 : 1000;
}

TEST(ResidualFeatures, HaveAnEffectOfTheirOwnForEachOfManyLabels) {
  constexpr std::size_t kLabels = 150;
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < kLabels; ++i) labels.push_back("kernel" + std::to_string(i));
  const ConfigSpace space({Option::categorical("kernel", labels)});
  Dataset source({"kernel"}, "time_ms");
  for (std::size_t i = 0; i < kLabels; ++i) source.add_row(std::vector<double>{1.0 * i}, time_of_label_ms(i));
  const Boards boards{{space, space, source, {}}, {}};
  const ResidualFeatures features(space, source_model(boards), source.features(), 1, 10000, Random(1));

  ASSERT_EQ(features.num_options(), static_cast<Eigen::Index>(kLabels));
  EXPECT_EQ(features.option_names()[7], "kernel=kernel7");
  ASSERT_EQ(features.num_effects(), 1);
  const Eigen::MatrixXd of_labels = features.of(source.features());
  constexpr double kFloatLeaves = 1e-6;  // a tree's leaves are float32
  for (std::size_t i = 0; i < kLabels; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    EXPECT_NEAR(of_labels(row, features.num_options()) - of_labels(0, features.num_options()),
                std::log(time_of_label_ms(i) / time_of_label_ms(0)), kFloatLeaves);
    EXPECT_GT(of_labels(row, row), 1) << "its own indicator";
    EXPECT_LT(of_labels(row, row == 0 ? 1 : 0), 0) << "another's";
  }
}

}  // namespace
}  // namespace perfmodel
