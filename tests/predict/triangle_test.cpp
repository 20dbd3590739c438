#include "predict/triangle.h"

#include <gtest/gtest.h>

namespace perfmodel {
namespace {

TEST(Triangle, IsPackedColumnByColumn) {
  const std::vector<double> square = {1, 0, 0, 2, 3, 0, 4, 5, 6};
  const std::vector<double> packed = pack_lower(square, 3);
  EXPECT_EQ(packed, (std::vector<double>{1, 2, 4, 3, 5, 6}));
  EXPECT_EQ(unpack_lower(packed, 3), square);
  EXPECT_TRUE(pack_lower({}, 0).empty());
  EXPECT_TRUE(unpack_lower({}, 0).empty());
}

TEST(Triangle, IsSolvedForEveryColumn) {
  const std::vector<double> packed =
      pack_lower({2, 9, 9, 1, 4, 9, 3, 0, 0.5}, 3);  // what is above the diagonal does not count
  // By hand: L (1, 2, 3)' = (2, 9, 4.5)' and L (-1, 0, 2)' = (-2, -1, -2)'.
  std::vector<double> lines = {2, -2, 9, -1, 4.5, -2};
  solve_lower(packed, 3, lines.data(), 2);
  EXPECT_EQ(lines, (std::vector<double>{1, -1, 2, 0, 3, 2}));
  std::vector<double> line = {2, 9, 4.5};
  solve_lower(packed, 3, line.data(), 1);
  EXPECT_EQ(line, (std::vector<double>{1, 2, 3}));
}

}  // namespace
}  // namespace perfmodel
