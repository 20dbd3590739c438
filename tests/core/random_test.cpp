#include "perfmodel/core/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace perfmodel {
namespace {

// From an independent implementation in Python of xoshiro256** seeded by four outputs of splitmix64:
//   def splitmix(s): s = s + 0x9E3779B97F4A7C15 & M; z = (s ^ s >> 30) * 0xBF58476D1CE4E5B9 & M
//                    z = (z ^ z >> 27) * 0x94D049BB133111EB & M; return s, z ^ z >> 31
//   def next(s): r = rotl(s[1] * 5 & M, 7) * 9 & M; t = s[1] << 17 & M; s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]
//                s[0] ^= s[3]; s[2] ^= t; s[3] = rotl(s[3], 45); return r
TEST(Random, GivesTheReferenceBits) {
  const struct {
    std::uint64_t seed;
    std::array<std::uint64_t, 4> bits;
  } kReferences[] = {
      {0, {0x99ec5f36cb75f2b4, 0xbf6e1f784956452a, 0x1a5f849d4933e6e0, 0x6aa594f1262d2d2c}},
      {42, {0x15780b2e0c2ec716, 0x6104d9866d113a7e, 0xae17533239e499a1, 0xecb8ad4703b360a1}},
      {~std::uint64_t{0}, {0x8f5520d52a7ead08, 0xc476a018caa1802d, 0x81de31c0d260469e, 0xbf658d7e065f3c2f}},
  };
  for (const auto& reference : kReferences) {
    Random random(reference.seed);
    for (const std::uint64_t expected : reference.bits) EXPECT_EQ(random.bits(), expected) << reference.seed;
  }
}

TEST(Random, UniformIsTheTop53Bits) {
  EXPECT_EQ(Random(0).uniform(), static_cast<double>(0x99ec5f36cb75f2b4 >> 11) / 9007199254740992.0);
}

TEST(Random, CopiesAndSeedsRepeat) {
  Random a(7);
  for (int i = 0; i < 5; ++i) a.normal();
  Random b = a;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(a.normal(), b.normal());
}

TEST(Random, ForksDifferAndDoNotAdvance) {
  Random parent(7);
  const std::uint64_t first = parent.fork(0).bits(), again = parent.fork(0).bits(), second = parent.fork(1).bits();
  EXPECT_EQ(first, again);
  EXPECT_NE(first, second);
  EXPECT_NE(first, Random(8).fork(0).bits());
  EXPECT_EQ(parent.bits(), Random(7).bits());
}

TEST(Random, RealsStayInTheirRange) {
  Random random(1);
  for (int i = 0; i < 10000; ++i) {
    const double x = random.uniform(-2, 3);
    EXPECT_TRUE(x >= -2 && x < 3) << x;
    const double y = random.log_uniform(1e-3, 1e9);
    EXPECT_TRUE(y >= 1e-3 && y < 1e9) << y;
  }
  const double next = std::nextafter(1.0, 2.0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.uniform(1.0, next), 1.0);
}

TEST(Random, LogUniformGivesEachDecadeItsShare) {
  Random random(2);
  int below = 0;
  for (int i = 0; i < 20000; ++i) below += random.log_uniform(1, 1e4) < 10 ? 1 : 0;
  EXPECT_NEAR(below / 20000.0, 0.25, 0.0125);  // four standard deviations
}

TEST(Random, IntegersAreUnbiasedAndReachBothEnds) {
  Random random(3);
  constexpr int kSides = 6, kThrows = 60000;
  std::array<int, kSides> counts{};
  for (int i = 0; i < kThrows; ++i) {
    const std::int64_t side = random.integer(-2, 3);
    ASSERT_TRUE(side >= -2 && side <= 3);
    ++counts[static_cast<std::size_t>(side + 2)];
  }
  double chi_square = 0;
  for (const int count : counts) chi_square += std::pow(count - kThrows / kSides, 2) / (kThrows / kSides);
  EXPECT_LT(chi_square, 20.5);  // the 0.999 quantile of 5 degrees of freedom
}

// Of 2^64 numbers taken modulo 3 * 2^62, the lower third would come up twice as often: 1/2 of the draws, not 1/3.
TEST(Random, HugeRangesAreUnbiasedToo) {
  Random random(4);
  const std::int64_t third = std::int64_t{1} << 62;
  int low = 0;
  for (int i = 0; i < 30000; ++i) low += random.integer(-third, 2 * (third - 1) + 1) < 0 ? 1 : 0;
  EXPECT_NEAR(low / 30000.0, 1.0 / 3, 0.011);  // four standard deviations
}

TEST(Random, IntegerTakesOneValueAndTheWholeRange) {
  Random random(5);
  EXPECT_EQ(random.integer(9, 9), 9);
  bool negative = false, positive = false;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t x =
        random.integer(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
    (x < 0 ? negative : positive) = true;
  }
  EXPECT_TRUE(negative && positive);
}

TEST(Random, LogIntegersReachBothEndsAndFavourTheSmall) {
  Random random(6);
  std::array<int, 8> counts{};
  for (int i = 0; i < 30000; ++i) {
    const std::int64_t x = random.log_integer(1, 7);
    ASSERT_TRUE(x >= 1 && x <= 7) << x;
    ++counts[static_cast<std::size_t>(x)];
  }
  // P(x) = log((x + 1) / x) / log 8: 1/3 for 1 and 0.0642 for 7; bounds are four standard deviations.
  EXPECT_NEAR(counts[1] / 30000.0, 1.0 / 3, 0.011);
  EXPECT_NEAR(counts[7] / 30000.0, 0.0642, 0.0057);
  EXPECT_EQ(random.log_integer(5, 5), 5);
}

TEST(Random, NormalHasItsMoments) {
  Random random(7);
  constexpr int kDraws = 40000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.02);        // four standard errors
  EXPECT_NEAR(squares / kDraws, 1, 0.0283);  // four standard errors
}

TEST(Random, ShuffleIsAPermutationAndMovesEachItemAnywhere) {
  std::vector<int> items(5);
  std::iota(items.begin(), items.end(), 0);
  Random random(8);
  std::array<int, 5> first{};
  for (int i = 0; i < 5000; ++i) {
    random.shuffle(Span<int>(items));
    ++first[static_cast<std::size_t>(items[0])];
  }
  for (const int count : first) EXPECT_NEAR(count, 1000, 114);  // four standard deviations
  std::sort(items.begin(), items.end());
  EXPECT_EQ(items, (std::vector<int>{0, 1, 2, 3, 4}));
  random.shuffle(Span<int>());
}

}  // namespace
}  // namespace perfmodel
