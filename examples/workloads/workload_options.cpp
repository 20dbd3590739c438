#include "workload_options.h"

#include <charconv>
#include <set>
#include <system_error>

#include "perfmodel/core/error.h"

namespace perfmodel::tools {
namespace {

int whole_number(const std::string& option, const std::string& text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && parsed == end && value >= 1) return value;
  throw Error(ErrorCode::kInvalidArgument,
              "option '" + option + "' is '" + text + "', allowed are whole numbers from 1 on");
}

void set(WorkloadRequest& request, const std::string& option, const std::string& value) {
  if (option == "network") {
    request.network = value;
  } else if (option == "batch_size") {
    request.batch = whole_number(option, value);
  } else if (option == "num_threads") {
    request.benchmark.num_threads = whole_number(option, value);
  } else if (option == "memory_format") {
    request.benchmark.memory_format = parse_memory_format(value);
  } else if (option != "cpu_affinity" && option != "nice") {
    throw Error(ErrorCode::kInvalidArgument,
                "option '" + option + "' is unknown (network, batch_size, num_threads, memory_format)");
  }
}

}  // namespace

WorkloadRequest parse_request(const std::vector<std::string>& arguments) {
  WorkloadRequest request;
  std::set<std::string> given;
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos) {
      throw Error(ErrorCode::kInvalidArgument, "'" + argument + "' is not of the form option=value");
    }
    const std::string option = argument.substr(0, equals);
    if (!given.insert(option).second) {
      throw Error(ErrorCode::kInvalidArgument, "option '" + option + "' is given twice");
    }
    set(request, option, argument.substr(equals + 1));
  }
  return request;
}

}  // namespace perfmodel::tools
