#pragma once

#include <vector>

#include "perfmodel/measure/campaign.h"

namespace perfmodel {

/// All attempts at one (candidate, pass).
struct CampaignAttempts {
  CampaignRow best;  ///< the least disturbed one that is ok, the first of equals; else the least disturbed failure, the
                     ///< last of equals
  int num_attempts = 0;
  int last_attempt = 0;  ///< its number
};

/// Groups attempts, given in the order of writing, by candidate and pass (ascending).
std::vector<CampaignAttempts> group_attempts(const std::vector<CampaignRow>& attempts);

}  // namespace perfmodel
