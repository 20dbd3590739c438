#pragma once

#include <cstddef>
#include <memory>

namespace perfmodel {

/// Elements that are not set to anything before they are written: for megabytes, which a vector would fill with zeros
/// first. Movable.
template <typename T>
class RawArray {
 public:
  RawArray() = default;
  explicit RawArray(std::size_t size) : elements_(new T[size]), size_(size) {}

  T* data() noexcept { return elements_.get(); }
  const T* data() const noexcept { return elements_.get(); }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  const T& operator[](std::size_t i) const noexcept { return elements_[i]; }
  T& operator[](std::size_t i) noexcept { return elements_[i]; }

  /// Forgets the elements from `size` on.  REQUIRES: size <= size().
  void truncate(std::size_t size) noexcept { size_ = size; }

 private:
  std::unique_ptr<T[]> elements_;
  std::size_t size_ = 0;
};

}  // namespace perfmodel
