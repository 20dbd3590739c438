#include "live_target.h"

#include <chrono>
#include <limits>
#include <utility>
#include <vector>

#include "perfmodel/core/error.h"
#include "perfmodel/measure/command.h"

namespace perfmodel::tools {
namespace {

CampaignStore open_store(const TransferToolOptions& options, const ConfigSpace& space) {
  CampaignSchema schema;
  schema.purpose = "transfer";
  for (const Option& option : space.options()) schema.input_columns.push_back(option.name());
  schema.output_columns = {options.objective};
  schema.identity = {{"measuring_command", options.measure}, {"config_space", space.to_json()}};
  return CampaignStore::open(options.output, schema);
}

Outcome to_outcome(const CampaignRow& row) {
  return row.ok ? Outcome{row.outputs.front(), {}} : Outcome{0, row.reason};
}

bool has_no_program(const Error& error) {
  return error.code() == ErrorCode::kNotFound || error.code() == ErrorCode::kPermission;
}

double seconds(std::chrono::duration<double> duration) {
  return duration.count();
}

}  // namespace

LiveTarget::LiveTarget(const TransferToolOptions& options, const ConfigSpace& space)
    : options_(options), space_(space), store_(open_store(options, space)) {
  for (const CampaignRow& row : store_.rows()) {
    if (row.ok || !options.retry_failed) known_.emplace(row.candidate, to_outcome(row));
  }
  for (const CampaignRow& row : store_.all_rows()) ++num_attempts_[row.candidate];
}

Outcome LiveTarget::measure(const Configuration& configuration, const std::function<bool()>& cancelled) {
  CampaignRow row = run(configuration, cancelled);
  row.attempt = num_attempts_[row.candidate]++;
  store_.append(row);
  return to_outcome(row);
}

CampaignRow LiveTarget::run(const Configuration& configuration, const std::function<bool()>& cancelled) {
  using Clock = std::chrono::steady_clock;
  CampaignRow row;
  row.candidate = space_.index_of(configuration);
  row.inputs = space_.values(configuration);
  std::vector<std::pair<std::string, std::string>> arguments;
  for (std::size_t i = 0; i < configuration.size(); ++i) {
    arguments.emplace_back(space_.options()[i].name(), space_.options()[i].text(configuration[i]));
  }
  row.started_unix_s = seconds(std::chrono::system_clock::now().time_since_epoch());
  const auto start = Clock::now();
  try {
    row.outputs = {objective_in(run_measuring_command({options_.measure, options_.timeout_s}, arguments, cancelled))};
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled || error.code() == ErrorCode::kInvalidArgument) throw;
    if (!has_run_ && has_no_program(error)) {
      throw Error(error.code(), "'" + options_.measure + "' cannot be run: " + error.what());
    }
    row.ok = false;
    row.reason = error.what();
    row.outputs = {std::numeric_limits<double>::quiet_NaN()};
  }
  has_run_ = true;
  row.duration_s = seconds(Clock::now() - start);
  return row;
}

double LiveTarget::objective_in(const std::map<std::string, double>& answer) const {
  const auto named = answer.find(options_.objective);
  if (named != answer.end()) return named->second;
  if (answer.size() == 1 && answer.begin()->first.empty()) return answer.begin()->second;
  throw Error(ErrorCode::kParse, "the measuring command did not answer '" + options_.objective + "'");
}

}  // namespace perfmodel::tools
