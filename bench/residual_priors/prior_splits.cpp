#include "prior_splits.h"

#include <filesystem>
#include <set>

#include "prior_cases.h"

namespace perfmodel::bench {

std::vector<PriorSplit> splits_by_table(const std::vector<StudyCase>& cases, const std::string& family) {
  std::set<std::string> tables;
  for (const StudyCase& study_case : of_family(cases, family)) tables.insert(study_case.target);
  std::vector<PriorSplit> splits;
  for (const std::string& table : tables) {
    PriorSplit split{"without " + std::filesystem::path(table).stem().string(), {}, {}};
    for (const StudyCase& study_case : cases) {
      if (study_case.target == table) split.judged_by.push_back(study_case);
      if (study_case.target != table && study_case.source != table) split.chosen_by.push_back(study_case);
    }
    splits.push_back(split);
  }
  return splits;
}

PriorSplit split_by_family(const std::vector<StudyCase>& cases, const std::string& family) {
  PriorSplit split{"without " + family, {}, of_family(cases, family)};
  for (const StudyCase& study_case : cases) {
    if (family_of(study_case) != family) split.chosen_by.push_back(study_case);
  }
  return split;
}

}  // namespace perfmodel::bench
