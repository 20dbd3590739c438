#include <perfmodel_train_c.h>

#include <cstdio>

#include "perfmodel/core/build_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/train/layer_benchmark.h"
#include "perfmodel/train/resperfnet.h"

int main() {
  if (perfmodel_train_register_learners() != PERFMODEL_OK) return 1;
  for (const std::string& framework : perfmodel::layer_frameworks())
    std::printf("times layers in %s\n", framework.c_str());
  try {
    const auto learner = perfmodel::make_resperfnet_learner(perfmodel::resperfnet_preset("default"));
    std::printf("fits %s\n", learner->name().c_str());
    return perfmodel::has_feature("torch") ? 0 : 1;
  } catch (const perfmodel::Error& error) {
    std::printf("%s\n", error.what());
    return !perfmodel::has_feature("torch") && error.code() == perfmodel::ErrorCode::kUnsupported ? 0 : 1;
  }
}
