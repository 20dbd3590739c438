#include "study_record.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "json_line.h"
#include "perfmodel/core/error.h"

namespace perfmodel::bench {
namespace {

std::string stem(const std::string& path) {
  return std::filesystem::path(path).stem().string();
}

std::string key(const StudyRow& row) {
  const tools::Comparison& result = row.result;
  return stem(row.study_case.source) + "|" + stem(row.study_case.target) + "|" + row.study_case.objective + "|" +
         row.budget + "|" + std::to_string(result.repeats) + "|" + result.strategy + "|" + result.learner + "|" +
         row.version;
}

double number_or_nan(const nlohmann::json& value) {
  return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

StudyRow from_json(const nlohmann::json& json) {
  StudyRow row;
  row.study_case.source = json.at("source").get<std::string>();
  row.study_case.target = json.at("target").get<std::string>();
  row.study_case.objective = json.at("objective").get<std::string>();
  row.budget = json.at("budget").get<std::string>();
  tools::Comparison& result = row.result;
  result.target = row.study_case.target;
  result.strategy = json.at("strategy").get<std::string>();
  result.learner = json.at("learner").get<std::string>();
  result.measured = json.at("measured").get<std::size_t>();
  result.repeats = json.at("repeats").get<int>();
  result.mape_pct = number_or_nan(json.at("mape_pct"));
  result.mape_pct_std = number_or_nan(json.at("mape_pct_std"));
  result.coverage_pct = number_or_nan(json.at("coverage_90_pct"));
  result.interval_width_pct = number_or_nan(json.at("interval_width_pct"));
  result.regret_pct = number_or_nan(json.at("regret_pct"));
  result.best_configuration = json.at("best_configuration").dump();
  result.best_regret_pct = number_or_nan(json.at("best_regret_pct"));
  row.measuring_hours = number_or_nan(json.at("measuring_hours"));
  row.version = json.at("version").get<std::string>();
  result.words = json.at("words").get<std::vector<std::string>>();
  return row;
}

}  // namespace

StudyRecord::StudyRecord(const std::string& path) : path_(path) {
  std::ifstream file(path);
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    if (json.is_discarded()) continue;  // cut when the study was stopped
    try {
      const StudyRow row = from_json(json);
      rows_[key(row)] = row;
    } catch (const nlohmann::json::exception& error) {
      throw Error(ErrorCode::kParse, path + ":" + std::to_string(number) + ": no row of a study: " + error.what());
    }
  }
}

const StudyRow* StudyRecord::find(const StudyRow& wanted) const {
  const auto found = rows_.find(key(wanted));
  return found == rows_.end() ? nullptr : &found->second;
}

void StudyRecord::add(const StudyRow& row) {
  std::ofstream file(path_, std::ios::app);
  file << "\n" << to_json(row) << std::endl;  // on a line of its own, also after one that was cut
  if (!file) throw Error(ErrorCode::kIo, "cannot write '" + path_ + "'");
}

std::string to_json(const StudyRow& row) {
  const tools::Comparison& result = row.result;
  tools::JsonObject line;
  line.add("source", stem(row.study_case.source)).add("target", stem(row.study_case.target));
  line.add("objective", row.study_case.objective).add("strategy", result.strategy).add("learner", result.learner);
  line.add("budget", row.budget).add("measured", result.measured).add("repeats", result.repeats);
  line.add("mape_pct", tools::rounded(result.mape_pct)).add("mape_pct_std", tools::rounded(result.mape_pct_std));
  line.add("coverage_90_pct", tools::rounded(result.coverage_pct));
  line.add("interval_width_pct", tools::rounded(result.interval_width_pct));
  line.add("regret_pct", tools::rounded(result.regret_pct));
  line.add_json("best_configuration", result.best_configuration);
  line.add("best_regret_pct", tools::rounded(result.best_regret_pct));
  line.add("measuring_hours", tools::rounded(row.measuring_hours, 5)).add("version", row.version);
  std::vector<std::string> words;
  for (const std::string& word : result.words) words.push_back(tools::json_string(word));
  line.add_json("words", tools::json_array(words));
  return line.text();
}

}  // namespace perfmodel::bench
