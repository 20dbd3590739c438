#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "perfmodel/learner/model.h"

namespace perfmodel {

/// The parts of models that compute (networks, trees, Gaussian processes, polynomials), each in the library that fits
/// such: LibTorch for networks, XGBoost for trees, perfmodel for the others. What lies around the parts (features of a
/// layer, transforms, means) is left out, so that run() takes less than a program on these libraries would.
class LibraryParts {
 public:
  LibraryParts() = default;

  /// Adds the parts of `model`, each to be asked about `num_rows` random rows, and checks that the library answers as
  /// perfmodel does.
  /// @throws Error kMismatch: it does not; kInternal: XGBoost's error.
  void add(const Model& model, std::size_t num_rows);

  /// Predicts every part's rows.
  void run();

  std::size_t num_networks() const noexcept { return num_networks_; }
  std::size_t num_ensembles() const noexcept { return num_ensembles_; }
  std::size_t num_others() const noexcept { return num_others_; }

 private:
  std::vector<std::function<void()>> predictions_;
  std::size_t num_networks_ = 0, num_ensembles_ = 0, num_others_ = 0;
};

}  // namespace perfmodel
