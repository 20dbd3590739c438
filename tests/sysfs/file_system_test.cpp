#include "sysfs/file_system.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

class RootedFiles : public ::testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) { std::ofstream(folder_.file(name)) << text; }

  TemporaryFolder folder_;
  std::shared_ptr<FileSystem> files_ = rooted_file_system(folder_.path().string() + "/");
};

TEST_F(RootedFiles, ReadsWithoutTheLineEnd) {
  put("level", "1300500000 \n");
  EXPECT_EQ(files_->read("/level"), "1300500000");
  put("empty", "\n");
  EXPECT_EQ(files_->read("/empty"), "");
  put("list", "1 2\n3\n");
  EXPECT_EQ(files_->read("/list"), "1 2\n3");
}

TEST_F(RootedFiles, WritesOverWhatWasThere) {
  put("level", "1300500000\n");
  files_->write("/level", "12");
  EXPECT_EQ(read_file(folder_.file("level")), "12");
}

TEST_F(RootedFiles, MakesNoFileByWriting) {
  EXPECT_PM_ERROR(files_->write("/nothing", "1"), ErrorCode::kNotFound, "cannot write '/nothing': No such file");
  EXPECT_FALSE(files_->exists("/nothing"));
  EXPECT_FALSE(files_->is_writable("/nothing"));
}

TEST_F(RootedFiles, TellsWhatCannotBeRead) {
  EXPECT_PM_ERROR(files_->read("/nothing"), ErrorCode::kNotFound, "cannot read '/nothing'");
  put("long", std::string(70000, 'x'));
  EXPECT_PM_ERROR(files_->read("/long"), ErrorCode::kCorrupt, "more than 65536 bytes");
}

TEST_F(RootedFiles, RefusesPathsThatLeaveTheRoot) {
  EXPECT_PM_ERROR(files_->read("/../x"), ErrorCode::kInvalidArgument, "without '..'");
  EXPECT_PM_ERROR(files_->write("x", "1"), ErrorCode::kInvalidArgument, "allowed are absolute ones");
}

TEST_F(RootedFiles, RefusesLinksThatLeaveTheRoot) {
  const TemporaryFolder elsewhere;
  std::ofstream(elsewhere.file("knob")) << "1";
  std::filesystem::create_symlink(elsewhere.path(), folder_.path() / "out");
  EXPECT_PM_ERROR(files_->read("/out/knob"), ErrorCode::kPermission, "it is a link that leaves the root");
  EXPECT_PM_ERROR(files_->write("/out/knob", "2"), ErrorCode::kPermission, "it is a link that leaves the root");
  EXPECT_EQ(read_file(elsewhere.file("knob")), "1");
}

TEST_F(RootedFiles, FollowsLinksWithinTheRoot) {
  put("knob", "1\n");
  std::filesystem::create_symlink(folder_.path() / "knob", folder_.path() / "link");
  EXPECT_EQ(files_->read("/link"), "1");
}

TEST_F(RootedFiles, AppendsToAFileInANewFolder) {
  files_->append_synced("/var/lib/state/journal", "one\n");
  files_->append_synced("/var/lib/state/journal", "two\n");
  EXPECT_EQ(read_file(folder_.file("var/lib/state/journal")), "one\ntwo\n");
  files_->remove_synced("/var/lib/state/journal");
  files_->remove_synced("/var/lib/state/journal");
  EXPECT_FALSE(files_->exists("/var/lib/state/journal"));
}

TEST_F(RootedFiles, AppendsInNoFolderThatIsAFile) {
  put("file", "1\n");
  EXPECT_PM_ERROR(files_->append_synced("/file/folder/journal", "one\n"), ErrorCode::kNotFound, "cannot make");
}

TEST_F(RootedFiles, ReadsAllOfALongFileAsItIs) {
  const std::string text = std::string(200000, 'x') + " \n";
  put("journal", text);
  EXPECT_EQ(files_->read_all("/journal"), text);
  EXPECT_PM_ERROR(files_->read_all("/nothing"), ErrorCode::kNotFound, "nothing");
}

TEST_F(RootedFiles, TellsWhatItMayNotWrite) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everything";
  put("locked", "1\n");
  ::chmod(folder_.file("locked").c_str(), 0444);
  EXPECT_FALSE(files_->is_writable("/locked"));
  EXPECT_PM_ERROR(files_->write("/locked", "2"), ErrorCode::kPermission, "cannot write '/locked'");
}

TEST(FileSystemRoot, IsNotEmpty) {
  EXPECT_PM_ERROR(rooted_file_system(""), ErrorCode::kInvalidArgument, "the root of the file system is empty");
}

TEST(FileSystemRoot, MayBeTheMachines) {
  EXPECT_TRUE(rooted_file_system("/")->exists("/proc/self"));
}

}  // namespace
}  // namespace perfmodel
