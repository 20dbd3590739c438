#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <new>
#include <set>
#include <utility>

#include "core/progress.h"
#include "measure/clock.h"
#include "perfmodel/core/error.h"
#include "perfmodel/measure/campaign.h"
#include "store/campaign_table.h"

namespace perfmodel {
namespace {

/// Attempts at one (candidate, pass), the first included.
constexpr int kMaxAttempts = 3;
/// A larger share of rows that stayed disturbed is worth a warning.
constexpr double kManyDisturbedFraction = 0.1;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using RowKey = std::pair<std::uint64_t, int>;

void require(bool holds, const char* option, double given, const char* allowed) {
  if (holds) return;
  throw Error(ErrorCode::kInvalidArgument, fmt::format("campaign: {} is {}, allowed is {}", option, given, allowed));
}

void check_options(const CampaignOptions& options) {
  const double fraction = options.repeat_fraction;
  require(fraction >= 0 && fraction <= 1, "repeat_fraction", fraction, "0 .. 1");
  require(options.retry_above_disturbed >= 0, "retry_above_disturbed", options.retry_above_disturbed, ">= 0");
  require(options.max_retry_seconds >= 0, "max_retry_seconds", options.max_retry_seconds, ">= 0");
  require(options.max_seconds >= 0, "max_seconds", options.max_seconds, ">= 0");
}

double unix_time_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// `count` of `candidates`, evenly spread, in their order.
std::vector<std::uint64_t> evenly_spread(const std::vector<std::uint64_t>& candidates, std::size_t count) {
  std::vector<std::uint64_t> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(candidates[(2 * i + 1) * candidates.size() / (2 * count)]);
  return chosen;
}

class CampaignRun {
 public:
  CampaignRun(CampaignStore& store, const CampaignOptions& options, const std::function<void(CampaignRow&)>& measure)
      : store_(store), options_(options), measure_(measure) {
    check_options(options);
    num_repeats_ =
        static_cast<std::size_t>(std::llround(options.repeat_fraction * static_cast<double>(options.num_candidates)));
    const auto& outputs = store.schema().output_columns;
    noise_index_ =
        static_cast<std::size_t>(std::find(outputs.begin(), outputs.end(), options.noise_column) - outputs.begin());
    if (!options.noise_column.empty() && noise_index_ == outputs.size()) {
      throw Error(ErrorCode::kNotFound, fmt::format("campaign: noise_column '{}' is not an output; those are {}",
                                                    options.noise_column, fmt::join(outputs, ", ")));
    }
    for (const CampaignAttempts& group : group_attempts(store.all_rows())) {
      const RowKey key{group.best.candidate, group.best.pass};
      if (group.best.ok || !options.retry_failed) {
        stored_.insert(key);
      } else {
        next_attempt_[key] = group.last_attempt + 1;
      }
    }
  }

  CampaignReport run() {
    std::vector<std::uint64_t> candidates;
    for (std::uint64_t i = 0; i < options_.num_candidates; ++i) candidates.push_back(i);
    std::size_t num_resumed = 0;
    for (const RowKey& key : stored_) num_resumed += key.first < options_.num_candidates ? 1 : 0;
    report_.num_resumed = num_resumed;

    ProgressReporter progress(options_.callbacks, options_.task, candidates.size() + num_repeats_, num_resumed);
    report_.complete = measure_all(candidates, 0, progress) && measure_all(repeats(), 1, progress);
    if (report_.complete) {
      retry_disturbed();
    } else {
      log_message(options_.callbacks, LogLevel::kInfo,
                  fmt::format("{}: stopped after {} s with {} of {} done; the next run goes on", options_.task,
                              options_.max_seconds, report_.num_resumed + report_.num_measured,
                              candidates.size() + num_repeats_));
    }
    conclude();
    return report_;
  }

 private:
  /// The candidates that are measured twice. Settled once the first pass is complete: whether a candidate failed is not
  /// changed by retries of disturbed ones.
  std::vector<std::uint64_t> repeats() const {
    std::vector<std::uint64_t> candidates;
    for (const CampaignRow& row : store_.rows()) {
      if (row.pass == 0 && row.ok && row.candidate < options_.num_candidates) candidates.push_back(row.candidate);
    }
    return evenly_spread(candidates, std::min(num_repeats_, candidates.size()));
  }

  /// Measures those of `candidates` that are not stored.  @return false when the time was up before the last.
  bool measure_all(const std::vector<std::uint64_t>& candidates, int pass, ProgressReporter& progress) {
    for (const std::uint64_t candidate : candidates) {
      if (stored_.count({candidate, pass}) != 0) continue;
      if (options_.max_seconds > 0 && now_ms() - start_ms_ >= 1000 * options_.max_seconds) return false;
      progress.throw_if_cancelled();
      const auto retried = next_attempt_.find({candidate, pass});
      measure_one(candidate, pass, retried == next_attempt_.end() ? 0 : retried->second);
      stored_.insert({candidate, pass});
      ++report_.num_measured;
      progress.update(report_.num_resumed + report_.num_measured);
    }
    return true;
  }

