#pragma once

#include <vector>

#include "perfmodel/learner/model.h"

namespace perfmodel {

/// A model with rows to answer and room for the answers: what a program keeps ready when it asks often.
class OwnModel {
 public:
  /// @param rows  stay alive and unchanged
  OwnModel(const Model& model, MatrixView<const double> rows);

  /// Predicts all rows.  @throws Error as Status::throw_if_error().
  void predict();
  std::vector<double> means() const;  ///< of the last predict()

 private:
  Model model_;
  MatrixView<const double> rows_;
  std::vector<Prediction> predictions_;
  Workspace workspace_;
};

}  // namespace perfmodel
