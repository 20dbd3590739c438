#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/archive.h"
#include "core/crc32c.h"
#include "core/file.h"
#include "core/json.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using nlohmann::json;

/// A tensor as the header describes it.
struct Entry {
  std::string name;
  TensorType type;
  std::vector<std::size_t> shape;
  std::size_t begin, end;  ///< in the tensor section, in bytes
};

[[noreturn]] void throw_corrupt(const std::string& name, const std::string& reason) {
  throw Error(ErrorCode::kCorrupt, fmt::format("{}: {}", name, reason));
}

/// The header's text, once the lengths are known to fit the file.
std::string_view header_of(std::string_view file, const std::string& name) {
  std::uint64_t header_bytes = 0;
  constexpr std::string_view kEmptyHeader = "{}";
  if (file.size() < sizeof header_bytes + kEmptyHeader.size()) {
    throw_corrupt(name, fmt::format("not a model file: {} bytes are too few for one", file.size()));
  }
  std::memcpy(&header_bytes, file.data(), sizeof header_bytes);
  if (header_bytes > ArchiveReader::kMaxHeaderBytes) {
    throw_corrupt(name, "not a model file: it does not begin with the length of a header");
  }
  if (header_bytes > file.size() - sizeof header_bytes) {
    throw_corrupt(name, fmt::format("truncated: a header of {} bytes in a file of {}", header_bytes, file.size()));
  }
  const std::string_view header = file.substr(sizeof header_bytes, header_bytes);
  if (header.empty() || header.front() != '{') throw_corrupt(name, "not a model file: the header is not a JSON object");
  return header;
}

std::map<std::string, std::string> read_metadata(const json& header, const std::string& name) {
  std::map<std::string, std::string> metadata;
  const std::string where = name + ": __metadata__";
  for (const auto& [key, value] : object_at(header, "__metadata__", name, ErrorCode::kCorrupt).items()) {
    if (!value.is_string()) throw_corrupt(where, fmt::format("'{}' is not a string", key));
    metadata.emplace(key, value.get<std::string>());
  }
  return metadata;
}

void check_version(const std::map<std::string, std::string>& metadata, const std::string& name) {
  constexpr std::string_view kPrefix = "perfmodel-";
  const auto format = metadata.find("format");
  if (format == metadata.end() || format->second.compare(0, kPrefix.size(), kPrefix) != 0) {
    throw_corrupt(name, "not a model file of perfmodel: its metadata names no such format");
  }
  const std::string expected = fmt::format("{}{}", kPrefix, ArchiveWriter::kFormatVersion);
  if (format->second != expected) {
    throw Error(ErrorCode::kVersion, fmt::format("{}: format '{}' is unknown to this version of perfmodel (known: {})",
                                                 name, format->second, expected));
  }
}

void check_checksum(std::string_view file, std::string_view header, const std::map<std::string, std::string>& metadata,
                    const std::string& name) {
  constexpr std::string_view kMark = "\"crc32c\":\"", kUnset = "00000000";
  const auto expected = metadata.find("crc32c");
  const std::size_t mark = header.find(kMark);
  if (expected == metadata.end() || mark == std::string_view::npos ||
      header.find(kMark, mark + 1) != std::string_view::npos ||
      header.substr(mark + kMark.size(), kUnset.size() + 1) != expected->second + '"') {
    throw_corrupt(name, "no checksum where one belongs");
  }
  const auto digits = static_cast<std::size_t>(header.data() - file.data()) + mark + kMark.size();
  const std::size_t rest = digits + kUnset.size();
  std::uint32_t crc = crc32c(file.data(), digits);
  crc = crc32c(kUnset.data(), kUnset.size(), crc);
  crc = crc32c(file.data() + rest, file.size() - rest, crc);
  const std::string actual = fmt::format("{:08x}", crc);
  if (actual != expected->second) {
    throw_corrupt(name, fmt::format("damaged: its checksum is {}, {} was written", actual, expected->second));
  }
}

