/* The learners of perfmodel_train, entered by an explicit call. */
#include "perfmodel_train_c.h"

#include "check.h"
#include "perfmodel_models_c.h"

static int is_registered(const char* learner) {
  size_t num_learners = 0;
  CHECK_OK(perfmodel_num_learners(&num_learners));
  char name[64];
  for (size_t i = 0; i < num_learners; ++i) {
    CHECK_OK(perfmodel_learner_name(i, name, sizeof name, NULL));
    if (strcmp(name, learner) == 0) return 1;
  }
  return 0;
}

/* Says stop when it is asked for the third time. */
static int32_t stop_at_third_question(void* user_data) {
  return ++*(int*)user_data >= 3;
}

/* LibTorch's learner is entered; the fit itself, which takes its time, is stopped. */
static void resperfnet_begins_to_fit(const char* table) {
  perfmodel_fit_options options;
  CHECK_OK(perfmodel_fit_options_init(&options, sizeof options));
  perfmodel_predictor* none = NULL;
  options.learner = "resperfnet";
  options.preset = "colourful";
  CHECK_FAILS(perfmodel_predictor_fit(table, &options, &none), PERFMODEL_ERROR_INVALID_ARGUMENT, "colourful");

  options.preset = "default";
  int num_questions = 0;
  options.cancelled = stop_at_third_question;
  options.user_data = &num_questions;
  int32_t has_torch = 0;
  CHECK_OK(perfmodel_has_feature("torch", &has_torch));
  if (has_torch) {
    CHECK_FAILS(perfmodel_predictor_fit(table, &options, &none), PERFMODEL_ERROR_CANCELLED, "");
    CHECK(num_questions >= 3);
  } else {
    CHECK_FAILS(perfmodel_predictor_fit(table, &options, &none), PERFMODEL_ERROR_UNSUPPORTED, "LibTorch");
  }
  CHECK(none == NULL);
}

static void xgboost_fits(const char* table) {
  perfmodel_fit_options options;
  CHECK_OK(perfmodel_fit_options_init(&options, sizeof options));
  options.learner = "xgboost";
  perfmodel_predictor* predictor = NULL;
  int32_t has_xgboost = 0;
  CHECK_OK(perfmodel_has_feature("xgboost", &has_xgboost));
  if (!has_xgboost) {
    CHECK_FAILS(perfmodel_predictor_fit(table, &options, &predictor), PERFMODEL_ERROR_UNSUPPORTED, "XGBoost");
    return;
  }
  options.preset = "colourful";
  CHECK_FAILS(perfmodel_predictor_fit(table, &options, &predictor), PERFMODEL_ERROR_INVALID_ARGUMENT, "colourful");
  options.preset = "default";
  CHECK_OK(perfmodel_predictor_fit(table, &options, &predictor));
  char kind[32];
  CHECK_OK(perfmodel_predictor_model_text(predictor, PERFMODEL_LAYER_CONV2D, PERFMODEL_PHASE_EXECUTION, "kind", kind,
                                          sizeof kind, NULL));
  CHECK(strcmp(kind, "xgboost") == 0);

  /* All convolutions of the table took 2 ms; trees that learn logarithms come close to it. */
  const double kShareOff = 0.02;
  perfmodel_layer layer = make_layer(PERFMODEL_LAYER_CONV2D);
  perfmodel_layer_time time;
  CHECK_OK(perfmodel_layer_time_init(&time, sizeof time));
  CHECK_OK(perfmodel_predictor_predict(predictor, &layer, 1, NULL, &time));
  CHECK(fabs(time.execution.mean_ms - 2.0) < kShareOff * 2.0);
  perfmodel_predictor_destroy(predictor);
}

/* Learners of this library fit tables of configurations, too, with options in JSON. */
static void learners_take_json(void) {
  static const char* const feature_names[] = {"threads"};
  perfmodel_dataset* dataset = NULL;
  CHECK_OK(perfmodel_dataset_create(feature_names, 1, "time_ms", &dataset));
  for (int i = 1; i <= 40; ++i) {
    const double threads = i, time_ms = 10 + 100 / threads;
    CHECK_OK(perfmodel_dataset_add_rows(dataset, &threads, 1, 1, &time_ms));
  }
  perfmodel_learner *learner = NULL, *none = NULL;
  perfmodel_model* model = NULL;
  int32_t has_xgboost = 0;
  CHECK_OK(perfmodel_has_feature("xgboost", &has_xgboost));
  if (has_xgboost) {
    CHECK_OK(perfmodel_learner_create("xgboost", "{\"num_rounds\": 20}", &learner));
    CHECK_OK(perfmodel_learner_fit(learner, dataset, NULL, &model));
    CHECK_FAILS(perfmodel_learner_create("xgboost", "{\"rounds\": 20}", &none), PERFMODEL_ERROR_PARSE, "num_rounds");
  } else {
    CHECK_FAILS(perfmodel_learner_create("xgboost", NULL, &none), PERFMODEL_ERROR_UNSUPPORTED, "XGBoost");
  }
  perfmodel_learner* blend = NULL;
  CHECK_OK(perfmodel_learner_create("blend", "{\"members\": [{\"learner\": \"tree\"}]}", &blend));
  CHECK_FAILS(perfmodel_learner_create("blend", "{\"members\": []}", &none), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "members");
  perfmodel_learner_destroy(blend);
  CHECK(none == NULL);
  perfmodel_model_destroy(model);
  perfmodel_learner_destroy(learner);
  perfmodel_dataset_destroy(dataset);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  CHECK(!is_registered("resperfnet")); /* nothing happens at load time */
  CHECK_OK(perfmodel_train_register_learners());
  CHECK_OK(perfmodel_train_register_learners());
  CHECK(is_registered("resperfnet") && is_registered("xgboost") && is_registered("constant"));
  CHECK(is_registered("mlp") && is_registered("perfnet") && is_registered("tree"));
  char* table = path_in(argv[1], "layers.csv");
  resperfnet_begins_to_fit(table);
  xgboost_fits(table);
  learners_take_json();
  free(table);
  return report();
}
