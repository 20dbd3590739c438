#pragma once

#include <map>
#include <string>
#include <vector>

#include "comparison.h"
#include "study_cases.h"

namespace perfmodel::bench {

/// One row of the study: a case, a budget, a strategy and a learner.
struct StudyRow {
  StudyCase study_case;
  tools::Comparison result;
  double measuring_hours = 0;  ///< what measuring took on the target, by the table's own times
};

/// The study's rows on the disk, one JSON object per line: a study that was stopped goes on where it ended.
class StudyRecord {
 public:
  /// Reads what is there.  @throws Error kIo, kParse.
  explicit StudyRecord(const std::string& path);

  const StudyRow* find(const StudyCase& study_case, std::size_t budget, int repeats, const std::string& strategy,
                       const std::string& learner) const;
  /// Keeps a row; it is in the file on return.
  void add(const StudyRow& row);

 private:
  std::string path_;
  std::map<std::string, StudyRow> rows_;
};

/// The row as one line for machines.
std::string to_json(const StudyRow& row);

}  // namespace perfmodel::bench
