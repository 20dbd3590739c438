#include "load_predictors.h"

#include "perfmodel/layer_time/merge_predictors.h"

namespace perfmodel::tools {

LayerTimePredictor load_predictors(const std::vector<std::string>& paths) {
  std::vector<LayerTimePredictor> predictors;
  for (const std::string& path : paths) predictors.push_back(LayerTimePredictor::load(path));
  return predictors.size() == 1 ? predictors.front() : merge_predictors(predictors);
}

}  // namespace perfmodel::tools
