#pragma once

#include <cstdint>

#include "perfmodel/measure/campaign.h"

/// The campaign that campaign_victim runs and that the test knows beforehand.
inline constexpr std::uint64_t kNumVictimCandidates = 400;

inline perfmodel::CampaignSchema victim_schema() {
  perfmodel::CampaignSchema schema;
  schema.purpose = "kill test";
  schema.input_columns = {"size"};
  schema.output_columns = {"time_ms"};
  schema.identity = {{"seed", "1"}};
  return schema;
}

inline double victim_size(std::uint64_t candidate) {
  return 1.0 / static_cast<double>(candidate + 1);
}
inline double victim_time_ms(std::uint64_t candidate, int pass) {
  return 3.7 * victim_size(candidate) + 0.1 * static_cast<double>(pass);
}

/// One row that is known to be on the disk, as the victim writes it to its pipe.
struct VictimAcknowledgement {
  std::uint64_t candidate;
  std::int32_t pass;
  std::int32_t attempt;
};
