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

/// What ResPerfNet's paper says of a column on the GTX 1080 Ti with TensorFlow, of the EXECUTION phase alone, where the
/// study's rows hold whole calls: a mark to pass, not the same quantity. Texts; "-" where it gives none.
struct PaperFigure {
  std::string layer;   ///< "conv", "pool", "dense"
  std::string method;  ///< the study's
  std::string mape_pct = "-", rmse_ms = "-", mae_ms = "-", r2 = "-";
};
std::vector<PaperFigure> paper_figures();

}  // namespace perfmodel::bench
