#include "perfmodel_measure_c.h"

#include <algorithm>

#include "perfmodel/measure/campaign.h"
#include "structs.h"

namespace capi = perfmodel::capi;

/// The handle of perfmodel_measure_c.
struct perfmodel_campaign {
  perfmodel::CampaignStore impl;
};

constexpr const char* struct_name(const perfmodel_campaign_counts&) {
  return "perfmodel_campaign_counts";
}

perfmodel_status perfmodel_campaign_counts_init(perfmodel_campaign_counts* counts, std::size_t struct_size) noexcept {
  return capi::init_struct(counts, struct_size, {});
}

perfmodel_status perfmodel_campaign_open(const char* path, perfmodel_campaign** out_campaign) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && out_campaign != nullptr, "path or out_campaign is NULL");
    *out_campaign = new perfmodel_campaign{perfmodel::CampaignStore::open_existing(path)};
  });
}

void perfmodel_campaign_destroy(perfmodel_campaign* campaign) noexcept {
  delete campaign;
}

perfmodel_status perfmodel_campaign_count(perfmodel_campaign* campaign,
                                          perfmodel_campaign_counts* out_counts) noexcept {
  return capi::guard([&] {
    capi::require(campaign != nullptr && out_counts != nullptr, "campaign or out_counts is NULL");
    const std::size_t struct_size = capi::checked_size(out_counts);
    const std::vector<perfmodel::CampaignRow> rows = campaign->impl.rows();
    const auto is_ok = [](const perfmodel::CampaignRow& row) { return row.ok; };
    const auto num_ok = static_cast<std::uint64_t>(std::count_if(rows.begin(), rows.end(), is_ok));
    const perfmodel_campaign_counts counts{sizeof counts, num_ok, rows.size() - num_ok};
    capi::write_struct(counts, out_counts, struct_size);
  });
}

perfmodel_status perfmodel_campaign_export_csv(perfmodel_campaign* campaign, const char* path) noexcept {
  return capi::guard([&] {
    capi::require(campaign != nullptr && path != nullptr, "campaign or path is NULL");
    perfmodel::write_csv(campaign->impl.to_csv_table(), path);
  });
}
