#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "study.h"

namespace perfmodel::bench {

/// The study's rows on the disk, one JSON object per line: a study that was stopped goes on where it ended.
class StudyRecord {
 public:
  /// Reads what is there; a last line that was cut is passed over. Rows of another version of perfmodel, of layers that
  /// were described by other features, of another number of rows or of another seed are not found. What features are is
  /// told by a hash of their names and, in rows that have it, by one of what they are of some layers.
  /// @throws Error kParse: a line that is no row of a study.
  StudyRecord(const std::string& path, const StudyOptions& options);

  /// The newest row of a part's step that agrees with its settings; null where there is none.
  const Json* find(const std::string& part, const StudyStep& step) const;

  /// Keeps a row, with what it depends on and the threads that it was made with; it is in the file on return.
  /// @throws Error kIo.
  Json add(const std::string& part, const StudyStep& step, const Json& result);

 private:
  std::string path_;
  Json identity_;  ///< what a row must agree in: version, features_hash, max_rows, seed
  Json if_there_;  ///< what it must agree in where it has it: features_values
  int num_threads_;
  std::map<std::string, std::vector<Json>> rows_;  ///< by part and step, in the file's order
};

}  // namespace perfmodel::bench
