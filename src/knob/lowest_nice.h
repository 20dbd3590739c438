#pragma once

#include <sys/resource.h>

namespace perfmodel {

/// The lowest nice value that the kernel lets a thread of value `own` give to itself or to a program that it starts.
/// @param limit     RLIMIT_NICE, which counts from 20 downwards: 25 allows -5
/// @param may_lower  CAP_SYS_NICE, which knows no limit
int lowest_nice(int own, rlim_t limit, bool may_lower) noexcept;

/// The same for the calling thread. In a container the kernel may refuse a value all the same.
int lowest_nice() noexcept;

}  // namespace perfmodel
