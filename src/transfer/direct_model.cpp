#include "transfer/session_base.h"

namespace perfmodel {
namespace {

/// DM (Iqbal et al., OpML 2019, section 2): the source model, unchanged. Nothing is measured.
class DirectModel final : public SessionBase {
 public:
  explicit DirectModel(TransferSetup setup) : SessionBase("dm", std::move(setup), 0, false) {}

 protected:
  std::vector<std::size_t> plan(std::size_t) override { return {}; }
  Model adapt() const override { return matched_source(); }
};

}  // namespace

std::unique_ptr<SessionBase> make_direct_model(TransferSetup setup) {
  return std::make_unique<DirectModel>(std::move(setup));
}

}  // namespace perfmodel
