#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "study.h"

namespace perfmodel::bench {

/// The study's rows on the disk, one JSON object per line: a study that was stopped goes on where it ended.
class StudyRecord {
 public:
  /// Reads what is there; a last line that was cut is passed over. Rows of another version of perfmodel, of layers that
  /// were described by other features, of another number of rows or of another seed are not found.
  /// @throws Error kParse: a line that is no row of a study.
  StudyRecord(const std::string& path, const StudyOptions& options);

  /// The row of a part's step; null where there is none.
  const Json* find(const std::string& part, const std::string& step) const;

  /// Keeps a row; it is in the file on return.
  /// @throws Error kIo.
  const Json& add(const std::string& part, const std::string& step, const Json& result);

 private:
  std::string path_;
  Json identity_;  ///< what a row must agree in: version, features_hash, max_rows, seed
  std::map<std::string, Json> rows_;
};

}  // namespace perfmodel::bench
