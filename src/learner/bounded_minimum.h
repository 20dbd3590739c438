#pragma once

#include <functional>
#include <vector>

namespace perfmodel {

/// A point and the function's value there.
struct Minimum {
  std::vector<double> point;
  double value = 0;
};

/// A smooth function: its value at `point`, and its gradient into `gradient`, which has as many elements.
using SmoothFunction = std::function<double(const std::vector<double>& point, std::vector<double>& gradient)>;

/// A local minimum within bounds, by L-BFGS-B (Byrd, Lu, Nocedal and Zhu, 1995) as LBFGS++ has it. Where its line
/// search finds no further step, the best point that was seen is taken; the start with an infinite value where none
/// had a finite one.
///
/// @param start, lower, upper  as many values each; a start outside is moved to the bounds
/// @param max_iterations       >= 1
/// What `function` throws passes through, unless it is a std::runtime_error or std::logic_error.
Minimum minimise_within_bounds(const SmoothFunction& function, const std::vector<double>& start,
                               const std::vector<double>& lower, const std::vector<double>& upper, int max_iterations);

}  // namespace perfmodel
