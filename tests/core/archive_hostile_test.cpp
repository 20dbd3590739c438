#include <fmt/format.h>

#include <cstring>

#include "core/archive.h"
#include "core/crc32c.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

ArchiveReader parse(const std::string& file) {
  return ArchiveReader::parse({reinterpret_cast<const std::byte*>(file.data()), file.size()}, "m.safetensors");
}

std::string sample_file() {
  ArchiveWriter writer;
  writer.set_metadata("kind", "sample");
  writer.add("w", {2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
  writer.add("b", {3}, std::vector<double>{7, 8, 9});
  return writer.finish();
}

std::string with_length(const std::string& header, const std::string& tensors) {
  const std::uint64_t header_bytes = header.size();
  return std::string(reinterpret_cast<const char*>(&header_bytes), sizeof header_bytes) + header + tensors;
}

/// A file around these tensor entries and bytes whose checksum is right, whatever else is wrong with it.
std::string sealed(const std::string& entries, const std::string& tensors, const std::string& format = "perfmodel-1") {
  const std::string metadata = fmt::format(R"("__metadata__":{{"crc32c":"00000000","format":"{}"}})", format);
  std::string file = with_length("{" + metadata + (entries.empty() ? "" : ",") + entries + "}", tensors);
  const std::string digits = fmt::format("{:08x}", crc32c(file.data(), file.size()));
  return file.replace(file.find("00000000"), digits.size(), digits);
}

TEST(HostileArchive, TheTestsOwnFilesAreRight) {
  const std::string file = sealed(R"("x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})", std::string(4, '\0'));
  EXPECT_EQ(parse(file).f32("x", {1})[0], 0);
}

TEST(HostileArchive, ATruncatedFileIsCorruptAtEveryByte) {
  const std::string file = sample_file();
  for (std::size_t size = 0; size < file.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_PM_ERROR(parse(file.substr(0, size)), ErrorCode::kCorrupt, "m.safetensors: ");
  }
  EXPECT_PM_ERROR(parse(file.substr(0, file.size() - 1)), ErrorCode::kCorrupt, "truncated");
  EXPECT_PM_ERROR(parse(file + '\0'), ErrorCode::kCorrupt, "too long");
}

TEST(HostileArchive, EveryFlippedBitIsAnError) {
  std::string file = sample_file();
  for (std::size_t i = 0; i < file.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      file[i] = static_cast<char>(file[i] ^ (1 << bit));
      try {
        parse(file);
        ADD_FAILURE() << "byte " << i << ", bit " << bit;
      } catch (const Error& error) {
        EXPECT_TRUE(error.code() == ErrorCode::kCorrupt || error.code() == ErrorCode::kVersion) << error.what();
      }
      file[i] = static_cast<char>(file[i] ^ (1 << bit));
    }
  }
}

TEST(HostileArchive, NamesBothChecksums) {
  std::string file = sample_file();
  const std::string mark = "\"crc32c\":\"";
  const std::string written = file.substr(file.find(mark) + mark.size(), 8);
  file.back() = static_cast<char>(file.back() ^ 1);
  EXPECT_PM_ERROR(parse(file), ErrorCode::kCorrupt, "damaged: its checksum is ");
  EXPECT_PM_ERROR(parse(file), ErrorCode::kCorrupt, written + " was written");
}

TEST(HostileArchive, SwappedTensorsAreNoticed) {
  std::string file = sample_file();
  const auto swap_text = [&file](const std::string& a, const std::string& b) {
    const std::size_t at_a = file.find(a), at_b = file.find(b);
    file.replace(at_a, a.size(), b);
    file.replace(at_b, b.size(), a);
  };
  swap_text("\"w\":{", "\"b\":{");
  EXPECT_PM_ERROR(parse(file), ErrorCode::kCorrupt, "damaged");
}

TEST(HostileArchive, AnUnknownVersionIsNamed) {
  EXPECT_PM_ERROR(parse(sealed("", "", "perfmodel-2")), ErrorCode::kVersion,
                  "m.safetensors: format 'perfmodel-2' is unknown to this version of perfmodel (known: perfmodel-1)");
  EXPECT_PM_ERROR(parse(sealed("", "", "perfmodel-1x")), ErrorCode::kVersion, "'perfmodel-1x' is unknown");
  EXPECT_PM_ERROR(parse(sealed("", "", "pt")), ErrorCode::kCorrupt, "not a model file of perfmodel");
}

struct BadFile {
  const char* name;
  std::string file;
  const char* says;
};

std::string entry(const char* type, const char* shape, const char* offsets) {
  return fmt::format(R"("x":{{"dtype":"{}","shape":{},"data_offsets":{}}})", type, shape, offsets);
}

