#include "core/crc32c.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "perfmodel/core/random.h"

namespace perfmodel {
namespace {

TEST(Crc32c, GivesTheCheckValue) {
  EXPECT_EQ(crc32c("123456789", 9), 0xE3069283u);
}

// The examples of RFC 3720, appendix B.4.
TEST(Crc32c, GivesTheValuesOfTheRfc) {
  std::array<unsigned char, 32> bytes;
  bytes.fill(0x00);
  EXPECT_EQ(crc32c(bytes.data(), bytes.size()), 0x8A9136AAu);
  bytes.fill(0xFF);
  EXPECT_EQ(crc32c(bytes.data(), bytes.size()), 0x62A8AB43u);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(i);
  EXPECT_EQ(crc32c(bytes.data(), bytes.size()), 0x46DD794Eu);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(31 - i);
  EXPECT_EQ(crc32c(bytes.data(), bytes.size()), 0x113FDB5Cu);
}

TEST(Crc32c, OfNothingIsZero) {
  EXPECT_EQ(crc32c(nullptr, 0), 0u);
}

TEST(Crc32c, GoesOnFromAnyPlace) {
  const std::string text = "The quick brown fox jumps over the lazy dog";
  const std::uint32_t whole = crc32c(text.data(), text.size());
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const std::uint32_t first = crc32c(text.data(), cut);
    EXPECT_EQ(crc32c(text.data() + cut, text.size() - cut, first), whole) << cut;
  }
}

// Long inputs are summed up in several streams, short ones are not.
TEST(Crc32c, OfLongBytesIsThatOfTheirPieces) {
  Random random(1);
  std::string bytes(300007, ' ');
  for (char& byte : bytes) byte = static_cast<char>(random.integer(-128, 127));
  for (const std::size_t size : {std::size_t{65535}, std::size_t{65536}, std::size_t{65543}, std::size_t{300000}}) {
    for (const std::size_t first : {std::size_t{0}, std::size_t{7}}) {
      std::uint32_t expected = 12345;
      for (std::size_t i = 0; i < size; ++i) expected = crc32c(&bytes[first + i], 1, expected);
      EXPECT_EQ(crc32c(&bytes[first], size, 12345), expected) << size;
    }
  }
}

}  // namespace
}  // namespace perfmodel
