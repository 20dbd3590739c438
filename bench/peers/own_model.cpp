#include "own_model.h"

namespace perfmodel {

OwnModel::OwnModel(const Model& model, MatrixView<const double> rows)
    : model_(model), rows_(rows), predictions_(rows.rows()), workspace_(model.workspace_bytes(rows.rows())) {}

void OwnModel::predict() {
  model_.predict(rows_, predictions_, workspace_).throw_if_error();
}

std::vector<double> OwnModel::means() const {
  std::vector<double> means;
  for (const Prediction& prediction : predictions_) means.push_back(prediction.mean);
  return means;
}

}  // namespace perfmodel
