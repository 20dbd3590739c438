#pragma once

#include <string>
#include <vector>

#include "study_cases.h"

namespace perfmodel::bench {

/// Which cases priors are chosen by, and which others judge the choice.
struct PriorSplit {
  std::string name;
  std::vector<StudyCase> chosen_by, judged_by;
};

/// For each table that is a target in the family `family`: chosen by all cases in which it is neither source nor
/// target, judged by those in which it is the target.
std::vector<PriorSplit> splits_by_table(const std::vector<StudyCase>& cases, const std::string& family);

/// Chosen by the other families, judged by `family`.
PriorSplit split_by_family(const std::vector<StudyCase>& cases, const std::string& family);

}  // namespace perfmodel::bench
