#include "study_record.h"

#include <algorithm>
#include <fstream>

#include "features_hash.h"
#include "perfmodel/core/build_info.h"
#include "perfmodel/core/error.h"

namespace perfmodel::bench {
namespace {

std::string key(const std::string& part, const std::string& step) {
  return part + "|" + step;
}

bool agrees(const Json& row, const Json& identity) {
  for (const auto& [name, value] : identity.items()) {
    if (!row.contains(name) || row[name] != value) return false;
  }
  return true;
}

/// The same of members that older rows lack.
bool agrees_where_there(const Json& row, const Json& identity) {
  for (const auto& [name, value] : identity.items()) {
    if (row.contains(name) && row[name] != value) return false;
  }
  return true;
}

/// A row of an earlier study as one of this. They did not tell "svr_minutes", which was 15, and called the Gaussian
/// process beside a source's answer "residual", which is another method's name.
Json as_now(Json row) {
  if (row.value("method", "") == "svr" && !row.contains("svr_minutes")) row["svr_minutes"] = 15.0;
  if (row.at("part") == "devices" && row.value("method", "") == "residual") {
    std::string step = row.at("step").get<std::string>();
    const std::size_t name = step.find(" residual ");
    if (name != std::string::npos) row["step"] = step.replace(name, 10, " source gp ");
    row["method"] = "source gp";
  }
  return row;
}

}  // namespace

StudyRecord::StudyRecord(const std::string& path, const StudyOptions& options)
    : path_(path),
      identity_({{"version", version()},
                 {"features_hash", features_hash()},
                 {"max_rows", options.max_rows},
                 {"seed", options.seed}}),
      num_threads_(options.num_threads) {
  if_there_["features_values"] = features_values_hash();
  std::ifstream file(path);
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const Json parsed = Json::parse(line, nullptr, false);
    if (parsed.is_discarded()) continue;  // cut when the study was stopped
    try {
      if (!agrees(parsed, identity_) || !agrees_where_there(parsed, if_there_)) continue;
      const Json row = as_now(parsed);
      rows_[key(row.at("part").get<std::string>(), row.at("step").get<std::string>())].push_back(row);
    } catch (const Json::exception& error) {
      throw Error(ErrorCode::kParse, path + ":" + std::to_string(number) + ": no row of a study: " + error.what());
    }
  }
}

const Json* StudyRecord::find(const std::string& part, const StudyStep& step) const {
  const auto found = rows_.find(key(part, step.name));
  if (found == rows_.end()) return nullptr;
  const auto row = std::find_if(found->second.rbegin(), found->second.rend(),
                                [&](const Json& each) { return agrees(each, step.settings); });
  return row == found->second.rend() ? nullptr : &*row;
}

Json StudyRecord::add(const std::string& part, const StudyStep& step, const Json& result) {
  Json row = {{"part", part}, {"step", step.name}};
  for (const Json& members : {result, step.settings, identity_, if_there_}) row.update(members);
  row["num_threads"] = num_threads_;
  std::ofstream file(path_, std::ios::app);
  file << "\n" << row.dump() << std::endl;  // on a line of its own, also after one that was cut
  if (!file) throw Error(ErrorCode::kIo, "cannot write '" + path_ + "'");
  rows_[key(part, step.name)].push_back(row);
  return row;
}

}  // namespace perfmodel::bench
