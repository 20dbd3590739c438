#pragma once

#include <cstddef>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// Scratch memory for predictions, 64-byte aligned. Owned by the caller, one per thread, reused from call to call.
class PERFMODEL_EXPORT Workspace {
 public:
  Workspace() noexcept = default;
  explicit Workspace(std::size_t bytes) { reserve(bytes); }
  ~Workspace();
  Workspace(Workspace&& other) noexcept;
  Workspace& operator=(Workspace&& other) noexcept;
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  /// Makes room for `bytes`; the only call here that allocates. Contents are not kept.
  /// @throws Error kOutOfMemory.
  void reserve(std::size_t bytes);

  std::byte* data() noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace perfmodel
