#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/archive.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// Puts a model's tensors under `path`/ and returns the JSON from which read_model() makes an equal one;
/// docs/formats.md describes it. A file may hold several models under different paths.
/// @throws Error kInvalidArgument: parts nested deeper, or more of them, than read_model() takes; text that is
///         not UTF-8.
nlohmann::json write_model(ArchiveWriter& archive, const std::string& path, const Model& model);

/// Reads what write_model() wrote.
/// @throws Error kCorrupt: unknown or missing keys, wrong types, tensors that do not fit or are not those that
///         were written.
Model read_model(const nlohmann::json& json, const ArchiveReader& archive, const std::string& path);

}  // namespace perfmodel
