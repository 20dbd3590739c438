#include <algorithm>
#include <iterator>

#include "devices_part.h"
#include "end_to_end_part.h"
#include "features_part.h"
#include "justus_part.h"
#include "learners_part.h"
#include "networks_part.h"
#include "study.h"
#include "time_column_part.h"

namespace perfmodel::bench {

std::vector<std::string> chosen_learners(const StudyOptions& options, const std::vector<std::string>& names) {
  const std::vector<std::string>& asked = options.learners;
  std::vector<std::string> chosen;
  std::copy_if(names.begin(), names.end(), std::back_inserter(chosen), [&](const std::string& name) {
    return asked.empty() || std::find(asked.begin(), asked.end(), name) != asked.end();
  });
  return chosen;
}

std::vector<StudyPart> study_parts() {
  return {time_column_part(), features_part(), networks_part(), end_to_end_part(),
          devices_part(),     justus_part(),   learners_part()};
}

}  // namespace perfmodel::bench
