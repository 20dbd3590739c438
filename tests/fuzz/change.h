#pragma once

#include <string>

#include "perfmodel/core/random.h"

namespace perfmodel {

/// `text` with one to four changes at random: a bit, a byte, a number, a part that is left out, repeated or taken from
/// `other`.
std::string change(std::string text, const std::string& other, Random& random);

}  // namespace perfmodel
