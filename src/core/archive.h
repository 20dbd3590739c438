#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/span.h"

namespace perfmodel {

/// Element types of tensors, named as safetensors does.
enum class TensorType { kF32, kF64, kI32, kU8 };

/// Collects tensors and metadata and makes one safetensors file of them (docs/formats.md).
///
/// The file: a little-endian 64-bit header length, the JSON header padded with blanks to a multiple of 64 bytes, then the
/// tensors, each aligned to 64 bytes. `__metadata__` holds "format" (kFormatVersion), "crc32c" (eight hex digits: CRC32C of
/// the whole file with those digits read as zeros) and what callers set.
class ArchiveWriter {
 public:
  static constexpr int kFormatVersion = 1;

  void set_metadata(const std::string& key, std::string value);
  void add(const std::string& name, std::vector<std::size_t> shape, Span<const float> values);
  void add(const std::string& name, std::vector<std::size_t> shape, Span<const double> values);
  void add(const std::string& name, std::vector<std::size_t> shape, Span<const std::int32_t> values);
  void add(const std::string& name, std::vector<std::size_t> shape, Span<const std::uint8_t> values);

  /// The bytes of the file.
  std::string finish() const;

 private:
  struct Tensor {
    TensorType type;
    std::vector<std::size_t> shape;
    std::string bytes;
  };
  void add_bytes(const std::string& name, TensorType type, std::vector<std::size_t> shape, const void* data,
                 std::size_t count, std::size_t element_bytes);
  std::map<std::string, std::string> metadata_;
  std::map<std::string, Tensor> tensors_;
};

/// A safetensors file that was checked from end to end: lengths, offsets (in order, no gaps but alignment, no overlap),
/// shapes against sizes, format version, checksum. Owns an aligned copy of the bytes; views stay valid as long as it lives.
class ArchiveReader {
 public:
  static constexpr std::size_t kMaxHeaderBytes = std::size_t{64} << 20;
  static constexpr std::size_t kMaxTensors = 100000;

  /// @throws Error kNotFound, kIo (file); kCorrupt, kVersion.
  static ArchiveReader read(const std::string& path);
  static ArchiveReader parse(Span<const std::byte> file);

  bool has_metadata(const std::string& key) const noexcept;
  const std::string& metadata(const std::string& key) const;  ///< @throws Error kCorrupt: not there

  bool has_tensor(const std::string& name) const noexcept;
  const std::vector<std::size_t>& shape(const std::string& name) const;  ///< @throws Error kCorrupt: not there

  /// The values of a tensor of that type and exactly that shape.  @throws Error kCorrupt: not there, other type or shape.
  Span<const float> f32(const std::string& name, const std::vector<std::size_t>& shape) const;
  Span<const double> f64(const std::string& name, const std::vector<std::size_t>& shape) const;
  Span<const std::int32_t> i32(const std::string& name, const std::vector<std::size_t>& shape) const;
  Span<const std::uint8_t> u8(const std::string& name, const std::vector<std::size_t>& shape) const;

 private:
  struct Tensor {
    TensorType type;
    std::vector<std::size_t> shape;
    const std::byte* data;
    std::size_t bytes;
  };
  const Tensor& find(const std::string& name, TensorType type, const std::vector<std::size_t>& shape) const;

  std::map<std::string, std::string> metadata_;
  std::map<std::string, Tensor> tensors_;
  std::shared_ptr<std::byte> bytes_;
};

}  // namespace perfmodel