TensorType parse_type(const std::string& type, const std::string& where) {
  for (const TensorType known : {TensorType::kF32, TensorType::kF64, TensorType::kI32, TensorType::kU8}) {
    if (type == tensor_type_name(known)) return known;
  }
  throw_corrupt(where, fmt::format("unknown element type '{}' (known: F32, F64, I32, U8)", type));
}

std::vector<std::size_t> read_sizes(const json& object, const char* key, const std::string& where) {
  std::vector<std::size_t> sizes;
  for (const json& size : array_at(object, key, where, ErrorCode::kCorrupt)) {
    if (!size.is_number_unsigned()) {
      const std::string shown = size.is_number() ? size.dump() : size.type_name();
      throw_corrupt(where, fmt::format("'{}' holds {}, not sizes", key, shown));
    }
    if (sizes.size() == ArchiveReader::kMaxDimensions) {
      throw_corrupt(where, fmt::format("'{}' holds more than {} numbers", key, ArchiveReader::kMaxDimensions));
    }
    sizes.push_back(size.get<std::size_t>());
  }
  return sizes;
}

Entry read_entry(const std::string& tensor, const json& object, const std::string& name) {
  const std::string where = fmt::format("{}: tensor '{}'", name, tensor);
  require_keys(object, {"dtype", "shape", "data_offsets"}, where, ErrorCode::kCorrupt);
  Entry entry;
  entry.name = tensor;
  entry.type = parse_type(string_at(object, "dtype", where, ErrorCode::kCorrupt), where);
  entry.shape = read_sizes(object, "shape", where);
  const std::vector<std::size_t> offsets = read_sizes(object, "data_offsets", where);
  if (offsets.size() != 2 || offsets[0] > offsets[1]) throw_corrupt(where, "'data_offsets' is not a begin and an end");
  entry.begin = offsets[0];
  entry.end = offsets[1];
  std::size_t bytes = 0;
  if (!count_elements(entry.shape, bytes) || __builtin_mul_overflow(bytes, tensor_element_bytes(entry.type), &bytes) ||
      bytes != entry.end - entry.begin) {
    throw_corrupt(where, fmt::format("shape [{}] of {} does not take {} bytes", fmt::join(entry.shape, ", "),
                                     tensor_type_name(entry.type), entry.end - entry.begin));
  }
  return entry;
}

/// All tensors by offset, once they are known to fill `section_bytes` without a gap.
std::vector<Entry> read_entries(const json& header, std::size_t section_bytes, const std::string& name) {
  if (header.size() - 1 > ArchiveReader::kMaxTensors) {
    throw_corrupt(name, fmt::format("{} tensors (at most {})", header.size() - 1, ArchiveReader::kMaxTensors));
  }
  std::vector<Entry> entries;
  for (const auto& [tensor, object] : header.items()) {
    if (tensor != "__metadata__") entries.push_back(read_entry(tensor, object, name));
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::size_t offset = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != offset) {
      throw_corrupt(name,
                    fmt::format("tensor '{}' begins at byte {} of the tensors, not at {} where the one before ends",
                                entry.name, entry.begin, offset));
    }
    offset = entry.end;
  }
  if (offset != section_bytes) {
    throw_corrupt(
        name, fmt::format("truncated or too long: {} bytes of tensors, the header tells of {}", section_bytes, offset));
  }
  return entries;
}

RawArray<char> copy_of(std::string_view text) {
  RawArray<char> copy(text.size());
  if (!text.empty()) std::memcpy(copy.data(), text.data(), text.size());
  return copy;
}

std::string_view text_of(const RawArray<char>& bytes) {
  return {bytes.data(), bytes.size()};
}

}  // namespace

ArchiveReader ArchiveReader::read(const std::string& path) {
  return parse(read_file_bytes(path), path);
}

ArchiveReader ArchiveReader::parse(Span<const std::byte> file, const std::string& name) {
  return parse(copy_of({reinterpret_cast<const char*>(file.data()), file.size()}), name);
}

