#include "board/nvml.h"
#include "perfmodel/core/error.h"
namespace perfmodel {
Nvml::~Nvml() = default;
std::shared_ptr<Nvml> open_nvml(const std::string& library) {
  throw Error(ErrorCode::kUnsupported, "no library " + library);
}
}  // namespace perfmodel
