#pragma once

#include <string>
#include <vector>

namespace perfmodel::bench {

/// One transfer of the study: from a table to another of the same options, by objective.
struct StudyCase {
  std::string source, target;  ///< CSV files, under the data folder
  std::string objective;       ///< column to predict
  std::vector<std::string> ignored;
  bool hardware_change = false;  ///< another board, whose levels are matched by rank
};

/// Everything the study runs over: the paper's environments as far as they are published (Jetson TX2, another image
/// size or network), and Jetson TX1 from and to TX2.
std::vector<StudyCase> study_cases();

}  // namespace perfmodel::bench
