#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>

#include "perfmodel/measure/campaign.h"
#include "temporary_folder.h"

/// A small campaign: two inputs, two outputs.
inline perfmodel::CampaignSchema small_schema() {
  perfmodel::CampaignSchema schema;
  schema.purpose = "layers";
  schema.input_columns = {"batch", "kernel size"};
  schema.output_columns = {"exe_ms", "spread_ms"};
  schema.identity = {{"device", "cpu, \"fast\""}, {"seed", "1"}};
  return schema;
}

inline perfmodel::CampaignRow small_row(std::uint64_t candidate, int pass = 0, int attempt = 0) {
  perfmodel::CampaignRow row;
  row.candidate = candidate;
  row.pass = pass;
  row.attempt = attempt;
  row.started_unix_s = 1.5e9;
  row.duration_s = 0.25;
  row.inputs = {static_cast<double>(candidate), 3};
  row.outputs = {0.1 * static_cast<double>(candidate) + 0.3, 1e-3};
  return row;
}

inline perfmodel::CampaignRow failed_row(std::uint64_t candidate, const std::string& reason) {
  perfmodel::CampaignRow row = small_row(candidate);
  row.ok = false;
  row.reason = reason;
  return row;
}

/// Runs SQL on a file as another program would.  @return SQLite's code of the first statement that did not go well.
inline int run_sql(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  int result = sqlite3_open(path.c_str(), &db);
  if (result == SQLITE_OK) result = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_close(db);
  return result;
}
