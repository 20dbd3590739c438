#include "perfmodel/layer_time/layer_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "layer_time/csv_place.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

// Positions of the columns that a layer table is made of.
struct Columns {
  explicit Columns(const CsvTable& csv)
      : candidate(csv.column_index("candidate")),
        pass(csv.column_index("pass")),
        status(csv.column_index("status")),
        layer(positions(csv, layer_columns())),
        phases(positions(csv, phase_columns())),
        environment(positions(csv, environment_columns())) {}

  static std::vector<std::size_t> positions(const CsvTable& csv, const std::vector<std::string>& names) {
    std::vector<std::size_t> found;
    for (const std::string& name : names) found.push_back(csv.column_index(name));
    return found;
  }

  std::size_t candidate, pass, status;
  std::vector<std::size_t> layer, phases, environment;
};

Environment read_environment(const CsvTable& csv, const Columns& columns, std::size_t row) {
  const auto cell = [&](std::size_t i) { return csv.text(row, columns.environment[i]); };
  const double num_threads = csv.number(row, columns.environment[4]);
  if (num_threads < 1 || num_threads > Environment::kMaxThreads) {
    throw Error(ErrorCode::kParse, fmt::format("{}: num_threads is {}, allowed are 1 to {}", place_of(csv, row),
                                               cell(4), Environment::kMaxThreads));
  }
  return {cell(0), cell(1), cell(2), cell(3), static_cast<int>(num_threads), LayerTiming::kPhases};
}

void check_environment(const CsvTable& csv, const Columns& columns, std::size_t row) {
  for (const std::size_t column : columns.environment) {
    if (csv.text(row, column) == csv.text(0, column)) continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: {} is '{}' but '{}' before; a table holds the layers of one environment",
                            place_of(csv, row), csv.columns[column], csv.text(row, column), csv.text(0, column)));
  }
}

bool is_ok(const CsvTable& csv, const Columns& columns, std::size_t row) {
  const std::string& status = csv.text(row, columns.status);
  if (status != "ok" && status != "failed") {
    throw Error(ErrorCode::kParse,
                fmt::format("{}: status '{}' is not known; there are ok and failed", place_of(csv, row), status));
  }
  return status == "ok";
}

LayerRow read_row(const CsvTable& csv, const Columns& columns, std::size_t row) {
  std::vector<double> values;
  for (const std::size_t column : columns.layer) values.push_back(csv.number(row, column));
  LayerRow result;
  try {
    result.sample = layer_from_values(values);
  } catch (const Error& error) {
    throw Error(ErrorCode::kParse, fmt::format("{}: {}", place_of(csv, row), error.what()));
  }
  for (std::size_t phase = 0; phase < kNumPhases; ++phase) {
    result.phase_ms[phase] = csv.number(row, columns.phases[phase]);
    if (result.phase_ms[phase] >= 0) continue;
    throw Error(ErrorCode::kParse, fmt::format("{}: {} is {}, a time is not negative", place_of(csv, row),
                                               csv.columns[columns.phases[phase]], result.phase_ms[phase]));
  }
  return result;
}

// A candidate's two passes as one row; rows come in any order.
class Merger {
 public:
  explicit Merger(LayerTable& table) : table_(table) {}

  void add(double candidate, bool repeat, const LayerRow& row) {
    const auto known = row_of_.find(candidate);
    if (known == row_of_.end()) {
      row_of_.emplace(candidate, std::make_pair(table_.rows.size(), repeat));
      table_.rows.push_back(row);
      return;
    }
    LayerRow& first = table_.rows[known->second.first];
    const LayerRow other = known->second.second ? std::exchange(first, row) : row;
    first.repeat_execution_ms = other.phase_ms[static_cast<int>(Phase::kExecution)];
  }

 private:
  LayerTable& table_;
  std::map<double, std::pair<std::size_t, bool>> row_of_;  // position in the table, and whether a repeat stands there
};

}  // namespace

const std::vector<std::string>& phase_columns() {
  static const std::vector<std::string> columns = {"pre_ms", "exe_ms", "post_ms"};
  return columns;
}

const std::vector<std::string>& environment_columns() {
  static const std::vector<std::string> columns = {"device", "device_name", "framework", "framework_version",
                                                   "num_threads"};
  return columns;
}

LayerTable layer_table_from_csv(const CsvTable& csv) {
  const Columns columns(csv);
  LayerTable table;
  Merger merger(table);
  std::set<std::pair<double, bool>> seen;
  for (std::size_t row = 0; row < csv.rows.size(); ++row) {
    check_environment(csv, columns, row);
    const double candidate = csv.number(row, columns.candidate);
    const bool repeat = csv.number(row, columns.pass) != 0;
    if (!seen.emplace(candidate, repeat).second) {
      throw Error(ErrorCode::kParse, fmt::format("{}: candidate {} is there twice in pass {}", place_of(csv, row),
                                                 candidate, csv.text(row, columns.pass)));
    }
    if (is_ok(csv, columns, row)) {
      merger.add(candidate, repeat, read_row(csv, columns, row));
    } else if (!repeat) {
      ++table.num_failed;
    }
  }
  if (table.rows.empty()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: no layer was measured ({} rows, {} failed)", csv.name,
                                                         csv.rows.size(), table.num_failed));
  }
  table.environment = read_environment(csv, columns, 0);
  return table;
}

LayerTable read_layer_table(const std::string& path) {
  return layer_table_from_csv(read_csv(path));
}

double noise_floor_pct(const LayerTable& table) {
  double sum = 0;
  std::size_t count = 0;
  for (const LayerRow& row : table.rows) {
    const double first = row.phase_ms[static_cast<int>(Phase::kExecution)], second = row.repeat_execution_ms;
    const double smaller = std::min(first, second);
    if (smaller <= 0) continue;
    sum += 100 * std::fabs(first - second) / smaller;
    ++count;
  }
  return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
}

}  // namespace perfmodel
