#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "perfmodel/measure/campaign.h"

namespace perfmodel {

/// Columns of the measurement table before those of the schema, in order.
inline constexpr const char* kMeasurementColumns[] = {
    "candidate", "pass", "attempt", "ok", "reason", "disturbed_fraction", "started_unix_s", "duration_s"};

/// Inputs and outputs together; SQLite's own limit is 2000 columns.
inline constexpr std::size_t kMaxValueColumns = 1000;

/// Checks what SQLite and the export would stumble over. SQLite does not tell case apart, so neither does this.
/// @throws Error kInvalidArgument: no purpose, no output, too many columns, an empty name, or one that is used twice or
///         reserved by perfmodel for the file or its export.
void check_schema(const CampaignSchema& schema);

/// Refuses to mix campaigns.
/// @throws Error kMismatch: names the first thing that differs, with both values.
void check_same_campaign(const CampaignSchema& stored, const CampaignSchema& given, const std::string& path);

/// @throws Error kMismatch: `row` does not have the schema's numbers of columns.
void check_row(const CampaignRow& row, const CampaignSchema& schema);

/// The statements that make, fill and read the measurement table. Reading gives `sequence`, then the columns in order.
std::string create_measurement_sql(const CampaignSchema& schema);
std::string insert_measurement_sql(const CampaignSchema& schema);
std::string select_measurements_sql(const CampaignSchema& schema);

}  // namespace perfmodel
