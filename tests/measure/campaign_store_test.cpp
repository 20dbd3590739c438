#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>

#include "expect_error.h"
#include "measure/campaign_fixture.h"

namespace perfmodel {
namespace {

class CampaignStoreTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  const std::string path_ = folder_.file("campaign.sqlite");
};

TEST_F(CampaignStoreTest, HoldsNoRowsWhenNew) {
  const CampaignStore store = CampaignStore::open(path_, small_schema());
  EXPECT_TRUE(store.rows().empty());
  EXPECT_TRUE(store.all_rows().empty());
}

TEST_F(CampaignStoreTest, ReadsBackWhatWasAppended) {
  CampaignRow row = small_row(7, 1, 2);
  row.disturbed_fraction = 0.125;
  row.outputs = {0.1, std::numeric_limits<double>::quiet_NaN()};
  {
    CampaignStore store = CampaignStore::open(path_, small_schema());
    store.append(row);
  }
  const std::vector<CampaignRow> rows = CampaignStore::open_existing(path_).all_rows();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].candidate, 7u);
  EXPECT_EQ(rows[0].pass, 1);
  EXPECT_EQ(rows[0].attempt, 2);
  EXPECT_TRUE(rows[0].ok);
  EXPECT_EQ(rows[0].reason, "");
  EXPECT_EQ(rows[0].disturbed_fraction, 0.125);
  EXPECT_EQ(rows[0].started_unix_s, 1.5e9);
  EXPECT_EQ(rows[0].duration_s, 0.25);
  EXPECT_EQ(rows[0].inputs, (std::vector<double>{7, 3}));
  EXPECT_EQ(rows[0].outputs[0], 0.1);  // to the last bit
  EXPECT_TRUE(std::isnan(rows[0].outputs[1]));
}

TEST_F(CampaignStoreTest, KeepsFailuresWithTheirReason) {
  CampaignStore store = CampaignStore::open(path_, small_schema());
  store.append(failed_row(0, "out of memory: 7 GB wanted, 'conv'"));
  const std::vector<CampaignRow> rows = store.rows();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_FALSE(rows[0].ok);
  EXPECT_EQ(rows[0].reason, "out of memory: 7 GB wanted, 'conv'");
}

TEST_F(CampaignStoreTest, GoesOnWhereItWasClosed) {
  for (std::uint64_t candidate = 0; candidate < 3; ++candidate) {
    CampaignStore::open(path_, small_schema()).append(small_row(candidate));
  }
  EXPECT_EQ(CampaignStore::open(path_, small_schema()).rows().size(), 3u);
}

TEST_F(CampaignStoreTest, ShowsARowToOthersAsSoonAsItIsAppended) {
  CampaignStore store = CampaignStore::open(path_, small_schema());
  const CampaignStore reader = CampaignStore::open_existing(path_);
  for (std::uint64_t candidate = 0; candidate < 5; ++candidate) {
    store.append(small_row(candidate));
    EXPECT_EQ(reader.rows().size(), candidate + 1);
    EXPECT_EQ(CampaignStore::open_existing(path_).rows().size(), candidate + 1);
  }
}

TEST_F(CampaignStoreTest, IsOneFileWhenClosed) {
  CampaignStore::open(path_, small_schema()).append(small_row(0));
  std::size_t num_files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_.path())) ++num_files;
  EXPECT_EQ(num_files, 1u);
}

TEST_F(CampaignStoreTest, AnswersTheSchemaOfAnExistingFile) {
  { const CampaignStore store = CampaignStore::open(path_, small_schema()); }
  const CampaignStore store = CampaignStore::open_existing(path_);
  EXPECT_EQ(store.schema().purpose, "layers");
  EXPECT_EQ(store.schema().input_columns, small_schema().input_columns);
  EXPECT_EQ(store.schema().output_columns, small_schema().output_columns);
  EXPECT_EQ(store.schema().identity, small_schema().identity);
}