  CampaignRow measure_one(std::uint64_t candidate, int pass, int attempt) {
    const std::size_t num_inputs = store_.schema().input_columns.size();
    const std::size_t num_outputs = store_.schema().output_columns.size();
    CampaignRow row;
    row.inputs.assign(num_inputs, kNan);
    row.outputs.assign(num_outputs, kNan);
    row.candidate = candidate;
    row.pass = pass;
    row.attempt = attempt;
    row.started_unix_s = unix_time_s();
    const double start_ms = now_ms();
    try {
      measure_(row);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled || error.code() == ErrorCode::kInternal) throw;
      row.ok = false;
      row.reason = fmt::format("{}: {}", error_code_name(error.code()), error.what());
      row.outputs.clear();
    } catch (const std::bad_alloc&) {
      row.ok = false;
      row.reason = error_code_name(ErrorCode::kOutOfMemory);
      row.outputs.clear();
    }
    row.duration_s = (now_ms() - start_ms) / 1000;
    row.candidate = candidate;
    row.pass = pass;
    row.attempt = attempt;
    if (row.ok) {
      row.reason.clear();
    } else {
      if (row.reason.empty()) row.reason = "no reason was given";
      row.inputs.resize(num_inputs, kNan);
      row.outputs.resize(num_outputs, kNan);
    }
    store_.append(row);
    return row;
  }

  bool is_worth_retrying(const CampaignAttempts& group) const {
    return group.best.ok && group.best.disturbed_fraction > options_.retry_above_disturbed &&
           group.num_attempts < kMaxAttempts && group.best.candidate < options_.num_candidates;
  }

  void retry_disturbed() {
    const std::vector<CampaignRow> attempts = store_.all_rows();
    double spent_s = 0;
    for (const CampaignRow& row : attempts) spent_s += row.attempt > 0 ? row.duration_s : 0;
    std::vector<CampaignAttempts> waiting;
    for (const CampaignAttempts& group : group_attempts(attempts)) {
      if (is_worth_retrying(group)) waiting.push_back(group);
    }
    const std::size_t num_waiting = waiting.size();
    const std::string task = fmt::format("{}, disturbed ones again", options_.task);
    ProgressReporter progress(options_.callbacks, task, num_waiting);
    while (!waiting.empty() && spent_s < options_.max_retry_seconds) {
      std::stable_sort(waiting.begin(), waiting.end(), [](const CampaignAttempts& a, const CampaignAttempts& b) {
        return a.best.disturbed_fraction > b.best.disturbed_fraction;
      });
      std::vector<CampaignAttempts> still_disturbed;
      for (CampaignAttempts& group : waiting) {
        if (spent_s >= options_.max_retry_seconds) break;
        progress.throw_if_cancelled();
        const CampaignRow row = measure_one(group.best.candidate, group.best.pass, ++group.last_attempt);
        spent_s += row.duration_s;
        ++group.num_attempts;
        ++report_.num_retried;
        if (row.ok && row.disturbed_fraction < group.best.disturbed_fraction) group.best = row;
        if (is_worth_retrying(group)) still_disturbed.push_back(group);
        progress.update(std::min<std::size_t>(report_.num_retried, num_waiting));
      }
      waiting = std::move(still_disturbed);
    }
  }

  void conclude() {
    std::size_t num_rows = 0;
    std::size_t num_disturbed = 0;
    const std::vector<CampaignRow> rows = store_.rows();
    for (const CampaignRow& row : rows) {
      ++num_rows;
      report_.num_failed += row.ok ? 0 : 1;
      num_disturbed += row.disturbed_fraction > options_.retry_above_disturbed ? 1 : 0;
    }
    if (static_cast<double>(num_disturbed) > kManyDisturbedFraction * static_cast<double>(num_rows)) {
      log_message(options_.callbacks, LogLevel::kWarning,
                  fmt::format("{}: {} of {} measurements were taken while something slowed this machine down",
                              options_.task, num_disturbed, num_rows));
    }
    report_.noise_floor_pct = options_.noise_column.empty() ? kNan : noise_floor_pct(rows, noise_index_);
    if (report_.noise_floor_pct > options_.max_noise_pct) {
      log_message(options_.callbacks, LogLevel::kWarning,
                  fmt::format("{}: the noise floor of {} is {:.1f} %, more than {:g} %; predictions cannot be better",
                              options_.task, options_.noise_column, report_.noise_floor_pct, options_.max_noise_pct));
    }
  }

  CampaignStore& store_;
  const CampaignOptions& options_;
  const std::function<void(CampaignRow&)>& measure_;
  const double start_ms_ = now_ms();
  std::size_t num_repeats_ = 0;
  std::size_t noise_index_ = 0;
  std::set<RowKey> stored_;             ///< not to be measured by this run
  std::map<RowKey, int> next_attempt_;  ///< of what failed and is measured again
  CampaignReport report_;
};

}  // namespace

CampaignReport run_campaign(CampaignStore& store, const CampaignOptions& options,
                            const std::function<void(CampaignRow&)>& measure) {
  return CampaignRun(store, options, measure).run();
}

}  // namespace perfmodel
