#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "perfmodel/network/layer.h"

namespace perfmodel {

/// Values of a network's JSON (docs/formats.md). `where` begins every message, e.g. "node 'conv1'".

/// A whole number from `minimum` to 2^31 - 1.  @throws Error kParse (no whole number), kInvalidArgument (out of range).
std::int64_t size_value(const nlohmann::json& value, const char* key, const std::string& where, std::int64_t minimum);

/// `3` or `[3, 5]` (height, width), each at least 1.  @throws Error as size_value().
Size2 size2_value(const nlohmann::json& value, const char* key, const std::string& where);

/// `1`, `[0, 1, 0, 1]` (top, bottom, left, right) or "valid".  @throws Error as size_value().
Pads pads_value(const nlohmann::json& value, const std::string& where);

/// Names.  @throws Error kUnsupported: another name; the message lists the known ones.
LayerKind kind_value(const std::string& name, const std::string& where);
Activation activation_value(const std::string& name, const std::string& where);
PoolKind pool_kind_value(const std::string& name, const std::string& where);

}  // namespace perfmodel
