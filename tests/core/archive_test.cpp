#include "core/archive.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/crc32c.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr std::size_t kLengthBytes = 8;

ArchiveReader parse(const std::string& file) {
  return ArchiveReader::parse({reinterpret_cast<const std::byte*>(file.data()), file.size()}, "m.safetensors");
}

/// Tensors of all types, odd sizes, one without elements, one without dimensions.
ArchiveWriter sample() {
  ArchiveWriter writer;
  writer.set_metadata("kind", "sample");
  writer.set_metadata("info", R"({"quote":"\"crc32c\":\"00000000\""})");
  writer.add("a/bytes", {3}, std::vector<std::uint8_t>{1, 2, 255});
  writer.add("b/floats", {2, 3}, std::vector<float>{1, -2.5f, 3, 4, 5, 6e30f});
  writer.add("c/none", {0, 7}, std::vector<float>{});
  writer.add("d/one", {}, std::vector<double>{0.1});
  writer.add("e/integers", {1, 2, 1}, std::vector<std::int32_t>{-7, 2147483647});
  return writer;
}

TEST(Archive, ReadsWhatWasWritten) {
  const ArchiveReader archive = parse(sample().finish());
  EXPECT_EQ(archive.metadata("kind"), "sample");
  EXPECT_EQ(archive.metadata("info"), R"({"quote":"\"crc32c\":\"00000000\""})");
  EXPECT_EQ(archive.metadata("format"), "perfmodel-1");
  EXPECT_FALSE(archive.has_metadata("none"));
  EXPECT_EQ(archive.u8("a/bytes", {3})[2], 255);
  const Span<const float> floats = archive.f32("b/floats", {2, 3});
  EXPECT_EQ(std::vector<float>(floats.begin(), floats.end()), (std::vector<float>{1, -2.5f, 3, 4, 5, 6e30f}));
  EXPECT_TRUE(archive.f32("c/none", {0, 7}).empty());
  EXPECT_EQ(archive.f64("d/one", {})[0], 0.1);
  EXPECT_EQ(archive.i32("e/integers", {1, 2, 1})[0], -7);
  EXPECT_EQ(archive.shape("b/floats"), (std::vector<std::size_t>{2, 3}));
  EXPECT_TRUE(archive.has_tensor("a/bytes"));
  EXPECT_FALSE(archive.has_tensor("a"));
}

TEST(Archive, SaysWhatItHoldsWhereSomethingElseIsWanted) {
  EXPECT_EQ(parse(sample().finish()).content("kind"), "sample");
  EXPECT_PM_ERROR(parse(sample().finish()).content("model"), ErrorCode::kMismatch,
                  "m.safetensors: the file holds no 'model', but 'info', but 'kind'");
  EXPECT_PM_ERROR(parse(ArchiveWriter().finish()).content("model"), ErrorCode::kMismatch,
                  "m.safetensors: the file holds no 'model'");
}

TEST(Archive, KeepsSpecialValues) {
  ArchiveWriter writer;
  writer.add("x", {4}, std::vector<double>{std::nan(""), -0.0, std::numeric_limits<double>::infinity(), 5e-324});
  const std::string file = writer.finish();
  const ArchiveReader archive = parse(file);
  const Span<const double> x = archive.f64("x", {4});
  EXPECT_TRUE(std::isnan(x[0]));
  EXPECT_TRUE(std::signbit(x[1]));
  EXPECT_TRUE(std::isinf(x[2]));
  EXPECT_EQ(x[3], 5e-324);
}

TEST(Archive, AlignsItsViewsAndSharesThem) {
  Span<const float> floats;
  ArchiveReader copy = parse(sample().finish());
  {
    const ArchiveReader original = parse(sample().finish());
    copy = original;
    floats = original.f32("b/floats", {2, 3});
  }
  EXPECT_EQ(floats[1], -2.5f);
  EXPECT_EQ(copy.f32("b/floats", {2, 3}).data(), floats.data());
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(floats.data()) % sizeof(float), 0u);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(copy.f64("d/one", {}).data()) % sizeof(double), 0u);
}

TEST(Archive, HoldsNothingAtAll) {
  const ArchiveReader archive = parse(ArchiveWriter().finish());
  EXPECT_TRUE(archive.has_metadata("crc32c"));
}

