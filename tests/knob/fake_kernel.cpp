#include "knob/fake_kernel.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>

#include "perfmodel/core/error.h"
#include "sysfs/path_pattern.h"

namespace perfmodel {

FakeKernel::Presence FakeKernel::presence(const std::string& path) const {
  const std::string folder = path + "/";
  const auto below = nodes.lower_bound(folder);
  const bool is_folder = below != nodes.end() && below->first.compare(0, folder.size(), folder) == 0;
  if (!is_folder && nodes.count(path) == 0) return Presence::kGone;
  for (const Policy& policy : policies) {
    if (folder.compare(0, policy.folder.size() + 1, policy.folder + "/") != 0) continue;
    const auto is_online = [&](const std::string& file) { return nodes.at(file) == "1"; };
    if (std::any_of(policy.online_files.begin(), policy.online_files.end(), is_online)) continue;
    return idle_policies_stay ? Presence::kIdle : Presence::kGone;
  }
  return Presence::kThere;
}

void FakeKernel::require_there(const std::string& path, const char* action) const {
  if (presence(path) == Presence::kGone) {
    throw Error(ErrorCode::kNotFound, fmt::format("cannot {} '{}': No such file or directory", action, path));
  }
  if (presence(path) == Presence::kIdle || busy.count(path) != 0) {
    throw Error(ErrorCode::kBusy, fmt::format("cannot {} '{}': Device or resource busy", action, path));
  }
}

std::string FakeKernel::read(const std::string& path) {
  require_there(path, "read");
  const auto late = late_.find(path);
  if (late != late_.end() && clock->now_s() >= late->second.at_s) {
    nodes[path] = late->second.text;
    late_.erase(late);
  }
  return nodes.at(path);
}

void FakeKernel::require_in_range(const std::string& path, double number) const {
  for (const auto& [minimum, maximum] : ranges) {
    const bool is_bad = (path == minimum && number > std::atof(nodes.at(maximum).c_str())) ||
                        (path == maximum && number < std::atof(nodes.at(minimum).c_str()));
    if (is_bad) throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' does not take '{}'", path, number));
  }
}

void FakeKernel::store(const std::string& path, const std::string& text) {
  const auto delay_s = delays_s.find(path);
  if (delay_s != delays_s.end()) {
    late_[path] = {text, clock->now_s() + delay_s->second};
  } else {
    nodes[path] = text;
  }
}

void FakeKernel::write(const std::string& path, std::string_view text) {
  writes.emplace_back(path, text);
  require_there(path, "write");
  if (read_only.count(path) != 0) {
    throw Error(ErrorCode::kPermission, fmt::format("cannot write '{}': Permission denied", path));
  }
  std::string kept(text);
  const double number = std::atof(kept.c_str());
  require_in_range(path, number);
  const auto cap = caps.find(path);
  if (cap != caps.end() && number > cap->second) kept = fmt::format("{}", cap->second);
  if (choices.count(path) != 0) {
    std::string all = nodes.at(path);
    all.erase(std::remove_if(all.begin(), all.end(), [](char c) { return c == '[' || c == ']'; }), all.end());
    if (all.find(kept) == std::string::npos) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' does not take '{}'", path, text));
    }
    kept = all.replace(all.find(kept), kept.size(), "[" + kept + "]");
  }
  store(path, kept);
}

bool FakeKernel::exists(const std::string& path) {
  return presence(path) != Presence::kGone;
}

std::vector<std::string> FakeKernel::match(const std::string& pattern) {
  if (pattern.find('*') == std::string::npos)
    return exists(pattern) ? std::vector<std::string>{pattern} : std::vector<std::string>();
  std::set<std::string> found;
  for (const auto& node : nodes) {
    for (std::size_t end = node.first.find('/', 1);; end = node.first.find('/', end + 1)) {
      const std::string path = node.first.substr(0, end);
      if (::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0 && exists(path)) found.insert(path);
      if (end == std::string::npos) break;
    }
  }
  std::vector<std::string> ordered(found.begin(), found.end());
  std::sort(ordered.begin(), ordered.end(), natural_less);
  return ordered;
}

void FakeKernel::append_synced(const std::string& path, std::string_view text) {
  nodes[path] += text;
}

}  // namespace perfmodel
