#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

#include "layer_campaign.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"

namespace perfmodel::tools {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// A file that grows by whole lines, each on the disk when write() returns.
class LineFile {
 public:
  explicit LineFile(const std::string& path)
      : path_(path), file_(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666)) {
    if (file_ >= 0) return;
    if (errno == EEXIST) {
      throw Error(ErrorCode::kInvalidArgument,
                  "'" + path + "' exists; without SQLite a campaign cannot be resumed, give another --csv");
    }
    fail();
  }
  ~LineFile() { close(file_); }
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  void write(const std::string& lines) {
    const ssize_t written = ::write(file_, lines.data(), lines.size());
    if (written != static_cast<ssize_t>(lines.size()) || fsync(file_) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(errno == ENOSPC ? ErrorCode::kNoSpace : ErrorCode::kIo,
                "cannot write '" + path_ + "': " + std::strerror(errno));
  }

  std::string path_;
  int file_;
};

CsvTable header_of(const CampaignSchema& schema) {
  CsvTable table;
  table.columns = {"candidate", "pass", "status", "reason", "disturbed_fraction", "duration_s"};
  table.columns.insert(table.columns.end(), schema.input_columns.begin(), schema.input_columns.end());
  table.columns.insert(table.columns.end(), schema.output_columns.begin(), schema.output_columns.end());
  for (const auto& [name, value] : schema.identity) table.columns.push_back(name);
  return table;
}

// The row as a line of the table, without its header.
std::string line_of(const CampaignRow& row, const CampaignSchema& schema, CsvTable table) {
  std::vector<std::string> cells = {
      std::to_string(row.candidate),         std::to_string(row.pass),     row.ok ? "ok" : "failed", row.reason,
      format_number(row.disturbed_fraction), format_number(row.duration_s)};
  const auto add = [&cells](std::vector<double> values, std::size_t count) {
    values.resize(count, std::numeric_limits<double>::quiet_NaN());
    for (const double value : values) cells.push_back(format_number(value));
  };
  add(row.inputs, schema.input_columns.size());
  add(row.ok ? row.outputs : std::vector<double>{}, schema.output_columns.size());
  for (const auto& [name, value] : schema.identity) cells.push_back(value);
  const std::size_t header_size = to_csv(table).size();
  table.rows.push_back(std::move(cells));
  return to_csv(table).substr(header_size);
}

CampaignRow measure_row(std::uint64_t candidate, int pass, const std::function<void(CampaignRow&)>& measure) {
  CampaignRow row;
  row.candidate = candidate;
  row.pass = pass;
  const Clock::time_point start = Clock::now();
  try {
    measure(row);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled || error.code() == ErrorCode::kInternal) throw;
    row.ok = false;
    row.reason = error.what();
  }
  row.duration_s = seconds_since(start);
  return row;
}

}  // namespace

CampaignReport run_plain_campaign(const std::string& path, const CampaignSchema& schema, const CampaignOptions& options,
                                  const std::function<void(CampaignRow&)>& measure) {
  LineFile file(path);
  const CsvTable header = header_of(schema);
  file.write(to_csv(header));
  const auto num_repeats =
      static_cast<std::uint64_t>(std::lround(options.repeat_fraction * static_cast<double>(options.num_candidates)));
  const std::uint64_t total = options.num_candidates + num_repeats;
  const Clock::time_point start = Clock::now();
  std::vector<CampaignRow> rows;
  CampaignReport report;
  for (std::uint64_t i = 0; i < total; ++i) {
    const bool repeat = i >= options.num_candidates;
    if (!repeat && options.max_seconds > 0 && seconds_since(start) > options.max_seconds) break;
    const std::uint64_t candidate = repeat ? (i - options.num_candidates) * options.num_candidates / num_repeats : i;
    rows.push_back(measure_row(candidate, repeat ? 1 : 0, measure));
    file.write(line_of(rows.back(), schema, header));
    ++report.num_measured;
    if (!rows.back().ok) ++report.num_failed;
    if (options.callbacks.progress) {
      const double elapsed_s = seconds_since(start), done = static_cast<double>(i + 1);
      options.callbacks.progress(
          {options.task, i + 1, total, elapsed_s, elapsed_s / done * (static_cast<double>(total) - done), ""});
    }
  }
  report.complete = report.num_measured == total;
  report.noise_floor_pct =
      noise_floor_pct(rows, static_cast<std::size_t>(std::find(schema.output_columns.begin(),
                                                               schema.output_columns.end(), options.noise_column) -
                                                     schema.output_columns.begin()));
  return report;
}

}  // namespace perfmodel::tools
