#include "knob/knob.h"

#include "knob/knob_kinds.h"
#include "perfmodel/core/error.h"

namespace perfmodel {

Knob::~Knob() = default;

Option Knob::option() const {
  const Option option = levels(-1);
  if (!can_be_read()) return option;
  KnobState current;
  try {
    current = state();
  } catch (const Error&) {  // the levels are known all the same
  }
  if (current.low != current.high) return option;  // NaN, too
  const std::optional<std::uint64_t> level = option.find_level(current.low);
  return level ? levels(static_cast<std::int64_t>(*level)) : option;
}

EffectiveLevel Knob::effective(const std::vector<std::string>&) const {
  return {};
}

std::unique_ptr<Knob> make_knob(const KnobTable& table, Settings& settings) {
  switch (table.mechanism) {
    case KnobMechanism::kWrites:
      return std::make_unique<WrittenKnob>(table, settings);
    case KnobMechanism::kRange:
      return std::make_unique<RangeKnob>(table, settings);
    case KnobMechanism::kCores:
      return std::make_unique<CoreKnob>(table, settings);
    case KnobMechanism::kNvml:
      return std::make_unique<NvmlKnob>(table, settings);
    case KnobMechanism::kHanded:
      return std::make_unique<HandedKnob>(table, settings);
  }
  throw Error(ErrorCode::kInternal, "a knob of no kind");
}

}  // namespace perfmodel
