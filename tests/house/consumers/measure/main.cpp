#include <perfmodel_measure_c.h>

#include <cstdio>

#include "perfmodel/core/build_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/measure/campaign.h"
#include "perfmodel/measure/protocol.h"

int main() {
  std::printf("perfmodel %s, a clock tick is %g ms\n", perfmodel::version(), perfmodel::clock_tick_ms());
  const bool has_sqlite = perfmodel::has_feature("sqlite");
  const auto expected = has_sqlite ? PERFMODEL_ERROR_NOT_FOUND : PERFMODEL_ERROR_UNSUPPORTED;
  perfmodel_campaign* campaign = nullptr;
  if (perfmodel_campaign_open("/nowhere/campaign.sqlite", &campaign) != expected) return 1;
  try {
    perfmodel::CampaignStore::open_existing("/nowhere/campaign.sqlite");
  } catch (const perfmodel::Error& error) {
    return static_cast<perfmodel_status>(error.code()) == expected ? 0 : 1;
  }
  return 1;
}
