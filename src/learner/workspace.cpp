#include "perfmodel/learner/workspace.h"

#include <fmt/format.h>

#include <cstdint>
#include <new>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::align_val_t kAlignment{64};

void release(std::byte* data) noexcept {
  ::operator delete(data, kAlignment);
}

}  // namespace

Workspace::~Workspace() {
  release(data_);
}

Workspace::Workspace(Workspace&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Workspace& Workspace::operator=(Workspace&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void Workspace::reserve(std::size_t bytes) {
  if (bytes <= size_) return;
  void* const data = bytes <= PTRDIFF_MAX ? ::operator new(bytes, kAlignment, std::nothrow) : nullptr;
  if (data == nullptr) {
    throw Error(ErrorCode::kOutOfMemory, fmt::format("a workspace of {} bytes does not fit in memory", bytes));
  }
  release(data_);
  data_ = static_cast<std::byte*>(data);
  size_ = bytes;
}

}  // namespace perfmodel
