#include "configuration_text.h"

#include "json_line.h"

namespace perfmodel::tools {

std::string configuration_text(const ConfigSpace& space, const Configuration& configuration) {
  std::string text;
  for (std::size_t i = 0; i < configuration.size(); ++i) {
    text += (i == 0 ? "" : " ") + space.options()[i].name() + "=" + space.options()[i].text(configuration[i]);
  }
  return text;
}

std::string configuration_json(const ConfigSpace& space, const Configuration& configuration) {
  JsonObject json;
  for (std::size_t i = 0; i < configuration.size(); ++i) {
    const Option& option = space.options()[i];
    if (option.kind() == OptionKind::kCategorical) {
      json.add(option.name(), option.text(configuration[i]));
    } else {
      json.add(option.name(), option.value(configuration[i]));
    }
  }
  return json.text();
}

}  // namespace perfmodel::tools
