#include <fmt/format.h>

#include <charconv>
#include <string>
#include <system_error>
#include <utility>

#include "board/board_table.h"
#include "perfmodel/core/error.h"
#include "perfmodel/measure/configuration_campaign.h"

namespace perfmodel {
namespace {

int whole_number(const std::string& option, const std::string& text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && parsed == end) return value;
  throw Error(ErrorCode::kParse, fmt::format("option '{}': '{}' is no whole number", option, text));
}

const std::string* text_of(const std::vector<std::pair<std::string, std::string>>& configuration,
                           const std::string& option) {
  for (const auto& [name, text] : configuration) {
    if (name == option) return &text;
  }
  return nullptr;
}

ProcessSettings settings_of(const BoardTable& board,
                            const std::vector<std::pair<std::string, std::string>>& configuration) {
  ProcessSettings settings;
  for (const KnobTable& knob : board.knobs) {
    const std::string* text = text_of(configuration, knob.name);
    if (text == nullptr || knob.mechanism != KnobMechanism::kHanded) continue;
    switch (knob.handed) {
      case HandedEffect::kNone:
        break;
      case HandedEffect::kCpuAffinity:
        settings.num_cpus = whole_number(knob.name, *text);
        break;
      case HandedEffect::kNice:
        settings.nice = whole_number(knob.name, *text);
        break;
      case HandedEffect::kEnvironment:
        settings.environment.emplace_back(knob.environment_variable, *text);
        break;
    }
  }
  return settings;
}

}  // namespace

Workload command_workload(MeasuringCommand command, const Board& board, std::function<bool()> cancelled) {
  check_measuring_command(command);
  return [command = std::move(command), board,
          cancelled = std::move(cancelled)](const std::vector<std::pair<std::string, std::string>>& configuration) {
    return run_measuring_command(command, configuration, cancelled, settings_of(board.table(), configuration));
  };
}

}  // namespace perfmodel
