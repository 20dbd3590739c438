#include "study_record.h"

#include <cstdio>
#include <fstream>

#include "perfmodel/core/build_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/layer_time/layer_features.h"

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

/// A number that is another one when features are (FNV-1a, 64 bits, of their names).
std::string features_hash() {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const LayerKind kind : {LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense}) {
    for (const FeatureSet features : {FeatureSet::kPaper, FeatureSet::kPhysics}) {
      for (const std::string& name : layer_feature_names(features, kind)) {
        for (const char letter : name + ";") hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
      }
    }
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

}  // namespace

StudyRecord::StudyRecord(const std::string& path, const StudyOptions& options)
    : path_(path),
      identity_({{"version", version()},
                 {"features_hash", features_hash()},
                 {"max_rows", options.max_rows},
                 {"seed", options.seed}}) {
  std::ifstream file(path);
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const Json row = Json::parse(line, nullptr, false);
    if (row.is_discarded()) continue;  // cut when the study was stopped
    try {
      if (!agrees(row, identity_)) continue;
      rows_[key(row.at("part").get<std::string>(), row.at("step").get<std::string>())] = row;
    } catch (const Json::exception& error) {
      throw Error(ErrorCode::kParse, path + ":" + std::to_string(number) + ": no row of a study: " + error.what());
    }
  }
}

const Json* StudyRecord::find(const std::string& part, const std::string& step) const {
  const auto found = rows_.find(key(part, step));
  return found == rows_.end() ? nullptr : &found->second;
}

const Json& StudyRecord::add(const std::string& part, const std::string& step, const Json& result) {
  Json row = {{"part", part}, {"step", step}};
  row.update(result);
  row.update(identity_);
  std::ofstream file(path_, std::ios::app);
  file << "\n" << row.dump() << std::endl;  // on a line of its own, also after one that was cut
  if (!file) throw Error(ErrorCode::kIo, "cannot write '" + path_ + "'");
  return rows_[key(part, step)] = row;
}

}  // namespace perfmodel::bench