// The rules of the safetensors format, checked by hand: a length, a JSON header that begins with '{' and is padded with
// blanks, and per tensor dtype, shape and data_offsets that follow one another from 0 to the end of the file.
TEST(Archive, FollowsTheSafetensorsFormat) {
  const std::string file = sample().finish();
  std::uint64_t header_bytes = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    header_bytes |= std::uint64_t{static_cast<unsigned char>(file[i])} << (8 * i);
  }
  const std::size_t section = kLengthBytes + header_bytes;
  EXPECT_EQ(section % 64, 0u);
  EXPECT_EQ(file[kLengthBytes], '{');
  const nlohmann::json header = nlohmann::json::parse(file.substr(kLengthBytes, header_bytes));
  for (const auto& [key, value] : header["__metadata__"].items()) EXPECT_TRUE(value.is_string()) << key;

  std::map<std::size_t, std::size_t> end_by_begin;
  for (const auto& [name, tensor] : header.items()) {
    if (name == "__metadata__") continue;
    SCOPED_TRACE(name);
    const std::size_t begin = tensor["data_offsets"][0], end = tensor["data_offsets"][1];
    const std::size_t element_bytes = tensor["dtype"] == "F64" ? 8 : tensor["dtype"] == "U8" ? 1 : 4;
    std::size_t bytes = element_bytes;
    for (const std::size_t side : tensor["shape"]) bytes *= side;
    EXPECT_EQ(end - begin, bytes);
    EXPECT_EQ((section + begin) % element_bytes, 0u);
    if (bytes == 0) continue;
    EXPECT_TRUE(end_by_begin.emplace(begin, end).second);
  }
  std::size_t offset = 0;
  for (const auto& [begin, end] : end_by_begin) {
    EXPECT_EQ(begin, offset);
    offset = end;
  }
  EXPECT_EQ(section + offset, file.size());

  const std::size_t floats = section + header["b/floats"]["data_offsets"][0].get<std::size_t>();
  float second = 0;
  std::memcpy(&second, file.data() + floats + sizeof second, sizeof second);
  EXPECT_EQ(second, -2.5f);
}

TEST(Archive, ChecksumCoversTheWholeFile) {
  std::string file = sample().finish();
  const std::string mark = "\"crc32c\":\"";
  const std::size_t digits = file.find(mark) + mark.size();
  const std::string written = file.substr(digits, 8);
  file.replace(digits, 8, "00000000");
  EXPECT_EQ(std::stoul(written, nullptr, 16), crc32c(file.data(), file.size()));
}

TEST(Archive, SameContentsMakeTheSameBytes) {
  EXPECT_EQ(sample().finish(), sample().finish());
}

TEST(Archive, SaysWhatIsMissingOrOfAnotherShape) {
  const ArchiveReader archive = parse(sample().finish());
  EXPECT_PM_ERROR(archive.metadata("none"), ErrorCode::kCorrupt, "m.safetensors: metadata 'none' is missing");
  EXPECT_PM_ERROR(archive.shape("none"), ErrorCode::kCorrupt, "m.safetensors: tensor 'none' is missing");
  EXPECT_PM_ERROR(archive.f32("none", {1}), ErrorCode::kCorrupt, "m.safetensors: tensor 'none' is missing");
  EXPECT_PM_ERROR(archive.f64("b/floats", {2, 3}), ErrorCode::kCorrupt, "'b/floats' is F32 [2, 3], not F64 [2, 3]");
  EXPECT_PM_ERROR(archive.f32("b/floats", {3, 2}), ErrorCode::kCorrupt, "'b/floats' is F32 [2, 3], not F32 [3, 2]");
  EXPECT_PM_ERROR(archive.f32("b/floats", {6}), ErrorCode::kCorrupt, "not F32 [6]");
}

TEST(ArchiveWriter, RefusesWhatMakesNoFile) {
  ArchiveWriter writer = sample();
  const std::vector<float> two{1, 2};
  EXPECT_PM_ERROR(writer.add("d/one", {2}, two), ErrorCode::kInvalidArgument, "tensor name 'd/one' is taken");
  EXPECT_PM_ERROR(writer.add("__metadata__", {2}, two), ErrorCode::kInvalidArgument, "'__metadata__' is taken");
  EXPECT_PM_ERROR(writer.add("x", {3}, two), ErrorCode::kInvalidArgument,
                  "tensor 'x' has 2 elements, which do not make shape [3]");
  EXPECT_PM_ERROR(writer.add("x", {std::size_t{1} << 63, 2, 2}, two), ErrorCode::kInvalidArgument, "do not make shape");
  EXPECT_PM_ERROR(writer.add("x", std::vector<std::size_t>(9, 1), Span<const float>(two.data(), 1)),
                  ErrorCode::kInvalidArgument, "do not make shape");
  EXPECT_PM_ERROR(writer.set_metadata("crc32c", "0"), ErrorCode::kInvalidArgument, "'crc32c' is set by the writer");
  EXPECT_PM_ERROR(writer.set_metadata("format", "0"), ErrorCode::kInvalidArgument, "'format' is set by the writer");
  writer.set_metadata("kind", "\xFF");
  EXPECT_PM_ERROR(writer.finish(), ErrorCode::kInvalidArgument, "not UTF-8");
}

}  // namespace
}  // namespace perfmodel
