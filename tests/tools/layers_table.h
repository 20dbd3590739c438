#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "core/file.h"
#include "layer_time/predictor_fixture.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/random.h"
#include "run_tool.h"

namespace perfmodel {

inline constexpr const char* kDenseTable =
    "batchsize,dim_input,dim_output,activation_fct,gpu_mean_ms,gpu_std_ms\n2,72,10,0,340,34\n2,72,10,0,,\n";

// A pooling of 2 x 8 x 6 x 6 by 2: 0.5 x (2 + 36 + 8 + 2 + 0 + 2) = 25 ms. Each network's layers are measured to take
// 100 ms in all.
inline constexpr const char* kNetworkTable =
    "device,network,batchsize,layer,op,matsize,poolsize,channels_in,strides,padding,activation_fct,dim_input,dim_"
    "output,"
    "time_median_ms\n"
    "gpu,small,2,1,pool,6,2,8,2,0,,,,40\ngpu,small,2,2,pool,6,2,8,2,0,,,,60\n"
    "gpu,mixed,2,1,pool,6,2,8,2,0,,,,40\ngpu,mixed,2,2,dense,,,,,,0,72,10,60\n"
    "cpu,small,2,1,pool,6,2,8,2,0,,,,100\ngpu,odd,2,1,lrn,6,2,8,2,0,,,,40\n";

class LayersTable : public ::testing::Test {
 protected:
  static ToolRun run(const std::vector<std::string>& arguments) { return run_tool(PERFMODEL_LAYERS_TOOL, arguments); }

  std::string write(const std::string& name, const std::string& text) const {
    write_file_atomically(folder_ + name, text);
    return folder_ + name;
  }

  /// The sum models of `kinds` as those of whole calls.
  std::string write_predictor(const std::string& name, const std::vector<LayerKind>& kinds) const {
    Environment environment = test_environment();
    environment.timing = LayerTiming::kTotal;
    std::vector<LayerTimePredictor::KindModels> models;
    for (const LayerKind kind : kinds) models.push_back(sum_models(kind, kind == LayerKind::kPool2d ? 0.25F : 2.0F));
    LayerTimePredictor(environment, models).save(folder_ + name);
    return folder_ + name;
  }

  /// A table of dense layers, or of pooling, with made-up times.
  std::string write_calls(const std::string& name, LayerKind kind) const {
    const bool is_dense = kind == LayerKind::kDense;
    std::string text = is_dense ? "batchsize,dim_input,dim_output,activation_fct,time_median_ms\n"
                                : "time_median_ms,padding,batchsize,matsize,poolsize,channels_in,strides\n";
    Random random(7);
    for (int i = 0; i < 300; ++i) {
      const std::int64_t a = random.integer(1, 64), b = random.integer(8, 90), c = random.integer(1, 7);
      const std::string ms = format_number(0.1 + 1e-4 * static_cast<double>(a * b));
      const std::string a_text = std::to_string(a), b_text = std::to_string(b), c_text = std::to_string(c);
      text += is_dense ? a_text + "," + b_text + "," + c_text + ",1," + ms + "\n"
                       : ms + ",1," + a_text + "," + b_text + "," + c_text + ",3,2\n";
    }
    return write(name, text);
  }

  const std::string folder_ = test_folder();
};

inline std::vector<nlohmann::json> lines_of(const std::string& text) {
  std::vector<nlohmann::json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

}  // namespace perfmodel
