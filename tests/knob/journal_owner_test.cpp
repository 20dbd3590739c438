#include "knob/journal_owner.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace perfmodel {
namespace {

TEST(JournalOwner, StaysWhileTheProcessLives) {
  const std::string owner = journal_owner();
  EXPECT_EQ(owner.size(), 32u);
  EXPECT_EQ(owner.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(journal_owner(), owner);
}

TEST(JournalOwner, IsAnotherOfAProcessThatIsForked) {
  const std::string owner = journal_owner();
  const pid_t process = ::fork();
  if (process == 0) ::_exit(journal_owner() == owner ? 1 : 0);
  int status = 0;
  ASSERT_EQ(::waitpid(process, &status, 0), process);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace perfmodel
