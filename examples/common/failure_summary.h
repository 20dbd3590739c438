#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace perfmodel::tools {

/// A reason for failure, and how often it was given.
struct FailureCount {
  std::string reason;
  std::size_t count = 0;
};

/// The distinct reasons, the most frequent first, of equals the one that came up first.
std::vector<FailureCount> count_failures(const std::vector<std::string>& reasons);

/// "12 x timeout: ..., 3 x parse error: ...", of many reasons the first ones and how many more there are.
std::string failure_text(const std::vector<FailureCount>& failures);

}  // namespace perfmodel::tools
