#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel {

/// An environment as files hold it (docs/formats-layers.md), and back.
nlohmann::json environment_to_json(const Environment& environment);
/// @param where  stands for the file in messages
/// @throws Error kCorrupt: a key that is unknown, missing or of another type, a number or name out of range.
Environment environment_from_json(const nlohmann::json& value, const std::string& where);

}  // namespace perfmodel
