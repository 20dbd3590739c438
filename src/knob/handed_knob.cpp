#include "knob/knob_kinds.h"
#include "knob/knob_levels.h"
#include "perfmodel/core/error.h"

namespace perfmodel {

Option HandedKnob::levels(std::int64_t default_level) const {
  const LevelSource& source = table().levels;
  return option_of(table(), source.up_to_num_cpus ? levels_up_to_num_cpus() : source.numbers, default_level);
}

std::string HandedKnob::why_not_writable() const {
  try {
    option();
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace perfmodel
