#pragma once

#include <cstddef>
#include <vector>

#include "perfmodel/layer_time/network_correction.h"

namespace perfmodel {

struct NetworkCorrection::Impl {
  Environment environment;
  Model factor;
  std::vector<std::size_t> positions;  ///< of the model's features among network_fact_names()
};

}  // namespace perfmodel
