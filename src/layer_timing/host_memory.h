#pragma once

#include <cstddef>
#include <string>

namespace perfmodel {

/// Makes glibc's malloc keep what is freed, for the rest of the process: otherwise large tensors are mapped anew each
/// time, and page faults rather than operators decide how long a layer takes. Does nothing with another C library.
void keep_freed_memory();

/// Memory that this process may still take without swapping: the machine's and its control group's.
double available_memory_bytes();

/// @param what  for the message, e.g. "conv2d 1x3x224x224 -> 64".
/// @throws Error kOutOfMemory: `bytes` are more than can be taken safely. The kernel would hand them out, and end the
///         process when they are used.
void require_memory(double bytes, const std::string& what);

/// Reads one float of each cache line.
void read_lines(const float* memory, std::size_t num_floats);

/// What a FilledBuffer is filled with. Nothing in it is denormal.
enum class Fill {
  kNoise,        ///< numbers in [-0.01, 0.01], each by itself
  kActivations,  ///< numbers in [0, 0.01] as a layer with ReLU leaves them: alike beside one another, half of them zero
};

/// Memory of random floats, aligned to pages. Grows, never shrinks.
class FilledBuffer {
 public:
  explicit FilledBuffer(Fill fill = Fill::kNoise) : fill_(fill) {}
  ~FilledBuffer();
  FilledBuffer(const FilledBuffer&) = delete;
  FilledBuffer& operator=(const FilledBuffer&) = delete;

  /// At least `num_floats`. Growing ends the life of what was returned before.
  /// @throws Error kOutOfMemory.
  float* reserve(std::size_t num_floats);

 private:
  void release() noexcept;
  Fill fill_;
  float* data_ = nullptr;
  std::size_t num_floats_ = 0;
};

}  // namespace perfmodel
