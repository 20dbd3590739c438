#include "perfmodel/core/error.h"
#include "svr.h"

namespace perfmodel::bench {

SvrFit fit_svr(const Dataset&, double, const FitOptions&) {
  throw Error(ErrorCode::kUnsupported, "this build is without libsvm (Debian's libsvm-dev)");
}

}  // namespace perfmodel::bench
