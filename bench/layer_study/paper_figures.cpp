#include "paper_figures.h"

#include <map>

namespace perfmodel::bench {

std::vector<PaperColumn> paper_columns() {
  return {{"polynomial", "polynomial"},       {"SVR, RBF", "svr"},
          {"XGBoost", "xgboost_paper"},       {"PerfNet", "perfnet_paper"},
          {"ResPerfNet", "resperfnet_paper"}, {"ResPerfNet without Box-Cox", "resperfnet_no_box_cox"}};
}

std::string paper_text(const std::string& kind, const std::string& method) {
  static const std::map<std::string, std::string> kFigures = {
      {"conv polynomial", "63.57"},       {"conv svr", "58.74"},
      {"conv xgboost_paper", "29.25"},    {"conv perfnet_paper", "14.96"},
      {"conv resperfnet_paper", "11.75"}, {"conv resperfnet_no_box_cox", "about 2 points more"},
      {"pool resperfnet_paper", "6.22"},  {"dense resperfnet_paper", "4.52"},
  };
  const auto found = kFigures.find(kind + " " + method);
  return found == kFigures.end() ? "-" : found->second;
}

}  // namespace perfmodel::bench
