#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <numeric>

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
    for (std::size_t done = 0; done < lines.size();) {
      const ssize_t written = ::write(file_, lines.data() + done, lines.size() - done);
      if (written < 0 && errno != EINTR) fail();
      if (written > 0) done += static_cast<std::size_t>(written);
    }
    while (fsync(file_) != 0) {
      if (errno != EINTR) fail();
    }
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
  const auto fail = [&row](ErrorCode code, const std::string& explanation) {
    row.ok = false;
    row.reason = error_code_name(code) + explanation;
  };
  try {
    measure(row);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled || error.code() == ErrorCode::kInternal) throw;
    fail(error.code(), std::string(": ") + error.what());
  } catch (const std::bad_alloc&) {
    fail(ErrorCode::kOutOfMemory, "");
  }
  row.duration_s = seconds_since(start);
  return row;
}

class PlainCampaign {
 public:
  PlainCampaign(const std::string& path, const CampaignSchema& schema, const CampaignOptions& options,
                const std::function<void(CampaignRow&)>& measure)
      : file_(path), schema_(schema), header_(header_of(schema)), options_(options), measure_(measure) {
    num_repeats_ =
        static_cast<std::size_t>(std::llround(options.repeat_fraction * static_cast<double>(options.num_candidates)));
    file_.write(to_csv(header_));
  }

  CampaignReport run() {
    std::vector<std::uint64_t> candidates(options_.num_candidates);
    std::iota(candidates.begin(), candidates.end(), 0);
    report_.complete = measure_all(candidates, 0) && measure_all(repeats(), 1);
    const auto& outputs = schema_.output_columns;
    const auto noise_column = std::find(outputs.begin(), outputs.end(), options_.noise_column);
    report_.noise_floor_pct = noise_floor_pct(rows_, static_cast<std::size_t>(noise_column - outputs.begin()));
    return report_;
  }

 private:
  // Evenly spread over the candidates that did not fail, as run_campaign() chooses them.
  std::vector<std::uint64_t> repeats() const {
    std::vector<std::uint64_t> measured, chosen;
    for (const CampaignRow& row : rows_) {
      if (row.ok) measured.push_back(row.candidate);
    }
    const std::size_t count = std::min(num_repeats_, measured.size());
    for (std::size_t i = 0; i < count; ++i) chosen.push_back(measured[(2 * i + 1) * measured.size() / (2 * count)]);
    return chosen;
  }

  // False when the time was up before the last.
  bool measure_all(const std::vector<std::uint64_t>& candidates, int pass) {
    for (const std::uint64_t candidate : candidates) {
      if (options_.max_seconds > 0 && seconds_since(start_) >= options_.max_seconds) return false;
      if (options_.callbacks.cancelled && options_.callbacks.cancelled()) {
        throw Error(ErrorCode::kCancelled, options_.task + ": cancelled");
      }
      rows_.push_back(measure_row(candidate, pass, measure_));
      file_.write(line_of(rows_.back(), schema_, header_));
      if (!rows_.back().ok) ++report_.num_failed;
      ++report_.num_measured;
      tell_progress();
    }
    return true;
  }

  void tell_progress() const {
    if (!options_.callbacks.progress) return;
    const std::size_t done = rows_.size(), total = options_.num_candidates + num_repeats_;
    const double elapsed_s = seconds_since(start_);
    options_.callbacks.progress({options_.task, done, total, elapsed_s,
                                 elapsed_s / static_cast<double>(done) * static_cast<double>(total - done), ""});
  }

  LineFile file_;
  const CampaignSchema& schema_;
  const CsvTable header_;
  const CampaignOptions& options_;
  const std::function<void(CampaignRow&)>& measure_;
  const Clock::time_point start_ = Clock::now();
  std::size_t num_repeats_ = 0;
  std::vector<CampaignRow> rows_;
  CampaignReport report_;
};

}  // namespace

CampaignReport run_plain_campaign(const std::string& path, const CampaignSchema& schema, const CampaignOptions& options,
                                  const std::function<void(CampaignRow&)>& measure) {
  return PlainCampaign(path, schema, options, measure).run();
}

}  // namespace perfmodel::tools
