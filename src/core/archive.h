#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/raw_array.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// Element types of tensors, named as safetensors does.
enum class TensorType { kF32, kF64, kI32, kU8 };

const char* tensor_type_name(TensorType type) noexcept;      ///< "F32", "F64", "I32", "U8"
std::size_t tensor_element_bytes(TensorType type) noexcept;  ///< 4, 8, 4, 1

/// Product of `shape`; an empty shape holds one element.  @return false when it overflows.
bool count_elements(const std::vector<std::size_t>& shape, std::size_t& count) noexcept;

/// Collects tensors and metadata and makes one safetensors file of them (docs/formats-archive.md).
///
/// The file: a little-endian 64-bit header length, the JSON header padded with blanks so that the tensors begin at a
/// multiple of 64 bytes, then the tensors without gaps, as safetensors asks, those of larger elements first, so that
/// each is aligned to its element size. `__metadata__` holds "format" ("perfmodel-1": kFormatVersion), "crc32c" (eight
/// lower-case hex digits: CRC-32C of the whole file with those digits read as '0') and what callers set: text, or JSON
/// as text.
class ArchiveWriter {
 public:
  static constexpr int kFormatVersion = 1;

  /// @throws Error kInvalidArgument: "format" or "crc32c", which the writer sets itself.
  void set_metadata(const std::string& key, std::string value);

  /// Adds a tensor; `values` are copied, row-major.
  /// @throws Error kInvalidArgument: a name twice, "__metadata__", or a shape that does not hold as many elements.
  void add(const std::string& name, std::vector<std::size_t> shape, Span<const float> values);
  void add(const std::string& name, std::vector<std::size_t> shape, Span<const double> values);
  void add(const std::string& name, std::vector<std::size_t> shape, Span<const std::int32_t> values);
  void add(const std::string& name, std::vector<std::size_t> shape, Span<const std::uint8_t> values);

  /// The bytes of the file.  @throws Error kInvalidArgument: a name or text that is not UTF-8, more than a reader
  /// takes.
  std::string finish() const;

 private:
  struct Tensor {
    TensorType type;
    std::vector<std::size_t> shape;
    std::string bytes;
  };
  void add_bytes(const std::string& name, TensorType type, std::vector<std::size_t> shape, const void* data,
                 std::size_t count);
  std::map<std::string, std::string> metadata_;
  std::map<std::string, Tensor> tensors_;
};

/// A safetensors file that was checked from end to end: lengths, offsets (from 0, no gap, no overlap), shapes against
/// sizes, format version, checksum. Owns the file's bytes; each tensor is aligned to its elements' size. Views stay
/// valid as long as it or a copy of it lives.
class ArchiveReader {
 public:
  static constexpr std::size_t kMaxHeaderBytes = std::size_t{16} << 20;
  static constexpr std::size_t kMaxTensors = 100000;
  static constexpr std::size_t kMaxDimensions = 8;

  /// @param name  stands for the file in messages
  /// @throws Error kNotFound, kPermission, kIo (file); kCorrupt (truncated, damaged, not one of ours), kVersion.
  static ArchiveReader read(const std::string& path);
  static ArchiveReader parse(Span<const std::byte> file, const std::string& name = "model file");

  bool has_metadata(const std::string& key) const noexcept;
  const std::string& metadata(const std::string& key) const;  ///< @throws Error kCorrupt: not there

  /// The metadata entry that tells what the file is, e.g. "model".
  /// @throws Error kMismatch: not there; says what is.
  const std::string& content(const std::string& key) const;

  bool has_tensor(const std::string& name) const noexcept;
  const std::vector<std::size_t>& shape(const std::string& name) const;  ///< @throws Error kCorrupt: not there

  /// The values of a tensor of that type and exactly that shape.  @throws Error kCorrupt: not there, other type or
  /// shape.
  Span<const float> f32(const std::string& name, const std::vector<std::size_t>& shape) const;
  Span<const double> f64(const std::string& name, const std::vector<std::size_t>& shape) const;
  Span<const std::int32_t> i32(const std::string& name, const std::vector<std::size_t>& shape) const;
  Span<const std::uint8_t> u8(const std::string& name, const std::vector<std::size_t>& shape) const;

 private:
  static ArchiveReader parse(RawArray<char> contents, const std::string& name);

  struct Tensor {
    TensorType type;
    std::vector<std::size_t> shape;
    const std::byte* data;
  };
  const Tensor& find(const std::string& name) const;
  const std::byte* find(const std::string& name, TensorType type, const std::vector<std::size_t>& shape,
                        std::size_t& count) const;

  std::string name_;
  std::map<std::string, std::string> metadata_;
  std::map<std::string, Tensor> tensors_;
  std::vector<std::shared_ptr<const RawArray<char>>> owned_;  ///< the file, and tensors that were not aligned in it
};

}  // namespace perfmodel
