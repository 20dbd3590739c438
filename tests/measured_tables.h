#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace perfmodel {

/// Tests on measured tables in the folder PERFMODEL_DATA_DIR. Where it is unset they skip themselves, or fail with
/// PERFMODEL_REQUIRE_DATA=1.
class MeasuredTables : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("PERFMODEL_DATA_DIR");
    if (folder != nullptr && *folder != '\0') {
      folder_ = folder;
      return;
    }
    const char* required = std::getenv("PERFMODEL_REQUIRE_DATA");
    const bool is_required = required != nullptr && std::string(required) == "1";
    ASSERT_FALSE(is_required) << "PERFMODEL_REQUIRE_DATA is 1, but PERFMODEL_DATA_DIR is unset";
    GTEST_SKIP() << "PERFMODEL_DATA_DIR is unset: no measured tables to compare with";
  }

  /// @param table  e.g. "opml19_tx2/tx2_xception_400.csv"
  std::string path_of(const std::string& table) const { return folder_ + "/" + table; }

 private:
  std::string folder_;
};

}  // namespace perfmodel
