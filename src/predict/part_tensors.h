#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/archive.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// Writes the tensors of one part of a model under `path`/ and digests their values in order.
///
/// The file's checksum finds damage. The digest, which is kept in the part's JSON, finds tensors that were exchanged by
/// a program that keeps the checksum right: equal shapes alone would not tell.
class PartTensorsWriter {
 public:
  PartTensorsWriter(ArchiveWriter& archive, std::string path) : archive_(&archive), path_(std::move(path)) {}

  void add(const std::string& name, std::vector<std::size_t> shape, const std::vector<float>& values);
  void add(const std::string& name, std::vector<std::size_t> shape, const std::vector<double>& values);
  void add(const std::string& name, std::vector<std::size_t> shape, const std::vector<std::int32_t>& values);
  void add(const std::string& name, std::vector<std::size_t> shape, const std::vector<std::uint8_t>& values);
  std::string digest() const;  ///< CRC-32C of the values added so far, eight hexadecimal digits

 private:
  ArchiveWriter* archive_;
  std::string path_;
  std::uint32_t crc_ = 0;
};

/// Reads what a PartTensorsWriter wrote, in the same order. Values stay the archive's.
class PartTensorsReader {
 public:
  PartTensorsReader(const ArchiveReader& archive, std::string path) : archive_(&archive), path_(std::move(path)) {}

  /// @throws Error kCorrupt: no such tensor, or one of another type or shape.
  Span<const float> f32(const std::string& name, const std::vector<std::size_t>& shape);
  Span<const double> f64(const std::string& name, const std::vector<std::size_t>& shape);
  Span<const std::int32_t> i32(const std::string& name, const std::vector<std::size_t>& shape);
  Span<const std::uint8_t> u8(const std::string& name, const std::vector<std::size_t>& shape);

  /// @throws Error kCorrupt: the tensors read so far are not those that were written.
  void require_digest(const std::string& digest) const;

 private:
  const ArchiveReader* archive_;
  std::string path_;
  std::uint32_t crc_ = 0;
};

template <typename T>
std::vector<T> copy_of(Span<const T> values) {
  return {values.begin(), values.end()};
}

}  // namespace perfmodel
