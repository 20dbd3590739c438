#include "sysfs/path_pattern.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <filesystem>

#include "perfmodel/core/error.h"
#include "sysfs/presence.h"

namespace perfmodel {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// End of the run of digits at `begin`, and where it begins without leading zeros.
std::pair<std::size_t, std::size_t> number_at(const std::string& text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && is_digit(text[end])) ++end;
  while (begin + 1 < end && text[begin] == '0') ++begin;
  return {begin, end};
}

/// Names in a folder that match one part of a pattern.
/// @param path  what messages call it
/// @throws Error kPermission, kIo: the folder may not be read.
std::vector<std::string> matching_names(const std::string& folder, const std::string& path, const std::string& part) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (::fnmatch(part.c_str(), name.c_str(), FNM_PERIOD | FNM_NOESCAPE) == 0) names.push_back(name);
  }
  if (error) require_absent(path, error.value());
  return names;
}

}  // namespace

void require_plain_path(const std::string& path) {
  const std::string parts = path + "/";
  if (path.empty() || path[0] != '/' || parts.find("/../") != std::string::npos ||
      path.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is no path that a board may name, allowed are absolute ones without '..'", path));
  }
}

bool natural_less(const std::string& left, const std::string& right) {
  std::size_t i = 0, j = 0;
  while (i < left.size() && j < right.size()) {
    if (is_digit(left[i]) && is_digit(right[j])) {
      const auto [left_begin, left_end] = number_at(left, i);
      const auto [right_begin, right_end] = number_at(right, j);
      const std::size_t left_size = left_end - left_begin, right_size = right_end - right_begin;
      if (left_size != right_size) return left_size < right_size;
      const int order = left.compare(left_begin, left_size, right, right_begin, right_size);
      if (order != 0) return order < 0;
      i = left_end;
      j = right_end;
    } else {
      if (left[i] != right[j]) return left[i] < right[j];
      ++i;
      ++j;
    }
  }
  if (left.size() - i != right.size() - j) return left.size() - i < right.size() - j;
  return left < right;
}

std::vector<std::string> match_paths(const std::string& root, const std::string& pattern) {
  require_plain_path(pattern);
  std::vector<std::string> found = {""};
  for (std::size_t begin = 1; begin <= pattern.size();) {
    const std::size_t end = std::min(pattern.find('/', begin), pattern.size());
    const std::string part = pattern.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty()) continue;
    std::vector<std::string> next;
    for (const std::string& folder : found) {
      if (part.find_first_of("*?[") == std::string::npos) {
        next.push_back(folder + "/" + part);
        continue;
      }
      for (const std::string& name : matching_names(root + folder + "/", folder + "/" + part, part))
        next.push_back(folder + "/" + name);
    }
    found = std::move(next);
  }
  const auto is_missing = [&](const std::string& path) { return !is_there(root + path, path); };
  found.erase(std::remove_if(found.begin(), found.end(), is_missing), found.end());
  std::sort(found.begin(), found.end(), natural_less);
  return found;
}

}  // namespace perfmodel
