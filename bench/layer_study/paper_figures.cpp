#include "paper_figures.h"

namespace perfmodel::bench {

std::vector<PaperColumn> paper_columns() {
  return {{"polynomial", "polynomial"},       {"SVR, RBF", "svr"},
          {"XGBoost", "xgboost_paper"},       {"PerfNet", "perfnet_paper"},
          {"ResPerfNet", "resperfnet_paper"}, {"ResPerfNet without Box-Cox", "resperfnet_no_box_cox"}};
}

std::vector<PaperFigure> paper_figures() {
  return {{"conv", "polynomial", "63.57"},
          {"conv", "svr", "58.74"},
          {"conv", "xgboost_paper", "29.25"},
          {"conv", "perfnet_paper", "14.96", "0.98"},
          {"conv", "resperfnet_paper", "11.75", "0.840", "0.336", "> 0.97"},
          {"conv", "resperfnet_no_box_cox", "about 2 points more"},
          {"pool", "resperfnet_paper", "6.221", "0.367", "0.125", "> 0.97"},
          {"dense", "resperfnet_paper", "4.515", "0.069", "0.036", "> 0.97"}};
}

}  // namespace perfmodel::bench
