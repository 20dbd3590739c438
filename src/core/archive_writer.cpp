#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/archive.h"
#include "core/crc32c.h"
#include "perfmodel/core/error.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "model files are little-endian and copied as they are");

namespace perfmodel {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr char kUnsetChecksum[] = "00000000";

}  // namespace

const char* tensor_type_name(TensorType type) noexcept {
  switch (type) {
    case TensorType::kF32:
      return "F32";
    case TensorType::kF64:
      return "F64";
    case TensorType::kI32:
      return "I32";
    case TensorType::kU8:
      break;
  }
  return "U8";
}

std::size_t tensor_element_bytes(TensorType type) noexcept {
  switch (type) {
    case TensorType::kF64:
      return 8;
    case TensorType::kF32:
    case TensorType::kI32:
      return 4;
    case TensorType::kU8:
      break;
  }
  return 1;
}

bool count_elements(const std::vector<std::size_t>& shape, std::size_t& count) noexcept {
  count = 1;
  for (const std::size_t side : shape) {
    if (__builtin_mul_overflow(count, side, &count)) return false;
  }
  return true;
}

void ArchiveWriter::set_metadata(const std::string& key, std::string value) {
  if (key == "format" || key == "crc32c") {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("metadata '{}' is set by the writer itself", key));
  }
  metadata_[key] = std::move(value);
}

void ArchiveWriter::add(const std::string& name, std::vector<std::size_t> shape, Span<const float> values) {
  add_bytes(name, TensorType::kF32, std::move(shape), values.data(), values.size());
}

void ArchiveWriter::add(const std::string& name, std::vector<std::size_t> shape, Span<const double> values) {
  add_bytes(name, TensorType::kF64, std::move(shape), values.data(), values.size());
}

void ArchiveWriter::add(const std::string& name, std::vector<std::size_t> shape, Span<const std::int32_t> values) {
  add_bytes(name, TensorType::kI32, std::move(shape), values.data(), values.size());
}

void ArchiveWriter::add(const std::string& name, std::vector<std::size_t> shape, Span<const std::uint8_t> values) {
  add_bytes(name, TensorType::kU8, std::move(shape), values.data(), values.size());
}

void ArchiveWriter::add_bytes(const std::string& name, TensorType type, std::vector<std::size_t> shape,
                              const void* data, std::size_t count) {
  std::size_t expected = 0;
  if (shape.size() > ArchiveReader::kMaxDimensions || !count_elements(shape, expected) || expected != count) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("tensor '{}' has {} elements, which do not make shape [{}]",
                                                         name, count, fmt::join(shape, ", ")));
  }
  Tensor tensor{type, std::move(shape), std::string(count * tensor_element_bytes(type), '\0')};
  if (count > 0) std::memcpy(tensor.bytes.data(), data, tensor.bytes.size());
  if (name == "__metadata__" || !tensors_.emplace(name, std::move(tensor)).second) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("tensor name '{}' is taken", name));
  }
}

std::string ArchiveWriter::finish() const {
  std::vector<std::pair<std::string, const Tensor*>> ordered;
  for (const auto& [name, tensor] : tensors_) ordered.emplace_back(name, &tensor);
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    return tensor_element_bytes(a.second->type) > tensor_element_bytes(b.second->type);
  });

  nlohmann::json header;
  header["__metadata__"] = metadata_;
  header["__metadata__"]["format"] = fmt::format("perfmodel-{}", kFormatVersion);
  header["__metadata__"]["crc32c"] = kUnsetChecksum;
  std::size_t offset = 0;
  for (const auto& [name, tensor] : ordered) {
    const std::size_t end = offset + tensor->bytes.size();
    header[name] = {
        {"dtype", tensor_type_name(tensor->type)}, {"shape", tensor->shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }

  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::type_error& error) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a tensor name or metadata text is not UTF-8: {}", error.what()));
  }
  std::uint64_t header_bytes = text.size();
  const std::size_t misaligned = (sizeof header_bytes + text.size()) % kAlignment;
  if (misaligned != 0) text.append(kAlignment - misaligned, ' ');
  header_bytes = text.size();
  if (header_bytes > ArchiveReader::kMaxHeaderBytes || tensors_.size() > ArchiveReader::kMaxTensors) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} tensors with a header of {} bytes are too much for one file (at most {} and {})",
                            tensors_.size(), header_bytes, ArchiveReader::kMaxTensors, ArchiveReader::kMaxHeaderBytes));
  }

  std::string file(reinterpret_cast<const char*>(&header_bytes), sizeof header_bytes);
  file.reserve(file.size() + text.size() + offset);
  file += text;
  for (const auto& [name, tensor] : ordered) file += tensor->bytes;

  const std::string mark = fmt::format("\"crc32c\":\"{}\"", kUnsetChecksum);
  const std::string digits = fmt::format("{:08x}", crc32c(file.data(), file.size()));
  file.replace(file.find(mark) + mark.size() - 1 - digits.size(), digits.size(), digits);
  return file;
}

}  // namespace perfmodel
