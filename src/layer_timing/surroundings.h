#pragma once

#include <memory>
#include <string>
#include <vector>

#include "layer_timing/framework.h"

namespace perfmodel {

/// What else a program does between two runs of a layer, so that a layer timed by itself finds the processor as it
/// would in a network: branch predictors and instruction caches full of other operators, the data caches full of other
/// layers.
///
/// Without it small layers seem up to three times, small networks 10 to 15 % faster than they are.
class Surroundings {
 public:
  Surroundings(const std::string& framework, DeviceKind device);

  /// Runs a small network with one operator of each sort.
  void run_operators();

  /// Reads as much memory as the cache next to the core holds, if the program between two runs touches more than that.
  void sweep_cache(double reuse_bytes);

 private:
  WeightPool pool_;
  FilledBuffer input_, output_, swept_;
  std::unique_ptr<Framework> framework_;
  std::unique_ptr<PreparedNetwork> network_;
  std::size_t cache_bytes_;
};

}  // namespace perfmodel
