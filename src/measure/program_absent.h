#pragma once

#include <string>

#include "perfmodel/core/error.h"

namespace perfmodel {

/// A program that cannot be started, whatever it is given: what makes every run fail. To everybody else an Error like
/// another.
class ProgramAbsent : public Error {
 public:
  using Error::Error;
};

}  // namespace perfmodel
