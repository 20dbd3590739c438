#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "best_configuration.h"
#include "options.h"
#include "perfmodel/config/config_space.h"
#include "perfmodel/measure/campaign.h"

namespace perfmodel::tools {

/// A target that is measured by a command, row by row into a campaign file.
class LiveTarget {
 public:
  /// @param options, space  must outlive this object
  /// @throws Error as CampaignStore::open().
  LiveTarget(const TransferToolOptions& options, const ConfigSpace& space);

  /// What the file held at first; without failures, where these are to be tried again.
  const Outcomes& known() const noexcept { return known_; }

  /// Runs the command and keeps what came out, whatever it is. A failure is a result.
  /// @param cancelled  asked some times a second; true ends the command, and nothing is kept
  /// @throws Error kCancelled; kInvalidArgument: a command that cannot be run with arguments; kNotFound, kPermission:
  ///         the first measurement says that there is no program to run, and nothing is kept; what
  ///         CampaignStore::append() throws.
  Outcome measure(const Configuration& configuration, const std::function<bool()>& cancelled);

 private:
  CampaignRow run(const Configuration& configuration, const std::function<bool()>& cancelled);
  double objective_in(const std::map<std::string, double>& answer) const;

  const TransferToolOptions& options_;
  const ConfigSpace& space_;
  CampaignStore store_;
  Outcomes known_;
  bool has_run_ = false;  ///< the command, in this process
  std::map<std::uint64_t, int> num_attempts_;
};

}  // namespace perfmodel::tools
