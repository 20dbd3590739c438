#pragma once

namespace perfmodel {

/// Floating-point operations of one float_product().
constexpr int kProductSize = 1024;
constexpr double kProductFlops = 2.0 * kProductSize * kProductSize * kProductSize;

/// Multiplies two square float32 matrices of kProductSize with Eigen, on one thread, compiled for this very machine
/// (-march=native): as near to the machine's float peak as a library comes. Operands are made on the first call.
/// @return  an element of the product
[[gnu::visibility("default")]] float float_product();

}  // namespace perfmodel
