#pragma once

#include <string>
#include <vector>

namespace perfmodel::bench {

/// A column of ResPerfNet's table 1.
struct PaperColumn {
  std::string title;
  std::string method;  ///< the study's
};
std::vector<PaperColumn> paper_columns();

/// The paper's MAPE in % on the GTX 1080 Ti with TensorFlow, EXECUTION phase alone, where the study's rows hold whole
/// calls: a mark to pass, not the same quantity. "-" where it gives none.
std::string paper_text(const std::string& kind, const std::string& method);

}  // namespace perfmodel::bench
