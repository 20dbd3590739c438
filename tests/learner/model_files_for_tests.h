#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "perfmodel/core/span.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// A model with every field set, on the example evaluator of a kind (3 features).
Model example_model(const std::string& evaluator_kind);

/// 40 rows for example models, the last 10 out of their domain.
std::vector<double> example_rows();
constexpr std::size_t kNumExampleRows = 40;

/// Predictions of all `values`, which are rows of the model's width.
std::vector<Prediction> predict_all(const Model& model, const std::vector<double>& values);

/// The bytes that Model::save() writes.
std::string file_of(const Model& model);

/// Loads a model from bytes.
Model load_bytes(const std::string& file);

/// The same file after `edit` of its JSON header, with the checksum made right again: what a hostile program would
/// send.
std::string with_header(const std::string& file, const std::function<void(nlohmann::json& header)>& edit);

/// The same file after `edit` of the JSON in its metadata "model", with the checksum made right again.
std::string with_model_json(const std::string& file, const std::function<void(nlohmann::json& model)>& edit);

}  // namespace perfmodel
