#pragma once

#include <CLI/CLI.hpp>

namespace perfmodel::tools {

/// Checks of numbers on the command line, whose errors say what was given and what is allowed: "0 is below 1".
CLI::Validator at_least(double minimum);
CLI::Validator above(double limit);
CLI::Validator between(double minimum, double maximum);  ///< both allowed

}  // namespace perfmodel::tools
