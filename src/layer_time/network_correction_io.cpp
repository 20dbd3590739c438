#include <nlohmann/json.hpp>

#include "core/archive.h"
#include "core/file.h"
#include "core/json.h"
#include "layer_time/environment_json.h"
#include "layer_time/network_correction_impl.h"
#include "learner/model_io.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr const char* kWhere = "network correction file";
constexpr char kMetadataKey[] = "network_correction";
constexpr char kFactorPath[] = "factor";

NetworkCorrection correction_from(const ArchiveReader& archive) {
  const ErrorCode code = ErrorCode::kCorrupt;
  const json value = parse_json(archive.content(kMetadataKey), kWhere, code);
  require_keys(value, {"environment", "factor"}, kWhere, code);
  Environment environment = environment_from_json(object_at(value, "environment", kWhere, code), kWhere);
  Model factor = read_model(object_at(value, "factor", kWhere, code), archive, kFactorPath);
  try {
    return NetworkCorrection(std::move(environment), std::move(factor));
  } catch (const Error& error) {
    // Facts that a later build may know.
    throw Error(ErrorCode::kVersion, std::string(kWhere) + ": " + error.what());
  }
}

}  // namespace

void NetworkCorrection::save(const std::string& path) const {
  ArchiveWriter archive;
  const json value = {{"environment", environment_to_json(impl_->environment)},
                      {"factor", write_model(archive, kFactorPath, impl_->factor)}};
  archive.set_metadata(kMetadataKey, write_json(value, "the correction of networks"));
  write_file_atomically(path, archive.finish());
}

NetworkCorrection NetworkCorrection::load(const std::string& path) {
  return correction_from(ArchiveReader::read(path));
}

NetworkCorrection NetworkCorrection::load(Span<const std::byte> file) {
  return correction_from(ArchiveReader::parse(file));
}

}  // namespace perfmodel
