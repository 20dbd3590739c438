/* Models of XGBoost, and rows that lack values. */
#include "perfmodel_models_c.h"

#include "check.h"

enum { BAD = PERFMODEL_ERROR_INVALID_ARGUMENT, NUM_FEATURES = 2 };

/* size_mb < 0.5 ? -2 : 3 on a base of 0.5; without it the first. */
static const char kStump[] =
    "{\"learner\": {\"feature_names\": [\"batch\", \"size_mb\"], \"objective\": {\"name\": \"reg:squarederror\"},"
    "\"learner_model_param\": {\"base_score\": \"5E-1\", \"num_class\": \"0\", \"num_feature\": \"2\"},"
    "\"gradient_booster\": {\"name\": \"gbtree\", \"model\": {\"gbtree_model_param\": {\"num_trees\": \"1\"},"
    "\"trees\": [{\"left_children\": [1, -1, -1], \"right_children\": [2, -1, -1], \"split_indices\": [1, 0, 0],"
    "\"split_conditions\": [0.5, -2, 3], \"split_type\": [0, 0, 0], \"loss_changes\": [6, 0, 0],"
    "\"default_left\": [1, 0, 0]}]}}}}";

static void write_text(const char* path, const char* text) {
  FILE* file = fopen(path, "wb");
  if (file == NULL || fwrite(text, 1, strlen(text), file) != strlen(text) || fclose(file) != 0) exit(1);
}

static perfmodel_model* import_stump(const char* path) {
  perfmodel_model* model = NULL;
  write_text(path, kStump);
  CHECK_OK(perfmodel_model_import_xgboost(path, "time_ms", &model));
  if (model == NULL) exit(1);
  return model;
}

static void an_imported_model_describes_itself(const perfmodel_model* model, const char* path) {
  char text[32];
  CHECK_OK(perfmodel_model_text(model, "kind", text, sizeof text, NULL));
  CHECK(strcmp(text, "xgboost") == 0);
  CHECK_OK(perfmodel_model_text(model, "target", text, sizeof text, NULL));
  CHECK(strcmp(text, "time_ms") == 0);
  CHECK_OK(perfmodel_model_feature_name(model, 1, text, sizeof text, NULL));
  CHECK(strcmp(text, "size_mb") == 0);
  perfmodel_model* unnamed = NULL;
  CHECK_OK(perfmodel_model_import_xgboost(path, NULL, &unnamed));
  CHECK_OK(perfmodel_model_text(unnamed, "target", text, sizeof text, NULL));
  CHECK(strcmp(text, "prediction") == 0);
  perfmodel_model_destroy(unnamed);
}

static void a_model_is_imported_from_memory(void) {
  perfmodel_model *model = NULL, *unnamed = NULL, *none = NULL;
  char text[32];
  CHECK_OK(perfmodel_model_import_xgboost_memory(kStump, strlen(kStump), "time_ms", &model));
  CHECK_OK(perfmodel_model_text(model, "target", text, sizeof text, NULL));
  CHECK(strcmp(text, "time_ms") == 0);
  const double row[NUM_FEATURES] = {1, 1};
  perfmodel_prediction prediction;
  CHECK_OK(perfmodel_prediction_init(&prediction, sizeof prediction));
  CHECK_OK(perfmodel_model_predict(model, row, 1, NUM_FEATURES, &prediction));
  CHECK(prediction.mean == 3.5);
  CHECK_OK(perfmodel_model_import_xgboost_memory(kStump, strlen(kStump), NULL, &unnamed));
  CHECK_OK(perfmodel_model_text(unnamed, "target", text, sizeof text, NULL));
  CHECK(strcmp(text, "prediction") == 0);
  CHECK_FAILS(perfmodel_model_import_xgboost_memory(kStump, strlen(kStump) / 2, NULL, &none), PERFMODEL_ERROR_CORRUPT,
              "XGBoost's model");
  CHECK_NULL(perfmodel_model_import_xgboost_memory(NULL, 3, NULL, &none));
  CHECK_NULL(perfmodel_model_import_xgboost_memory(kStump, strlen(kStump), NULL, NULL));
  CHECK(none == NULL);
  perfmodel_model_destroy(model);
  perfmodel_model_destroy(unnamed);
}

