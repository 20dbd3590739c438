#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "perfmodel/knob/clock.h"
#include "sysfs/file_system.h"

namespace perfmodel {

/// Files in memory that behave as the kernel's do.
class FakeKernel : public FileSystem {
 public:
  using Nodes = std::map<std::string, std::string>;

  /// A frequency policy of cores: with all of them offline its folder is gone, or there but not in use.
  struct Policy {
    std::string folder;
    std::vector<std::string> online_files;
  };

  explicit FakeKernel(Nodes initial, std::shared_ptr<Clock> the_clock = nullptr)
      : nodes(std::move(initial)), clock(std::move(the_clock)) {}

  Nodes nodes;  ///< path -> text
  std::shared_ptr<Clock> clock;
  std::vector<std::pair<std::string, std::string>> ranges;  ///< minimum and maximum, never in the wrong order
  std::vector<Policy> policies;
  bool idle_policies_stay = false;
  std::map<std::string, double> caps;      ///< more than that is taken for that, silently
  std::map<std::string, double> delays_s;  ///< until a written value shows
  std::set<std::string> read_only, busy, choices;
  std::vector<std::pair<std::string, std::string>> writes;  ///< all that there were

  std::string read(const std::string& path) override;
  void write(const std::string& path, std::string_view text) override;
  bool exists(const std::string& path) override;
  bool is_writable(const std::string& path) override { return exists(path) && read_only.count(path) == 0; }
  std::vector<std::string> match(const std::string& pattern) override;
  void append_synced(const std::string& path, std::string_view text) override;
  void remove_synced(const std::string& path) override { nodes.erase(path); }

 private:
  enum class Presence { kThere, kIdle, kGone };
  Presence presence(const std::string& path) const;
  void require_there(const std::string& path, const char* action) const;
  void require_in_range(const std::string& path, double number) const;
  void store(const std::string& path, const std::string& text);

  struct Late {
    std::string text;
    double at_s;
  };
  std::map<std::string, Late> late_;
};

}  // namespace perfmodel
