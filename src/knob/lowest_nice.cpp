#include "knob/lowest_nice.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace perfmodel {
namespace {

constexpr int kLeastNice = -20;
constexpr int kLimitOfNiceZero = 20;

bool has_capability(int capability) noexcept {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (::syscall(SYS_capget, &header, data) != 0) return false;
  return (data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability)) != 0;
}

}  // namespace

int lowest_nice(int own, rlim_t limit, bool may_lower) noexcept {
  if (may_lower || limit >= static_cast<rlim_t>(kLimitOfNiceZero - kLeastNice)) return kLeastNice;
  return std::min(own, kLimitOfNiceZero - static_cast<int>(limit));
}

int lowest_nice() noexcept {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NICE, &limit) != 0) limit.rlim_cur = 0;
  return lowest_nice(::getpriority(PRIO_PROCESS, 0), limit.rlim_cur, has_capability(CAP_SYS_NICE));
}

}  // namespace perfmodel
