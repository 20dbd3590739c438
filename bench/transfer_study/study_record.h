#pragma once

#include <map>
#include <string>
#include <vector>

#include "comparison.h"
#include "study_cases.h"

namespace perfmodel::bench {

/// One row of the study: a case, a budget, a method and a learner.
struct StudyRow {
  StudyCase study_case;
  std::string budget;          ///< name of a StudyBudget; what came of it is `result.measured`
  tools::Comparison result;    ///< `strategy` is the name of a StudyMethod
  double measuring_hours = 0;  ///< what measuring took on the target, by the table's own times
  std::string version;         ///< of perfmodel
};

/// The study's rows on the disk, one JSON object per line: a study that was stopped goes on where it ended.
class StudyRecord {
 public:
  /// Reads what is there; a last line that was cut is passed over. Rows of another version of perfmodel are not found.
  /// @throws Error kParse: a line that is no row of a study.
  explicit StudyRecord(const std::string& path);

  /// The row of the same case, budget, number of repeats, strategy, learner and version; null where there is none.
  const StudyRow* find(const StudyRow& wanted) const;
  /// Keeps a row; it is in the file on return.
  void add(const StudyRow& row);

 private:
  std::string path_;
  std::map<std::string, StudyRow> rows_;
};

/// The row as one line for machines.
std::string to_json(const StudyRow& row);

}  // namespace perfmodel::bench