TEST(HostileArchive, RefusesBadHeaders) {
  const std::string four(4, '\0'), eight(8, '\0');
  const BadFile kBadFiles[] = {
      {"empty", "", "not a model file: 0 bytes are too few"},
      {"text", "a text that is no model file", "not a model file: it does not begin"},
      {"length 2^64 - 1", std::string(8, '\xFF') + "{}", "not a model file: it does not begin"},
      {"length past the end", std::string("\x10\0\0\0\0\0\0\0{}", 10),
       "truncated: a header of 16 bytes in a file of 10"},
      {"no header", std::string(16, '\0'), "the header is not a JSON object"},
      {"an array", with_length("[]", ""), "the header is not a JSON object"},
      {"not JSON", with_length("{\"a\" 1}", ""), "m.safetensors: damaged: 1:6: "},
      {"no metadata", with_length("{}", ""), "key '__metadata__' is missing"},
      {"metadata of another type", with_length(R"({"__metadata__":[]})", ""), "'__metadata__' is array, not an object"},
      {"metadata with a number", with_length(R"({"__metadata__":{"format":1}})", ""), "'format' is not a string"},
      {"no format", with_length(R"({"__metadata__":{}})", ""), "its metadata names no such format"},
      {"no checksum", with_length(R"({"__metadata__":{"format":"perfmodel-1"}})", ""), "no checksum where one belongs"},
      {"checksum of another length", with_length(R"({"__metadata__":{"crc32c":"0","format":"perfmodel-1"}})", ""),
       "no checksum where one belongs"},
      {"deep nesting", with_length("{\"a\":" + std::string(1000000, '['), ""), "nested deeper than 64 levels"},
      {"name twice", sealed(entry("U8", "[4]", "[0,4]") + "," + entry("U8", "[4]", "[4,8]"), eight),
       "key 'x' appears twice"},
      {"not an object", sealed("\"x\":1", ""), "tensor 'x': number where an object belongs"},
      {"unknown key", sealed(R"("x":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"more":1})", four),
       "tensor 'x': unknown key 'more' (allowed: dtype, shape, data_offsets)"},
      {"missing key", sealed(R"("x":{"dtype":"U8","shape":[4]})", four), "tensor 'x': key 'data_offsets' is missing"},
      {"unknown type", sealed(entry("BF16", "[2]", "[0,4]"), four),
       "tensor 'x': unknown element type 'BF16' (known: F32, F64, I32, U8)"},
      {"negative side", sealed(entry("U8", "[-4]", "[0,4]"), four), "tensor 'x': 'shape' holds -4"},
      {"fraction", sealed(entry("U8", "[4.0]", "[0,4]"), four), "tensor 'x': 'shape' holds 4.0"},
      {"side that is text", sealed(entry("U8", "[\"4\"]", "[0,4]"), four),
       "tensor 'x': 'shape' holds string, not sizes"},
      {"too many sides", sealed(entry("U8", "[1,1,1,1,1,1,1,1,4]", "[0,4]"), four),
       "'shape' holds more than 8 numbers"},
      {"shape that overflows", sealed(entry("U8", "[4294967296,4294967296,4]", "[0,4]"), four),
       "does not take 4 bytes"},
      {"bytes that overflow", sealed(entry("F32", "[4611686018427387905]", "[0,4]"), four), "does not take 4 bytes"},
      {"a huge tensor", sealed(entry("U8", "[1152921504606846976]", "[0,1152921504606846976]"), four), "truncated"},
      {"shape and size differ", sealed(entry("F32", "[2]", "[0,4]"), four), "shape [2] of F32 does not take 4 bytes"},
      {"offsets backwards", sealed(entry("U8", "[4]", "[4,0]"), four), "'data_offsets' is not a begin and an end"},
      {"one offset", sealed(entry("U8", "[4]", "[4]"), four), "'data_offsets' is not a begin and an end"},
      {"negative offset", sealed(entry("U8", "[4]", "[-4,0]"), four), "'data_offsets' holds -4"},
      {"offset past the end", sealed(entry("U8", "[4]", "[4,8]"), four), "begins at byte 4 of the tensors, not at 0"},
      {"tensors missing", sealed(entry("U8", "[8]", "[0,8]"), four), "4 bytes of tensors, the header tells of 8"},
      {"bytes left over", sealed(entry("U8", "[4]", "[0,4]"), eight), "8 bytes of tensors, the header tells of 4"},
      {"a gap", sealed(entry("U8", "[2]", "[0,2]") + R"(,"y":{"dtype":"U8","shape":[1],"data_offsets":[3,4]})", four),
       "tensor 'y' begins at byte 3 of the tensors, not at 2"},
      {"an overlap",
       sealed(entry("U8", "[3]", "[0,3]") + R"(,"y":{"dtype":"U8","shape":[2],"data_offsets":[2,4]})", four),
       "tensor 'y' begins at byte 2 of the tensors, not at 3"},
      {"the same bytes twice",
       sealed(entry("U8", "[4]", "[0,4]") + R"(,"y":{"dtype":"U8","shape":[4],"data_offsets":[0,4]})", four),
       "tensor 'y' begins at byte 0 of the tensors, not at 4"},
  };
  for (const BadFile& bad : kBadFiles) {
    SCOPED_TRACE(bad.name);
    EXPECT_PM_ERROR(parse(bad.file), ErrorCode::kCorrupt, bad.says);
  }
}

TEST(HostileArchive, BoundsTheNumberOfTensors) {
  std::string entries;
  for (std::size_t i = 0; i <= ArchiveReader::kMaxTensors; ++i) {
    entries += fmt::format(R"({}"{}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})", i == 0 ? "" : ",", i);
  }
  EXPECT_PM_ERROR(parse(sealed(entries, "")), ErrorCode::kCorrupt, "100001 tensors (at most 100000)");
}

TEST(HostileArchive, ReadsTensorsThatAreNotAligned) {
  const std::string file = sealed(
      entry("U8", "[1]", "[0,1]") + R"(,"y":{"dtype":"F64","shape":[1],"data_offsets":[1,9]})", std::string(9, '\0'));
  const ArchiveReader archive = parse(file);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(archive.f64("y", {1}).data()) % sizeof(double), 0u);
}

}  // namespace
}  // namespace perfmodel
