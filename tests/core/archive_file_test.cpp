#include <filesystem>

#include "core/archive.h"
#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

const std::string kStoredFile = std::string(PERFMODEL_TEST_DATA) + "/model_v1/archive.safetensors";

ArchiveWriter stored_archive() {
  ArchiveWriter writer;
  writer.set_metadata("kind", "example");
  writer.set_metadata("info", R"({"target":"time_ms"})");
  writer.add("flags", {3}, std::vector<std::uint8_t>{0, 1, 255});
  writer.add("nested/weights", {2, 2}, std::vector<float>{0.5f, -1, 2, 1e-3f});
  writer.add("nodes", {2}, std::vector<std::int32_t>{-1, 7});
  writer.add("scale", {1}, std::vector<double>{0.1});
  return writer;
}

// The file was written by make_archive.py beside it, an implementation of its own in Python.
TEST(ArchiveFile, Version1StillLoads) {
  const ArchiveReader archive = ArchiveReader::read(kStoredFile);
  EXPECT_EQ(archive.metadata("kind"), "example");
  EXPECT_EQ(archive.metadata("info"), R"({"target":"time_ms"})");
  EXPECT_EQ(archive.u8("flags", {3})[2], 255);
  EXPECT_EQ(archive.f32("nested/weights", {2, 2})[3], 1e-3f);
  EXPECT_EQ(archive.i32("nodes", {2})[0], -1);
  EXPECT_EQ(archive.f64("scale", {1})[0], 0.1);
}

TEST(ArchiveFile, Version1IsStillWrittenAlike) {
  EXPECT_EQ(stored_archive().finish(), read_file(kStoredFile));
}

TEST(ArchiveFile, MessagesNameTheFile) {
  const std::string path = temporary_path("archive.safetensors");
  EXPECT_PM_ERROR(ArchiveReader::read(path), ErrorCode::kNotFound, "cannot read '" + path + "'");
  const std::string file = stored_archive().finish();
  write_file_atomically(path, file.substr(0, file.size() - 1));
  EXPECT_PM_ERROR(ArchiveReader::read(path), ErrorCode::kCorrupt, path + ": truncated");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace perfmodel
