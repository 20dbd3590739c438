#include "perfmodel/data/dataset.h"

#include <fmt/format.h>

#include "convert.h"
#include "guard.h"
#include "handles.h"

namespace capi = perfmodel::capi;

namespace {

using perfmodel::Dataset;
using perfmodel::Error;
using perfmodel::ErrorCode;

void add_rows(Dataset& dataset, perfmodel::MatrixView<const double> rows, const double* targets) {
  for (std::size_t i = 0; i < rows.rows(); ++i) dataset.add_row(rows.row(i), targets[i]);
}

}  // namespace

perfmodel_status perfmodel_dataset_create(const char* const* feature_names, std::size_t num_features,
                                          const char* target_name, perfmodel_dataset** out_dataset) noexcept {
  return capi::guard([&] {
    capi::require(target_name != nullptr && out_dataset != nullptr, "target_name or out_dataset is NULL");
    *out_dataset =
        new perfmodel_dataset{Dataset(capi::names_from_c(feature_names, num_features, "feature_names"), target_name)};
  });
}

perfmodel_status perfmodel_dataset_from_csv(const char* path, const char* target_column,
                                            const char* const* feature_columns, std::size_t num_feature_columns,
                                            perfmodel_dataset** out_dataset) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && target_column != nullptr && out_dataset != nullptr,
                  "path, target_column or out_dataset is NULL");
    const auto features = capi::names_from_c(feature_columns, num_feature_columns, "feature_columns");
    *out_dataset = new perfmodel_dataset{Dataset::from_csv(perfmodel::read_csv(path), target_column, features)};
  });
}

void perfmodel_dataset_destroy(perfmodel_dataset* dataset) noexcept {
  delete dataset;
}

perfmodel_status perfmodel_dataset_add_rows(perfmodel_dataset* dataset, const double* rows, std::size_t num_rows,
                                            std::size_t num_features, const double* targets) noexcept {
  return capi::guard([&] {
    capi::require(dataset != nullptr, "dataset is NULL");
    capi::require(num_rows == 0 || (rows != nullptr && targets != nullptr), "rows or targets is NULL");
    const perfmodel::MatrixView<const double> view(rows, num_rows, num_features);
    Dataset added(dataset->impl.feature_names(), dataset->impl.target_name());
    add_rows(added, view, targets);  // refuses what is wrong before any row is in the caller's
    add_rows(dataset->impl, view, targets);
  });
}

perfmodel_status perfmodel_dataset_num_rows(const perfmodel_dataset* dataset, std::size_t* out_num_rows) noexcept {
  return capi::guard([&] {
    capi::require(dataset != nullptr && out_num_rows != nullptr, "dataset or out_num_rows is NULL");
    *out_num_rows = dataset->impl.num_rows();
  });
}

perfmodel_status perfmodel_dataset_num_features(const perfmodel_dataset* dataset,
                                                std::size_t* out_num_features) noexcept {
  return capi::guard([&] {
    capi::require(dataset != nullptr && out_num_features != nullptr, "dataset or out_num_features is NULL");
    *out_num_features = dataset->impl.num_features();
  });
}

perfmodel_status perfmodel_dataset_feature_name(const perfmodel_dataset* dataset, std::size_t feature_index,
                                                char* buffer, std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(dataset != nullptr, "dataset is NULL");
    const std::vector<std::string>& names = dataset->impl.feature_names();
    if (feature_index >= names.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("feature_index is {}, the data set has {} features", feature_index, names.size()));
    }
    capi::copy_string(names[feature_index], buffer, capacity, out_size);
  });
}