static void missing_values_are_answered(const perfmodel_model* model) {
  const double rows[3][NUM_FEATURES] = {{1, 0}, {1, 1}, {1, NAN}};
  perfmodel_prediction predictions[3];
  memset(predictions, 0xA5, sizeof predictions);
  predictions[0].struct_size = sizeof predictions[0];
  CHECK_OK(perfmodel_model_predict_missing(model, rows[0], 3, NUM_FEATURES, predictions));
  CHECK(predictions[0].mean == -1.5 && predictions[0].in_domain == 1);
  CHECK(predictions[1].mean == 3.5 && predictions[1].in_domain == 1);
  CHECK(predictions[2].mean == -1.5 && predictions[2].in_domain == 0);
  CHECK_OK(perfmodel_model_predict(model, rows[0], 2, NUM_FEATURES, predictions));
  CHECK(predictions[0].mean == -1.5 && predictions[1].mean == 3.5);
  CHECK_FAILS(perfmodel_model_predict(model, rows[0], 3, NUM_FEATURES, predictions), BAD,
              "not finite (at index 2, column 1)");
  CHECK_OK(perfmodel_model_predict_missing(model, NULL, 0, NUM_FEATURES, NULL));
  int32_t takes_missing = -1;
  CHECK_OK(perfmodel_model_takes_missing(model, &takes_missing));
  CHECK(takes_missing == 1);

  const double infinite[NUM_FEATURES] = {INFINITY, 1};
  CHECK_FAILS(perfmodel_model_predict_missing(model, infinite, 1, NUM_FEATURES, predictions), BAD, "infinite");
  CHECK_FAILS(perfmodel_model_predict_missing(model, rows[0], 1, 3, predictions), PERFMODEL_ERROR_MISMATCH,
              "as many values as the model has features (3 given, 2 needed)");
  CHECK_NULL(perfmodel_model_predict_missing(NULL, rows[0], 1, NUM_FEATURES, predictions));
  CHECK_NULL(perfmodel_model_predict_missing(model, NULL, 1, NUM_FEATURES, predictions));
  CHECK_NULL(perfmodel_model_predict_missing(model, rows[0], 1, NUM_FEATURES, NULL));
  CHECK_NULL(perfmodel_model_takes_missing(NULL, &takes_missing));
  CHECK_NULL(perfmodel_model_takes_missing(model, NULL));
}

/* A polynomial says nothing of missing values. */
static void missing_values_need_a_model_that_defines_them(void) {
  static const char* const names[] = {"batch", "size_mb"};
  static const double rows[4][NUM_FEATURES] = {{1, 1}, {1, 2}, {2, 1}, {2, 2}};
  static const double targets[] = {1, 2, 2, 4};
  perfmodel_dataset* dataset = NULL;
  perfmodel_learner* learner = NULL;
  perfmodel_model* model = NULL;
  CHECK_OK(perfmodel_dataset_create(names, NUM_FEATURES, "time_ms", &dataset));
  CHECK_OK(perfmodel_dataset_add_rows(dataset, rows[0], 4, NUM_FEATURES, targets));
  CHECK_OK(perfmodel_learner_create("polynomial", NULL, &learner));
  CHECK_OK(perfmodel_learner_fit(learner, dataset, NULL, &model));
  int32_t takes_missing = -1;
  CHECK_OK(perfmodel_model_takes_missing(model, &takes_missing));
  CHECK(takes_missing == 0);
  const double missing[2][NUM_FEATURES] = {{1, 1}, {NAN, 1}};
  perfmodel_prediction predictions[2];
  predictions[0].struct_size = sizeof predictions[0];
  CHECK_OK(perfmodel_model_predict_missing(model, missing[0], 1, NUM_FEATURES, predictions));
  CHECK_FAILS(perfmodel_model_predict_missing(model, missing[0], 2, NUM_FEATURES, predictions),
              PERFMODEL_ERROR_UNSUPPORTED,
              "a row lacks a feature, the model does not define what that means (at index 1, column 0)");
  perfmodel_model_destroy(model);
  perfmodel_learner_destroy(learner);
  perfmodel_dataset_destroy(dataset);
}

static void other_files_are_refused(const char* path) {
  perfmodel_model* none = NULL;
  write_text(path, "not a model");
  CHECK_FAILS(perfmodel_model_import_xgboost(path, NULL, &none), PERFMODEL_ERROR_CORRUPT, "neither JSON nor UBJSON");
  write_text(path, "{\"learner\": {\"gradient_booster\": {\"name\": \"gblinear\"}}}");
  CHECK_FAILS(perfmodel_model_import_xgboost(path, NULL, &none), PERFMODEL_ERROR_UNSUPPORTED, "booster 'gblinear'");
  CHECK_FAILS(perfmodel_model_import_xgboost("/nowhere/m.json", NULL, &none), PERFMODEL_ERROR_NOT_FOUND, "/nowhere");
  CHECK_NULL(perfmodel_model_import_xgboost(NULL, NULL, &none));
  CHECK_NULL(perfmodel_model_import_xgboost(path, NULL, NULL));
  CHECK(none == NULL);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  char* path = path_in(argv[1], "import_test.tmp");
  perfmodel_model* model = import_stump(path);
  an_imported_model_describes_itself(model, path);
  a_model_is_imported_from_memory();
  missing_values_are_answered(model);
  perfmodel_model_destroy(model);
  missing_values_need_a_model_that_defines_them();
  other_files_are_refused(path);
  remove(path);
  free(path);
  return report();
}
