#include "perfmodel/knob/knob_driver.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "knob/knob.h"
#include "knob/knob_errors.h"
#include "knob/knob_machine.h"
#include "knob/knob_writer.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A knob that was set, and where it is told what the hardware makes of it.
struct Watched {
  const Knob* knob;
  std::vector<std::string> effective_files;
};

/// A knob that set() was asked for.
struct Request {
  const Knob* knob;
  double value;
  std::optional<Option> option;  ///< none: the machine does not have it before other knobs are set
};

}  // namespace

struct KnobDriver::Impl {
  Board board;
  KnobDriverOptions options;
  mutable Settings settings;
  std::vector<std::unique_ptr<Knob>> knobs;
  KnobWriter writer;
  std::vector<KnobReading> readings;  ///< of the last set()
  std::vector<Watched> watched;       ///< the same knobs, those on hardware
  std::vector<KnobValue> handed;

  Impl(Board board, KnobDriverOptions options, const KnobMachine& machine);
  const Knob& knob(const std::string& name) const;
  KnobStatus status(const Knob& knob) const;
  void require_not_pinned(const Knob& knob, const Option& option) const;
  double handed_value(const std::string& name) const;
  void require_permission(const Request& request) const;
  std::vector<Request> requests(const std::vector<KnobValue>& values) const;
  KnobReading set(const Request& request);
  KnobReading hand(const std::string& name, double value);
};

KnobDriver::Impl::Impl(Board the_board, KnobDriverOptions the_options, const KnobMachine& machine)
    : board(std::move(the_board)),
      options(std::move(the_options)),
      settings(machine),
      writer(settings, board.name(), options) {
  for (const KnobTable& table : board.table().knobs) knobs.push_back(make_knob(table, settings));
}

const Knob& KnobDriver::Impl::knob(const std::string& name) const {
  const auto found =
      std::find_if(knobs.begin(), knobs.end(), [&](const auto& candidate) { return candidate->table().name == name; });
  if (found == knobs.end()) {
    throw Error(ErrorCode::kNotFound, fmt::format("board '{}' has no knob '{}', but {}", board.name(), name,
                                                  fmt::join(board.knob_names(), ", ")));
  }
  return **found;
}

double KnobDriver::Impl::handed_value(const std::string& name) const {
  const auto found =
      std::find_if(handed.begin(), handed.end(), [&](const KnobValue& value) { return value.name == name; });
  return found == handed.end() ? kNan : found->value;
}

KnobStatus KnobDriver::Impl::status(const Knob& knob) const {
  KnobStatus status;
  status.name = knob.table().name;
  status.unit = knob.table().unit;
  status.is_handed = !knob.is_of_machine();
  status.current_low = status.current_high = kNan;
  try {
    status.option = knob.option();
  } catch (const Error&) {  // why_not says it
  }
  try {
    const KnobState state = knob.state();
    status.current_low = state.low;
    status.current_high = state.high;
  } catch (const Error&) {
  }
  if (!knob.is_of_machine()) status.current_low = status.current_high = handed_value(status.name);
  status.current = status.current_low == status.current_high ? status.current_low : kNan;
  status.effective = knob.effective();
  status.why_not_kept = knob.why_not_kept();
  try {
    knob.require_settable();
    if (knob.is_of_machine()) writer.require_can_begin();
    // Cores that are offline stand in the way of those values only that bring them online.
    if (knob.table().mechanism != KnobMechanism::kCores) require_not_pinned(knob, knob.option());
  } catch (const Error& error) {
    status.why_not = error.what();
    status.why_not_code = code_for_knob(error.code());
  }
  status.writable = status.why_not.empty();
  return status;
}

void KnobDriver::Impl::require_not_pinned(const Knob& knob, const Option& option) const {
  const std::string pin = writer.pinned(knob, option);
  if (!pin.empty()) throw Error(ErrorCode::kMismatch, pin);
}

/// What is to be written and is known to be refused to this process stops a set before its other knobs are written.
void KnobDriver::Impl::require_permission(const Request& request) const {
  std::vector<PlannedWrite> plan;
  try {
    plan = request.knob->plan(request.value);
  } catch (const Error&) {  // may go as knobs before it are set
  }
  FileSystem& files = settings.files();
  for (const PlannedWrite& write : plan) {
    for_knob(request.knob->table().name, [&] {
      const bool is_file = write.setting[0] == '/';
      if (!is_file || !files.exists(write.setting) || files.is_writable(write.setting)) return;
      throw Error(ErrorCode::kPermission, fmt::format("no permission to write '{}'", write.setting));
    });
  }
}

