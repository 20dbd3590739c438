#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "expect_error.h"
#include "measure/campaign_fixture.h"

namespace perfmodel {
namespace {

class CampaignStoreBadInputTest : public ::testing::Test {
 protected:
  void make_campaign(std::uint64_t num_rows = 1) {
    CampaignStore store = CampaignStore::open(path_, small_schema());
    for (std::uint64_t i = 0; i < num_rows; ++i) store.append(small_row(i));
  }
  void write_bytes(const std::string& bytes) {
    std::FILE* file = std::fopen(path_.c_str(), "wb");
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
  }
  std::string read_bytes() {
    std::string bytes(std::filesystem::file_size(path_), '\0');
    std::FILE* file = std::fopen(path_.c_str(), "rb");
    EXPECT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
    std::fclose(file);
    return bytes;
  }
  TemporaryFolder folder_;
  const std::string path_ = folder_.file("campaign.sqlite");
};

TEST_F(CampaignStoreBadInputTest, RefusesBadSchemas) {
  struct Bad {
    const char* name;
    std::function<void(CampaignSchema&)> spoil;
    const char* says;
  };
  const Bad bads[] = {
      {"no purpose", [](CampaignSchema& s) { s.purpose = ""; }, "no purpose"},
      {"no outputs", [](CampaignSchema& s) { s.output_columns = {}; }, "no output column"},
      {"empty name", [](CampaignSchema& s) { s.input_columns[0] = ""; }, "input column needs a name"},
      {"twice", [](CampaignSchema& s) { s.output_columns[0] = "batch"; }, "output column 'batch' is reserved or there"},
      {"case", [](CampaignSchema& s) { s.output_columns[0] = "BATCH"; }, "'BATCH'"},
      {"reserved", [](CampaignSchema& s) { s.input_columns[0] = "candidate"; }, "input column 'candidate' is reserved"},
      {"in export", [](CampaignSchema& s) { s.identity["status"] = "x"; }, "identity 'status' is reserved"},
      {"too many", [](CampaignSchema& s) { s.input_columns.resize(2000, "x"); }, "at most 1000"},
  };
  for (const Bad& bad : bads) {
    SCOPED_TRACE(bad.name);
    CampaignSchema schema = small_schema();
    bad.spoil(schema);
    EXPECT_PM_ERROR(CampaignStore::open(path_, schema), ErrorCode::kInvalidArgument, bad.says);
    EXPECT_FALSE(std::filesystem::exists(path_));
  }
}

TEST_F(CampaignStoreBadInputTest, RefusesAnotherCampaignAndNamesTheDifference) {
  make_campaign();
  struct Other {
    const char* name;
    std::function<void(CampaignSchema&)> change;
    const char* says;
  };
  const Other others[] = {
      {"purpose", [](CampaignSchema& s) { s.purpose = "networks"; }, "purpose is 'layers' there and 'networks' here"},
      {"input", [](CampaignSchema& s) { s.input_columns[1] = "stride"; },
       "input column 2 is 'kernel size' there and 'stride' here"},
      {"fewer", [](CampaignSchema& s) { s.output_columns.pop_back(); },
       "output column 2 is 'spread_ms' there and missing here"},
      {"more", [](CampaignSchema& s) { s.output_columns.push_back("watts"); },
       "output column 3 is missing there and 'watts' here"},
      {"value", [](CampaignSchema& s) { s.identity["seed"] = "2"; }, "identity 'seed' is '1' there and '2' here"},
      {"gone", [](CampaignSchema& s) { s.identity.erase("seed"); }, "identity 'seed' is '1' there and missing here"},
      {"new", [](CampaignSchema& s) { s.identity["range"] = "paper"; },
       "identity 'range' is missing there and 'paper' here"},
  };
  for (const Other& other : others) {
    SCOPED_TRACE(other.name);
    CampaignSchema schema = small_schema();
    other.change(schema);
    EXPECT_PM_ERROR(CampaignStore::open(path_, schema), ErrorCode::kMismatch, other.says);
    EXPECT_PM_ERROR(CampaignStore::open(path_, schema), ErrorCode::kMismatch, path_);
  }
  EXPECT_EQ(CampaignStore::open(path_, small_schema()).rows().size(), 1u);
}

TEST_F(CampaignStoreBadInputTest, RefusesGarbageAndLeavesItAlone) {
  for (const std::string& bytes : {std::string("hello"), std::string(5000, 'x'), std::string(4096, '\0') + "x"}) {
    SCOPED_TRACE(bytes.size());
    write_bytes(bytes);
    EXPECT_PM_ERROR(CampaignStore::open(path_, small_schema()), ErrorCode::kCorrupt, "' is not a campaign file: ");
    EXPECT_PM_ERROR(CampaignStore::open_existing(path_), ErrorCode::kCorrupt, "' is not a campaign file: ");
    EXPECT_EQ(read_bytes(), bytes);
  }
}

TEST_F(CampaignStoreBadInputTest, RefusesTheDatabaseOfAnotherProgram) {
  constexpr std::size_t kWriteVersionByte = 18;  // of SQLite's file header: 1 roll-back journal, 2 write-ahead log
  for (const auto& [mode, write_version] : {std::pair("DELETE", '\1'), std::pair("WAL", '\2')}) {
    SCOPED_TRACE(mode);
    std::filesystem::remove(path_);
    ASSERT_EQ(run_sql(path_, std::string("PRAGMA journal_mode = ") + mode + "; CREATE TABLE bookmark (url TEXT)"),
              SQLITE_OK);
    const std::string before = read_bytes();
    ASSERT_EQ(before[kWriteVersionByte], write_version);
    EXPECT_PM_ERROR(CampaignStore::open(path_, small_schema()), ErrorCode::kCorrupt, "a database of another program");
    EXPECT_PM_ERROR(CampaignStore::open_existing(path_), ErrorCode::kCorrupt, "a database of another program");
    EXPECT_EQ(read_bytes(), before);
  }
}

TEST_F(CampaignStoreBadInputTest, RefusesANewerFormat) {
  make_campaign();
  ASSERT_EQ(run_sql(path_, "PRAGMA user_version = 2"), SQLITE_OK);
  EXPECT_PM_ERROR(CampaignStore::open(path_, small_schema()), ErrorCode::kVersion,
                  "has campaign format 2, this build reads up to format 1");
  EXPECT_PM_ERROR(CampaignStore::open_existing(path_), ErrorCode::kVersion, "format 2");
}

TEST_F(CampaignStoreBadInputTest, RefusesDamagedDescriptions) {
  const char* damages[] = {
      "PRAGMA user_version = 0",
      "DROP TABLE measurement",
      "DROP TABLE campaign",
      "ALTER TABLE measurement DROP COLUMN exe_ms",
      "DELETE FROM campaign WHERE role = 'input'",
  };
  for (const char* damage : damages) {
    SCOPED_TRACE(damage);
    std::filesystem::remove(path_);
    make_campaign();
    ASSERT_EQ(run_sql(path_, damage), SQLITE_OK);
    EXPECT_PM_ERROR(CampaignStore::open(path_, small_schema()), ErrorCode::kCorrupt, "is not a campaign file");
  }
}

TEST_F(CampaignStoreBadInputTest, RefusesCellsThatAreNoNumbers) {
  struct Cell {
    const char* change;
    const char* says;
  };
  const Cell cells[] = {
      {"exe_ms = 'fast'", "column 'exe_ms' of the row of sequence 2 is not a number"},
      {"\"kernel size\" = x'03'", "column 'kernel size' of the row of sequence 2 is not a number"},
      {"duration_s = ''", "column 'duration_s' of the row of sequence 2 is not a number"},
      {"candidate = 'seven'", "column 'candidate' of the row of sequence 2 is not an integer"},
      {"attempt = 0.5", "column 'attempt' of the row of sequence 2 is not an integer"},
  };
  for (const Cell& cell : cells) {
    SCOPED_TRACE(cell.change);
    std::filesystem::remove(path_);
    make_campaign(3);
    const std::string sql = std::string("UPDATE measurement SET ") + cell.change + " WHERE sequence = 2";
    ASSERT_EQ(run_sql(path_, sql), SQLITE_OK);
    EXPECT_PM_ERROR(CampaignStore::open_existing(path_).rows(), ErrorCode::kCorrupt, cell.says);
    EXPECT_PM_ERROR(CampaignStore::open_existing(path_).to_csv_table(), ErrorCode::kCorrupt, path_);
  }
}

TEST_F(CampaignStoreBadInputTest, SaysInOneLineThatAFileIsDamaged) {
  make_campaign(50);
  std::string bytes = read_bytes();
  constexpr std::size_t kPage_bytes = 4096;
  ASSERT_GT(bytes.size(), 3 * kPage_bytes);
  bytes.replace(3 * kPage_bytes, 64, std::string(64, '\xA5'));  // a page of rows or of their index
  write_bytes(bytes);
  try {
    CampaignStore::open_existing(path_);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
  }
}

TEST_F(CampaignStoreBadInputTest, SurvivesTruncationAtAnyPage) {
  make_campaign(50);
  const std::string whole = read_bytes();
  for (std::size_t size = 512; size < whole.size(); size += 1024) {
    SCOPED_TRACE(size);
    write_bytes(whole.substr(0, size));
    EXPECT_PM_ERROR(CampaignStore::open_existing(path_), ErrorCode::kCorrupt, "campaign.sqlite");
    EXPECT_PM_ERROR(CampaignStore::open(path_, small_schema()), ErrorCode::kCorrupt, "campaign.sqlite");
  }
}

TEST_F(CampaignStoreBadInputTest, RefusesASecondWriter) {
  CampaignStore store = CampaignStore::open(path_, small_schema());
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // The child holds a copy of the parent's lock, but opens the file anew.
    try {
      CampaignStore::open(path_, small_schema());
    } catch (const Error& error) {
      const std::string message = error.what();
      const bool named =
          message.find(path_) != std::string::npos && message.find(std::to_string(::getppid())) != std::string::npos;
      ::_exit(error.code() == ErrorCode::kBusy && named ? 0 : 1);
    }
    ::_exit(2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_PM_ERROR(CampaignStore::open(path_, small_schema()), ErrorCode::kBusy, "is being written by process");
  store.append(small_row(0));
  EXPECT_EQ(CampaignStore::open_existing(path_).rows().size(), 1u);
}

TEST_F(CampaignStoreBadInputTest, SaysThatAnotherProgramHasLockedTheFile) {
  make_campaign();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_PM_ERROR(CampaignStore::open(path_, small_schema()), ErrorCode::kBusy, path_);
  sqlite3_close(other);
  EXPECT_EQ(CampaignStore::open(path_, small_schema()).rows().size(), 1u);
}

TEST_F(CampaignStoreBadInputTest, LocksTheFileThatALinkLeadsTo) {
  const CampaignStore store = CampaignStore::open(path_, small_schema());
  const std::string link = folder_.file("link.sqlite");
  std::filesystem::create_symlink(path_, link);
  EXPECT_PM_ERROR(CampaignStore::open(link, small_schema()), ErrorCode::kBusy, path_);
}

TEST_F(CampaignStoreBadInputTest, OpensAgainAfterItsWriterIsGone) {
  { const CampaignStore store = CampaignStore::open(path_, small_schema()); }
  write_bytes(read_bytes());
  std::FILE* stale_lock = std::fopen((path_ + ".lock").c_str(), "w");
  std::fputs("99999999", stale_lock);  // as a killed process leaves it
  std::fclose(stale_lock);
  EXPECT_TRUE(CampaignStore::open(path_, small_schema()).rows().empty());
}

TEST_F(CampaignStoreBadInputTest, RefusesRowsOfTheWrongShape) {
  CampaignStore store = CampaignStore::open(path_, small_schema());
  CampaignRow row = small_row(3);
  row.inputs.pop_back();
  EXPECT_PM_ERROR(store.append(row), ErrorCode::kMismatch,
                  "candidate 3: 1 inputs and 2 outputs, the schema has 2 and 2");
  row = small_row(3);
  row.outputs.push_back(0);
  EXPECT_PM_ERROR(store.append(row), ErrorCode::kMismatch, "2 inputs and 3 outputs");
  EXPECT_TRUE(store.rows().empty());
}

TEST_F(CampaignStoreBadInputTest, RefusesARowThatIsThere) {
  CampaignStore store = CampaignStore::open(path_, small_schema());
  store.append(small_row(3, 1));
  EXPECT_PM_ERROR(store.append(small_row(3, 1)), ErrorCode::kInvalidArgument,
                  "holds candidate 3, pass 1, attempt 0 already");
  store.append(small_row(3, 0));
  EXPECT_EQ(store.rows().size(), 2u);
}

TEST_F(CampaignStoreBadInputTest, RefusesToWriteThroughAReader) {
  make_campaign();
  CampaignStore reader = CampaignStore::open_existing(path_);
  EXPECT_PM_ERROR(reader.append(small_row(9)), ErrorCode::kPermission, "opened for reading only");
  EXPECT_PM_ERROR(reader.set_max_bytes(4096), ErrorCode::kPermission, "opened for reading only");
}

TEST_F(CampaignStoreBadInputTest, NamesWhatIsNotThere) {
  EXPECT_PM_ERROR(CampaignStore::open_existing(path_), ErrorCode::kNotFound, "does not exist");
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_PM_ERROR(CampaignStore::open(folder_.file("none/campaign.sqlite"), small_schema()), ErrorCode::kNotFound,
                  "none/campaign.sqlite");
  EXPECT_PM_ERROR(CampaignStore::open("", small_schema()), ErrorCode::kInvalidArgument, "path is empty");
}

TEST_F(CampaignStoreBadInputTest, KeepsAllRowsWhenTheLimitIsReached) {
  constexpr std::size_t kLimit_bytes = 32 * 1024;
  CampaignStore store = CampaignStore::open(path_, small_schema());
  store.set_max_bytes(kLimit_bytes);
  std::uint64_t num_rows = 0;
  const auto fill = [&] {
    for (;; ++num_rows) store.append(small_row(num_rows));
  };
  EXPECT_PM_ERROR(fill(), ErrorCode::kNoSpace, path_);
  EXPECT_GT(num_rows, 20u);
  EXPECT_PM_ERROR(fill(), ErrorCode::kNoSpace, "full");
  EXPECT_EQ(store.rows().size(), num_rows);
  EXPECT_EQ(CampaignStore::open_existing(path_).rows().size(), num_rows);

  store.set_max_bytes(4 * kLimit_bytes);
  store.append(small_row(num_rows));
  EXPECT_EQ(store.rows().size(), num_rows + 1);
}

/// Runs `body` in a child process, so that what it changes about the process does not stay.
int exit_status_of(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

constexpr int kSkipped = 77;

TEST_F(CampaignStoreBadInputTest, KeepsAllRowsWhenTheDiskIsFull) {
  // A real file system of 256 kB, in a mount namespace of the child's own.
  const int status = exit_status_of([&] {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("small", folder_.path().c_str(), "tmpfs", 0, "size=256k") != 0) {
      return kSkipped;
    }
    std::uint64_t num_rows = 0;
    try {
      CampaignStore store = CampaignStore::open(path_, small_schema());
      for (;; ++num_rows) store.append(small_row(num_rows));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kNoSpace) return 2;
    }
    const std::vector<CampaignRow> rows = CampaignStore::open_existing(path_).rows();
    if (num_rows < 20 || rows.size() != num_rows) return 3;
    for (std::uint64_t i = 0; i < num_rows; ++i) {
      if (rows[i].outputs != small_row(i).outputs) return 4;
    }
    return 0;
  });
  if (status == kSkipped) GTEST_SKIP() << "this process may not mount a small file system";
  EXPECT_EQ(status, 0);
}

TEST_F(CampaignStoreBadInputTest, KeepsAllRowsWhenWritingFails) {
  const int status = exit_status_of([&] {
    // A limit on the size of files: writing beyond it is EFBIG, which SQLite calls an I/O error.
    ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {100 * 1024, 100 * 1024};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return kSkipped;
    std::uint64_t num_rows = 0;
    try {
      CampaignStore store = CampaignStore::open(path_, small_schema());
      for (;; ++num_rows) store.append(small_row(num_rows));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kIo && error.code() != ErrorCode::kNoSpace) return 2;
    }
    return num_rows >= 10 && CampaignStore::open_existing(path_).rows().size() == num_rows ? 0 : 3;
  });
  EXPECT_EQ(status, 0);
}

TEST_F(CampaignStoreBadInputTest, SaysThatItMayNotWrite) {
  make_campaign();
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
  const int status = exit_status_of([&] {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && ::setuid(kNobody) != 0) return kSkipped;
    ::chmod(folder_.path().c_str(), 0555);  // does nothing, and need not, where the folder is root's
    try {
      CampaignStore::open(path_, small_schema());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kPermission) return 2;
      if (std::string(error.what()).find(path_) == std::string::npos) return 3;
      return CampaignStore::open_existing(path_).rows().size() == 1 ? 0 : 4;
    }
    return 5;
  });
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
  if (status == kSkipped) GTEST_SKIP() << "this process may not become another user";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace perfmodel
