#include "perfmodel/learner/model.h"

#include "convert.h"
#include "handles.h"
#include "model_info.h"
#include "perfmodel/learner/xgboost_import.h"
#include "structs.h"

namespace capi = perfmodel::capi;

constexpr const char* struct_name(const perfmodel_prediction&) {
  return "perfmodel_prediction";
}

namespace {

using perfmodel::MissingValues;
using perfmodel::Model;
using perfmodel::Prediction;

/// What predictions of one thread work in, kept from call to call.
struct ThreadScratch {
  std::vector<Prediction> predictions;
  perfmodel::Workspace workspace;
};
thread_local ThreadScratch scratch;

perfmodel_prediction to_c(const Prediction& prediction) noexcept {
  return {sizeof(perfmodel_prediction),
          prediction.mean,
          prediction.lower,
          prediction.upper,
          prediction.in_domain ? 1 : 0,
          0};
}

void predict(const perfmodel_model* model, perfmodel::MatrixView<const double> rows, MissingValues missing,
             perfmodel_prediction* out_predictions) {
  capi::require(model != nullptr, "model is NULL");
  const std::size_t num_rows = rows.rows();
  capi::require(num_rows == 0 || (rows.data() != nullptr && out_predictions != nullptr),
                "rows or out_predictions is NULL");
  const std::size_t struct_size = num_rows == 0 ? 0 : capi::checked_size(out_predictions);
  scratch.predictions.resize(num_rows);
  const std::size_t workspace_bytes = model->impl.workspace_bytes(num_rows);
  if (scratch.workspace.size() < workspace_bytes) scratch.workspace.reserve(workspace_bytes);
  model->impl.predict(rows, scratch.predictions, scratch.workspace, missing).throw_if_error();
  for (std::size_t i = 0; i < num_rows; ++i) {
    capi::write_struct(to_c(scratch.predictions[i]), capi::element(out_predictions, i, struct_size), struct_size);
  }
}

const perfmodel::ModelInfo& info_of(const perfmodel_model* model) {
  capi::require(model != nullptr, "model is NULL");
  return model->impl.info();
}

}  // namespace

perfmodel_status perfmodel_prediction_init(perfmodel_prediction* prediction, std::size_t struct_size) noexcept {
  return capi::init_struct(prediction, struct_size, {});
}

perfmodel_status perfmodel_model_load(const char* path, perfmodel_model** out_model) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && out_model != nullptr, "path or out_model is NULL");
    *out_model = new perfmodel_model{Model::load(path)};
  });
}

perfmodel_status perfmodel_model_load_memory(const void* data, std::size_t size, perfmodel_model** out_model) noexcept {
  return capi::guard([&] {
    capi::require(data != nullptr && out_model != nullptr, "data or out_model is NULL");
    const perfmodel::Span<const std::byte> file(static_cast<const std::byte*>(data), size);
    *out_model = new perfmodel_model{Model::load(file)};
  });
}

perfmodel_status perfmodel_model_import_xgboost(const char* path, const char* target_name,
                                                perfmodel_model** out_model) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && out_model != nullptr, "path or out_model is NULL");
    *out_model = new perfmodel_model{target_name == nullptr ? perfmodel::import_xgboost(path)
                                                            : perfmodel::import_xgboost(path, target_name)};
  });
}

perfmodel_status perfmodel_model_import_xgboost_memory(const void* data, std::size_t size, const char* target_name,
                                                       perfmodel_model** out_model) noexcept {
  return capi::guard([&] {
    capi::require(data != nullptr && out_model != nullptr, "data or out_model is NULL");
    const perfmodel::Span<const std::byte> file(static_cast<const std::byte*>(data), size);
    *out_model = new perfmodel_model{target_name == nullptr ? perfmodel::import_xgboost(file)
                                                            : perfmodel::import_xgboost(file, target_name)};
  });
}

perfmodel_status perfmodel_model_save(const perfmodel_model* model, const char* path) noexcept {
  return capi::guard([&] {
    capi::require(model != nullptr && path != nullptr, "model or path is NULL");
    model->impl.save(path);
  });
}

void perfmodel_model_destroy(perfmodel_model* model) noexcept {
  delete model;
}

perfmodel_status perfmodel_model_describe(const perfmodel_model* model, perfmodel_model_info* out_info) noexcept {
  return capi::guard([&] {
    const perfmodel::ModelInfo& info = info_of(model);
    capi::require(out_info != nullptr, "out_info is NULL");
    const std::size_t struct_size = capi::checked_size(out_info);
    capi::write_struct(capi::to_c(info), out_info, struct_size);
  });
}

perfmodel_status perfmodel_model_text(const perfmodel_model* model, const char* key, char* buffer, std::size_t capacity,
                                      std::size_t* out_size) noexcept {
  return capi::guard([&] {
    const perfmodel::ModelInfo& info = info_of(model);
    capi::require(key != nullptr, "key is NULL");
    capi::copy_string(capi::model_text(info, key), buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_model_num_features(const perfmodel_model* model, std::size_t* out_num_features) noexcept {
  return capi::guard([&] {
    capi::require(model != nullptr && out_num_features != nullptr, "model or out_num_features is NULL");
    *out_num_features = model->impl.num_features();
  });
}

perfmodel_status perfmodel_model_feature(const perfmodel_model* model, std::size_t feature_index,
                                         perfmodel_feature* out_feature) noexcept {
  return capi::guard([&] {
    const perfmodel::FeatureInfo& info = capi::feature_at(info_of(model), feature_index);
    capi::require(out_feature != nullptr, "out_feature is NULL");
    const std::size_t struct_size = capi::checked_size(out_feature);
    capi::write_struct(capi::to_c(info), out_feature, struct_size);
  });
}

perfmodel_status perfmodel_model_feature_name(const perfmodel_model* model, std::size_t feature_index, char* buffer,
                                              std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard(
      [&] { capi::copy_string(capi::feature_at(info_of(model), feature_index).name, buffer, capacity, out_size); });
}

perfmodel_status perfmodel_model_predict(const perfmodel_model* model, const double* rows, std::size_t num_rows,
                                         std::size_t num_features, perfmodel_prediction* out_predictions) noexcept {
  return capi::guard([&] { predict(model, {rows, num_rows, num_features}, MissingValues::kRefuse, out_predictions); });
}

perfmodel_status perfmodel_model_takes_missing(const perfmodel_model* model, int32_t* out_takes_missing) noexcept {
  return capi::guard([&] {
    capi::require(model != nullptr && out_takes_missing != nullptr, "model or out_takes_missing is NULL");
    *out_takes_missing = model->impl.takes_missing_values() ? 1 : 0;
  });
}

perfmodel_status perfmodel_model_predict_missing(const perfmodel_model* model, const double* rows, std::size_t num_rows,
                                                 std::size_t num_features,
                                                 perfmodel_prediction* out_predictions) noexcept {
  return capi::guard([&] {
    predict(model, {rows, num_rows, num_features}, MissingValues::kAsLearnt, out_predictions);
  });
}
