#include "float_peak.h"

#include <Eigen/Core>

namespace perfmodel {

float float_product() {
  static const Eigen::MatrixXf a = Eigen::MatrixXf::Random(kProductSize, kProductSize);
  static const Eigen::MatrixXf b = Eigen::MatrixXf::Random(kProductSize, kProductSize);
  static Eigen::MatrixXf product(kProductSize, kProductSize);
  product.noalias() = a * b;
  return product(0, 0);
}

}  // namespace perfmodel
