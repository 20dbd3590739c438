#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "measure/configuration_plan.h"
#include "measure/configuration_record.h"
#include "perfmodel/measure/configuration_campaign.h"

namespace perfmodel {

/// @throws Error kInvalidArgument: options out of range, no objective or one twice; an empty list; cooling without
///         thermometers.
void check_campaign_options(const ConfigurationCampaignOptions& options, std::size_t num_configurations,
                            bool has_thermometers);

/// Position in the list of the configuration with each place in the order: the same for the same seed and length.
std::vector<std::size_t> measuring_order(std::size_t num_configurations, const ConfigurationCampaignOptions& options);

RecordNames record_names(const ConfigurationPlan& plan, const std::vector<std::unique_ptr<PowerMeter>>& meters,
                         const ConfigurationCampaignOptions& options);

/// @throws Error kMismatch: `stored` is not what `expected` is; more of an identity is no difference.
void require_schema(const CampaignSchema& stored, const CampaignSchema& expected);

/// "simulated_jetson (simulated)", "jetson_tx2 (untested on hardware)".
std::string board_text(const Board& board);

}  // namespace perfmodel
