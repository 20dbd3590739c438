#include "predict/part_tensors.h"

#include <fmt/format.h>

#include "core/crc32c.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

template <typename T>
std::uint32_t extend(std::uint32_t crc, Span<const T> values) {
  return crc32c(values.data(), values.size() * sizeof(T), crc);
}

std::string hex(std::uint32_t crc) {
  return fmt::format("{:08x}", crc);
}

}  // namespace

void PartTensorsWriter::add(const std::string& name, std::vector<std::size_t> shape, const std::vector<float>& values) {
  crc_ = extend<float>(crc_, values);
  archive_->add(path_ + "/" + name, std::move(shape), Span<const float>(values));
}

void PartTensorsWriter::add(const std::string& name, std::vector<std::size_t> shape,
                            const std::vector<double>& values) {
  crc_ = extend<double>(crc_, values);
  archive_->add(path_ + "/" + name, std::move(shape), Span<const double>(values));
}

void PartTensorsWriter::add(const std::string& name, std::vector<std::size_t> shape,
                            const std::vector<std::int32_t>& values) {
  crc_ = extend<std::int32_t>(crc_, values);
  archive_->add(path_ + "/" + name, std::move(shape), Span<const std::int32_t>(values));
}

void PartTensorsWriter::add(const std::string& name, std::vector<std::size_t> shape,
                            const std::vector<std::uint8_t>& values) {
  crc_ = extend<std::uint8_t>(crc_, values);
  archive_->add(path_ + "/" + name, std::move(shape), Span<const std::uint8_t>(values));
}

std::string PartTensorsWriter::digest() const {
  return hex(crc_);
}

Span<const float> PartTensorsReader::f32(const std::string& name, const std::vector<std::size_t>& shape) {
  const Span<const float> values = archive_->f32(path_ + "/" + name, shape);
  crc_ = extend(crc_, values);
  return values;
}

Span<const double> PartTensorsReader::f64(const std::string& name, const std::vector<std::size_t>& shape) {
  const Span<const double> values = archive_->f64(path_ + "/" + name, shape);
  crc_ = extend(crc_, values);
  return values;
}

Span<const std::int32_t> PartTensorsReader::i32(const std::string& name, const std::vector<std::size_t>& shape) {
  const Span<const std::int32_t> values = archive_->i32(path_ + "/" + name, shape);
  crc_ = extend(crc_, values);
  return values;
}

Span<const std::uint8_t> PartTensorsReader::u8(const std::string& name, const std::vector<std::size_t>& shape) {
  const Span<const std::uint8_t> values = archive_->u8(path_ + "/" + name, shape);
  crc_ = extend(crc_, values);
  return values;
}

void PartTensorsReader::require_digest(const std::string& digest) const {
  if (hex(crc_) != digest) {
    throw Error(ErrorCode::kCorrupt, fmt::format("{}: the tensors are not those that were saved", path_));
  }
}

}  // namespace perfmodel
