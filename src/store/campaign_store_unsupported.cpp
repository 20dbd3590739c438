#include "perfmodel/core/error.h"
#include "perfmodel/measure/campaign.h"

namespace perfmodel {
namespace {

[[noreturn]] void throw_unsupported() {
  throw Error(ErrorCode::kUnsupported, "campaign files need SQLite, and this build has none (PERFMODEL_WITH_SQLITE)");
}

}  // namespace

// Without SQLite no store can be made: open() and open_existing() throw, so the rest is never reached.
struct CampaignStore::Impl {
  CampaignSchema schema;
};

CampaignStore::CampaignStore(std::unique_ptr<Impl>) {
  throw_unsupported();
}
CampaignStore::~CampaignStore() = default;
CampaignStore::CampaignStore(CampaignStore&&) noexcept = default;
CampaignStore& CampaignStore::operator=(CampaignStore&&) noexcept = default;

CampaignStore CampaignStore::open(const std::string&, const CampaignSchema&) {
  throw_unsupported();
}
CampaignStore CampaignStore::open_existing(const std::string&) {
  throw_unsupported();
}
const CampaignSchema& CampaignStore::schema() const noexcept {
  return impl_->schema;
}
void CampaignStore::append(const CampaignRow&) {
  throw_unsupported();
}
std::vector<CampaignRow> CampaignStore::all_rows() const {
  throw_unsupported();
}
void CampaignStore::set_max_bytes(std::size_t) {
  throw_unsupported();
}

}  // namespace perfmodel
