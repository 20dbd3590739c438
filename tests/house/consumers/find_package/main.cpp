#include <cstdio>
#include <cstring>

#include "perfmodel/core/build_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/core/version.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/network/network.h"

int main() {
  if (std::strcmp(perfmodel::version(), PERFMODEL_VERSION) != 0) return 1;
  const perfmodel::Network network = perfmodel::builtin_network("lenet", 1);
  std::printf("perfmodel %s, %s has %zu layers\n", perfmodel::version(), network.name().c_str(),
              network.nodes().size());
  try {
    perfmodel::LayerTimePredictor::load("/nowhere/predictor.safetensors");
  } catch (const perfmodel::Error& error) {  // the type crosses the library's border
    return error.code() == perfmodel::ErrorCode::kNotFound ? 0 : 1;
  }
  return 1;
}