/// What is asked for, checked as far as that can be before anything is written, in the order of the board's table.
std::vector<Request> KnobDriver::Impl::requests(const std::vector<KnobValue>& values) const {
  for (std::size_t i = 0; i < values.size(); ++i) {
    knob(values[i].name);
    const auto is_same = [&](const KnobValue& other) { return other.name == values[i].name; };
    if (std::any_of(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(i), is_same)) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("knob '{}' is given twice", values[i].name));
    }
  }
  std::vector<Request> requests;
  bool has_cores = false;
  for (const std::unique_ptr<Knob>& knob : knobs) {
    const std::string& name = knob->table().name;
    const auto found =
        std::find_if(values.begin(), values.end(), [&](const KnobValue& value) { return value.name == name; });
    if (found == values.end()) continue;
    Request request = {knob.get(), found->value, std::nullopt};
    try {
      request.option = for_knob(name, [&] { return knob->option(); });
    } catch (const Error& error) {
      if (!has_cores || error.code() != ErrorCode::kUnsupported) throw;  // perhaps it comes with its cores
    }
    if (request.option) request.option->level_of(request.value);
    has_cores = has_cores || knob->table().mechanism == KnobMechanism::kCores;
    requests.push_back(std::move(request));
  }
  if (requests.size() == 1) return requests;
  for (const Request& request : requests) {
    if (request.option && request.knob->is_of_machine()) require_permission(request);
  }
  return requests;
}

KnobReading KnobDriver::Impl::hand(const std::string& name, double value) {
  const auto found =
      std::find_if(handed.begin(), handed.end(), [&](const KnobValue& other) { return other.name == name; });
  if (found == handed.end()) {
    handed.push_back({name, value});
  } else {
    found->value = value;
  }
  return {name, value, value, kNan, 0};
}

KnobReading KnobDriver::Impl::set(const Request& request) {
  const std::string& name = request.knob->table().name;
  if (!request.knob->is_of_machine()) return hand(name, request.value);
  writer.begin();
  // Its levels may have changed with the knobs before it, as different cores have different ones.
  const Option option = for_knob(name, [&] { return request.knob->option(); });
  option.level_of(request.value);
  return writer.set(*request.knob, option, request.value);
}

KnobDriver::KnobDriver(Board board, KnobDriverOptions options) {
  const KnobMachine machine = knob_machine(options);
  impl_ = std::make_unique<Impl>(std::move(board), std::move(options), machine);
}

KnobDriver::KnobDriver(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

KnobDriver make_knob_driver(Board board, KnobDriverOptions options, const KnobMachine& machine) {
  return KnobDriver(std::make_unique<KnobDriver::Impl>(std::move(board), std::move(options), machine));
}

KnobDriver::~KnobDriver() = default;
KnobDriver::KnobDriver(KnobDriver&&) noexcept = default;
KnobDriver& KnobDriver::operator=(KnobDriver&&) noexcept = default;

const Board& KnobDriver::board() const noexcept {
  return impl_->board;
}

const KnobDriverOptions& KnobDriver::options() const noexcept {
  return impl_->options;
}

std::vector<KnobStatus> KnobDriver::list() const {
  std::vector<KnobStatus> all;
  for (const std::unique_ptr<Knob>& knob : impl_->knobs) all.push_back(impl_->status(*knob));
  return all;
}

std::string KnobDriver::pinned(const KnobValue& value) const {
  const Knob& knob = impl_->knob(value.name);
  const Option option = for_knob(value.name, [&] { return knob.option(); });
  option.level_of(value.value);
  return for_knob(value.name, [&] {
    const std::vector<PlannedWrite> plan = knob.plan(value.value);
    return impl_->writer.pinned(knob, option, &plan);
  });
}

KnobStatus KnobDriver::get(const std::string& name) const {
  return impl_->status(impl_->knob(name));
}

ConfigSpace KnobDriver::space(const std::vector<std::string>& names) const {
  std::vector<Option> options;
  for (const std::string& name : names) {
    const Knob& knob = impl_->knob(name);
    options.push_back(for_knob(name, [&] { return knob.option(); }));
  }
  return ConfigSpace(std::move(options));
}

std::vector<KnobReading> KnobDriver::set(const std::vector<KnobValue>& values) {
  const std::vector<Request> requests = impl_->requests(values);
  impl_->readings.clear();
  impl_->watched.clear();
  for (const Request& request : requests) impl_->readings.push_back(impl_->set(request));
  // Not before all are set: cores that come online bring files with them.
  for (const Request& request : requests) {
    if (request.knob->is_of_machine()) impl_->watched.push_back({request.knob, request.knob->effective_files()});
  }
  return impl_->readings;
}

std::vector<KnobReading> KnobDriver::read() const {
  std::vector<KnobReading> readings = impl_->readings;
  for (KnobReading& reading : readings) {
    const Knob& knob = impl_->knob(reading.name);
    if (!knob.is_of_machine()) continue;
    try {
      reading.read_back = farthest_from(reading.requested, knob.state());
    } catch (const Error&) {
      reading.read_back = kNan;
    }
    reading.effective = knob.effective();
  }
  return readings;
}

std::vector<EffectiveValue> KnobDriver::effective() const {
  std::vector<EffectiveValue> values;
  for (const auto& [knob, files] : impl_->watched) {
    const EffectiveLevel level = knob->effective(files);
    values.push_back({knob->table().name, level.mean, level.lowest});
  }
  return values;
}

const std::vector<KnobValue>& KnobDriver::handed() const noexcept {
  return impl_->handed;
}

RestoreReport KnobDriver::restore() noexcept {
  return impl_ ? impl_->writer.restore() : RestoreReport();
}

RestoreReport KnobDriver::roll_back() noexcept {
  return impl_ ? impl_->writer.roll_back() : RestoreReport();
}

bool KnobDriver::changed() const noexcept {
  return impl_ && impl_->writer.changed();
}

}  // namespace perfmodel