TEST_F(CampaignStoreTest, AnswersTheBestAttempt) {
  struct Attempt {
    bool ok;
    double disturbed_fraction;
  };
  const std::vector<std::vector<Attempt>> attempts = {
      {{true, 0.9}, {true, 0.2}, {true, 0.2}},  // the least disturbed, the first of equals: 1
      {{true, 0.9}, {false, 0.0}},              // a failure is no better: 0
      {{false, 0.0}, {true, 0.9}},              // any success is better than a failure: 1
      {{false, 0.3}, {false, 0.1}},             // of failures the least disturbed: 1
      {{false, 0.1}, {false, 0.1}},             // the last of equals, whose reason is the one that still holds: 1
  };
  const std::vector<int> best = {1, 0, 1, 1, 1};
  CampaignStore store = CampaignStore::open(path_, small_schema());
  for (std::size_t candidate = 0; candidate < attempts.size(); ++candidate) {
    for (std::size_t i = 0; i < attempts[candidate].size(); ++i) {
      CampaignRow row = small_row(candidate, 0, static_cast<int>(i));
      row.ok = attempts[candidate][i].ok;
      row.disturbed_fraction = attempts[candidate][i].disturbed_fraction;
      store.append(row);
    }
  }
  const std::vector<CampaignRow> rows = store.rows();
  ASSERT_EQ(rows.size(), best.size());
  for (std::size_t i = 0; i < best.size(); ++i) {
    EXPECT_EQ(rows[i].candidate, i);
    EXPECT_EQ(rows[i].attempt, best[i]) << "candidate " << i;
  }
  EXPECT_EQ(store.all_rows().size(), 11u);
}

TEST_F(CampaignStoreTest, SortsByCandidateAndPass) {
  CampaignStore store = CampaignStore::open(path_, small_schema());
  store.append(small_row(2));
  store.append(small_row(1, 1));
  store.append(small_row(1));
  const std::vector<CampaignRow> rows = store.rows();
  EXPECT_EQ(rows[0].candidate, 1u);
  EXPECT_EQ(rows[0].pass, 0);
  EXPECT_EQ(rows[1].pass, 1);
  EXPECT_EQ(rows[2].candidate, 2u);
  EXPECT_EQ(store.all_rows()[0].candidate, 2u);
}

TEST_F(CampaignStoreTest, ExportsATable) {
  CampaignStore store = CampaignStore::open(path_, small_schema());
  store.append(small_row(1));
  store.append(failed_row(0, "refused, by the framework"));
  CampaignRow again = small_row(1, 0, 1);
  again.disturbed_fraction = 0.5;
  store.append(again);
  const CsvTable table = store.to_csv_table();
  EXPECT_EQ(table.columns, (std::vector<std::string>{"candidate", "pass", "attempts", "status", "reason",
                                                     "disturbed_fraction", "started_unix_s", "duration_s", "batch",
                                                     "kernel size", "exe_ms", "spread_ms", "device", "seed"}));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0],
            (std::vector<std::string>{"0", "0", "1", "failed", "refused, by the framework", "0", "1.5e+09", "0.25", "0",
                                      "3", "0.3", "0.001", "cpu, \"fast\"", "1"}));
  EXPECT_EQ(table.rows[1], (std::vector<std::string>{"1", "0", "2", "ok", "", "0", "1.5e+09", "0.25", "1", "3", "0.4",
                                                     "0.001", "cpu, \"fast\"", "1"}));
  const CsvTable parsed = parse_csv(to_csv(table));
  EXPECT_EQ(parsed.columns, table.columns);
  EXPECT_EQ(parsed.rows, table.rows);
}

TEST_F(CampaignStoreTest, KeepsNamesThatNeedQuotes) {
  CampaignSchema schema = small_schema();
  schema.input_columns = {"a \"quoted\" name", "select"};
  { CampaignStore::open(path_, schema).append(small_row(4)); }
  const CampaignStore store = CampaignStore::open(path_, schema);
  EXPECT_EQ(store.schema().input_columns, schema.input_columns);
  EXPECT_EQ(store.rows()[0].inputs, (std::vector<double>{4, 3}));
}

TEST_F(CampaignStoreTest, TakesAnEmptyFileForANewOne) {
  // What a process leaves that is killed between creating the file and its first commit.
  std::fclose(std::fopen(path_.c_str(), "w"));
  EXPECT_PM_ERROR(CampaignStore::open_existing(path_), ErrorCode::kCorrupt, "it is empty");
  EXPECT_TRUE(CampaignStore::open(path_, small_schema()).rows().empty());
}

}  // namespace
}  // namespace perfmodel