ArchiveReader ArchiveReader::parse(RawArray<char> contents, const std::string& name) {
  ArchiveReader archive;
  archive.owned_.push_back(std::make_shared<const RawArray<char>>(std::move(contents)));
  const std::string_view file = text_of(*archive.owned_.front());
  const std::string_view header = header_of(file, name);
  const json parsed = parse_json(header, name, ErrorCode::kCorrupt);

  archive.name_ = name;
  archive.metadata_ = read_metadata(parsed, name);
  check_version(archive.metadata_, name);
  const std::string_view section = file.substr(sizeof(std::uint64_t) + header.size());
  const std::vector<Entry> entries = read_entries(parsed, section.size(), name);
  check_checksum(file, header, archive.metadata_, name);
  for (const Entry& entry : entries) {
    std::string_view data = section.substr(entry.begin, entry.end - entry.begin);
    if (reinterpret_cast<std::uintptr_t>(data.data()) % tensor_element_bytes(entry.type) != 0) {
      archive.owned_.push_back(std::make_shared<const RawArray<char>>(copy_of(data)));
      data = text_of(*archive.owned_.back());
    }
    archive.tensors_.emplace(entry.name,
                             Tensor{entry.type, entry.shape, reinterpret_cast<const std::byte*>(data.data())});
  }
  return archive;
}

bool ArchiveReader::has_metadata(const std::string& key) const noexcept {
  return metadata_.count(key) > 0;
}

const std::string& ArchiveReader::metadata(const std::string& key) const {
  const auto found = metadata_.find(key);
  if (found == metadata_.end()) throw_corrupt(name_, fmt::format("metadata '{}' is missing", key));
  return found->second;
}

const std::string& ArchiveReader::content(const std::string& key) const {
  const auto found = metadata_.find(key);
  if (found != metadata_.end()) return found->second;
  std::string others;
  for (const auto& entry : metadata_) {
    if (entry.first != "format" && entry.first != "crc32c") others += fmt::format(", but '{}'", entry.first);
  }
  throw Error(ErrorCode::kMismatch, fmt::format("{}: the file holds no '{}'{}", name_, key, others));
}

bool ArchiveReader::has_tensor(const std::string& name) const noexcept {
  return tensors_.count(name) > 0;
}

const std::vector<std::size_t>& ArchiveReader::shape(const std::string& name) const {
  return find(name).shape;
}

const ArchiveReader::Tensor& ArchiveReader::find(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw_corrupt(name_, fmt::format("tensor '{}' is missing", name));
  return found->second;
}

const std::byte* ArchiveReader::find(const std::string& name, TensorType type, const std::vector<std::size_t>& shape,
                                     std::size_t& count) const {
  const Tensor& tensor = find(name);
  if (tensor.type != type || tensor.shape != shape) {
    throw_corrupt(name_, fmt::format("tensor '{}' is {} [{}], not {} [{}]", name, tensor_type_name(tensor.type),
                                     fmt::join(tensor.shape, ", "), tensor_type_name(type), fmt::join(shape, ", ")));
  }
  count_elements(shape, count);
  return tensor.data;
}

Span<const float> ArchiveReader::f32(const std::string& name, const std::vector<std::size_t>& shape) const {
  std::size_t count = 0;
  const std::byte* data = find(name, TensorType::kF32, shape, count);
  return {reinterpret_cast<const float*>(data), count};
}

Span<const double> ArchiveReader::f64(const std::string& name, const std::vector<std::size_t>& shape) const {
  std::size_t count = 0;
  const std::byte* data = find(name, TensorType::kF64, shape, count);
  return {reinterpret_cast<const double*>(data), count};
}

Span<const std::int32_t> ArchiveReader::i32(const std::string& name, const std::vector<std::size_t>& shape) const {
  std::size_t count = 0;
  const std::byte* data = find(name, TensorType::kI32, shape, count);
  return {reinterpret_cast<const std::int32_t*>(data), count};
}

Span<const std::uint8_t> ArchiveReader::u8(const std::string& name, const std::vector<std::size_t>& shape) const {
  std::size_t count = 0;
  const std::byte* data = find(name, TensorType::kU8, shape, count);
  return {reinterpret_cast<const std::uint8_t*>(data), count};
}

}  // namespace perfmodel
