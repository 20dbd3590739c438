#include "knob/lowest_nice.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "perfmodel/knob/knob_driver.h"

namespace perfmodel {
namespace {

constexpr int kLeastNice = -20, kGreatestNice = 19;
constexpr uid_t kNobody = 65534;

TEST(LowestNice, IsOnesOwnUnlessALimitOrACapabilityAllowsLess) {
  // setpriority(2): a value down to 20 - RLIMIT_NICE is allowed.
  EXPECT_EQ(lowest_nice(10, 0, false), 10);
  EXPECT_EQ(lowest_nice(0, 0, false), 0);
  EXPECT_EQ(lowest_nice(10, 15, false), 5);
  EXPECT_EQ(lowest_nice(10, 25, false), -5);
  EXPECT_EQ(lowest_nice(-7, 25, false), -7);  // which nobody takes away
  EXPECT_EQ(lowest_nice(10, 40, false), kLeastNice);
  EXPECT_EQ(lowest_nice(10, RLIM_INFINITY, false), kLeastNice);
  EXPECT_EQ(lowest_nice(10, 0, true), kLeastNice);
}

/// Whether `holds` does in a process without privilege that is a little nicer than this one.
bool holds_without_privilege(const std::function<bool(int own)>& holds) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int own = std::min(::getpriority(PRIO_PROCESS, 0) + 3, kGreatestNice);
    const rlimit none = {};
    const bool is_ready = ::setpriority(PRIO_PROCESS, 0, own) == 0 && ::setrlimit(RLIMIT_NICE, &none) == 0 &&
                          (::geteuid() != 0 || ::setuid(kNobody) == 0);
    ::_exit(is_ready && holds(own) ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(LowestNice, IsWhatTheKernelAllows) {
  EXPECT_TRUE(holds_without_privilege([](int own) {
    return lowest_nice() == own && ::setpriority(PRIO_PROCESS, 0, own) == 0 &&
           ::setpriority(PRIO_PROCESS, 0, own - 1) != 0;
  }));
}

KnobStatus nice_of(const Board& board) {
  KnobDriverOptions options;
  options.root = "/nowhere";  // handed knobs need no file
  return KnobDriver(board, options).get("nice");
}

TEST(NiceKnob, OffersWhatAProgramCanBeGiven) {
  EXPECT_TRUE(holds_without_privilege([](int own) {
    const KnobStatus nice = nice_of(built_in_board("process"));
    const int first = std::max(0, own);  // the table lists none below 0
    return nice.writable && nice.option->value(0) == first &&
           nice.option->num_levels() == static_cast<std::uint64_t>(kGreatestNice - first + 1);
  }));
  const KnobStatus own_nice = nice_of(built_in_board("process"));
  EXPECT_EQ(own_nice.option->value(0), std::max(0, lowest_nice()));
}

TEST(NiceKnob, SaysWhenThereIsNothingToGive) {
  EXPECT_TRUE(holds_without_privilege([](int own) {
    const KnobStatus nice =
        nice_of(Board::from_json(R"({"version": 1, "name": "x", "title": "X", "tested_on_hardware": false,
          "knobs": [{"name": "nice", "kind": "ordinal", "levels": [-20], "handed": {"effect": "nice"}}]})"));
    return nice.why_not == "this process may give no nice value below " + std::to_string(own) &&
           nice.why_not_code == ErrorCode::kPermission;
  }));
}

}  // namespace
}  // namespace perfmodel
