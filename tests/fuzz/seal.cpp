#include "seal.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "core/crc32c.h"
#include "core/json.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr std::string_view kUnset = "00000000";

/// The JSON object that a text is.
std::optional<json> object_in(std::string_view text) {
  try {
    json value = parse_json(text, "a text");
    if (value.is_object()) return value;
  } catch (const Error&) {
  }
  return std::nullopt;
}

/// What follows is for JSON of any kind: members that are not there, or of another type, are null or empty.
const json& member(const json& object, const std::string& key) {
  static const json kNull;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() ? *found : kNull;
}

std::string text_at(const json& object, const char* key) {
  const json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// Makes the digests of a model's parts right.
class PartSealer {
 public:
  PartSealer(const json& header, std::string_view tensors) : header_(header), tensors_(tensors) {}

  void seal(json& part, const std::string& path) const {
    if (!part.is_object()) return;
    if (part.contains("tensors_crc32c")) part["tensors_crc32c"] = fmt::format("{:08x}", digest(part, path));
    for (const char* key : {"inner", "outer"}) {
      if (part.contains(key)) seal(part[key], path + "/" + key);
    }
    if (!member(part, "members").is_array()) return;
    std::size_t index = 0;
    for (json& member_part : part["members"]) seal(member_part, fmt::format("{}/member{}", path, index++));
  }

 private:
  std::uint32_t digest(const json& part, const std::string& path) const {
    std::uint32_t crc = 0;
    for (const std::string& name : names_of(part)) {
      const std::string_view bytes = tensor(path + "/" + name);
      crc = crc32c(bytes.data(), bytes.size(), crc);
    }
    return crc;
  }

  /// A part's tensors in the order in which they are read.
  static std::vector<std::string> names_of(const json& part) {
    const std::string kind = text_at(part, "kind");
    if (kind == "trees" && member(part, "missing_values") == true) {
      return {"roots", "feature", "threshold", "left", "missing_left"};
    }
    if (kind == "trees") return {"roots", "feature", "threshold", "left"};
    if (kind == "polynomial") return {"coefficients", "first_factor", "inputs", "powers"};
    if (kind == "gaussian_process") {
      return {"inverse_length_scales", "slopes", "points", "weights", "cholesky", "mean_cholesky"};
    }
    std::vector<std::string> names;
    if (kind != "sequence_network" || !member(part, "layers").is_array()) return names;
    for (std::size_t i = 0; i < part["layers"].size(); ++i) {
      names.push_back(fmt::format("layer{}/weights", i));
      if (member(part["layers"][i], "bias") == true) names.push_back(fmt::format("layer{}/bias", i));
    }
    return names;
  }

  std::string_view tensor(const std::string& name) const {
    const json& offsets = member(member(header_, name), "data_offsets");
    if (offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) return {};
    const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
    return begin <= end && end <= tensors_.size() ? tensors_.substr(begin, end - begin) : std::string_view();
  }

  const json& header_;
  std::string_view tensors_;
};

/// Makes the digests right in the JSON that metadata hold as text: of one model, of a correction's, or of a predictor's
/// models.
void seal_metadata(json& header, std::string_view tensors) {
  json& metadata = header["__metadata__"];
  const PartSealer sealer(header, tensors);
  if (auto model = object_in(text_at(metadata, "model"))) {
    if (model->contains("evaluator")) sealer.seal((*model)["evaluator"], "model");
    metadata["model"] = model->dump();
  }
  if (auto correction = object_in(text_at(metadata, "network_correction"))) {
    if (member(member(*correction, "factor"), "evaluator").is_object()) {
      sealer.seal((*correction)["factor"]["evaluator"], "factor");
    }
    metadata["network_correction"] = correction->dump();
  }
  auto predictor = object_in(text_at(metadata, "predictor"));
  if (!predictor || !member(*predictor, "kinds").is_array()) return;
  for (json& kind : (*predictor)["kinds"]) {
    if (!member(kind, "phases").is_array()) continue;
    constexpr const char* kPhases[] = {"pre", "exe", "post"};
    for (std::size_t i = 0; i < std::min(kind["phases"].size(), std::size(kPhases)); ++i) {
      json& model = kind["phases"][i];
      if (member(model, "evaluator").is_object()) {
        sealer.seal(model["evaluator"], text_at(kind, "kind") + "/" + kPhases[i]);
      }
    }
  }
  metadata["predictor"] = predictor->dump();
}

}  // namespace

std::string seal(const std::string& file) {
  std::uint64_t header_bytes = 0;
  if (file.size() < sizeof header_bytes) return file;
  std::memcpy(&header_bytes, file.data(), sizeof header_bytes);
  if (header_bytes > file.size() - sizeof header_bytes) return file;
  const std::string_view tensors = std::string_view(file).substr(sizeof header_bytes + header_bytes);
  auto header = object_in(std::string_view(file).substr(sizeof header_bytes, header_bytes));
  if (!header || !member(*header, "__metadata__").is_object()) return file;

  seal_metadata(*header, tensors);
  (*header)["__metadata__"]["crc32c"] = kUnset;
  const std::string text = header->dump();
  header_bytes = text.size();
  std::string sealed(reinterpret_cast<const char*>(&header_bytes), sizeof header_bytes);
  sealed.append(text).append(tensors);
  const std::string mark = "\"crc32c\":\"";
  sealed.replace(sealed.find(mark + std::string(kUnset)) + mark.size(), kUnset.size(),
                 fmt::format("{:08x}", crc32c(sealed.data(), sealed.size())));
  return sealed;
}

}  // namespace perfmodel
