/* Fitting from a table of layers, with the learner that is always there. */
#include "check.h"

struct calls {
  int num_progress, num_cancel_questions;
  int32_t cancel;
};

static void count_progress(const perfmodel_progress* progress, void* user_data) {
  CHECK(progress->struct_size == sizeof *progress && progress->task != NULL && progress->note != NULL);
  ++((struct calls*)user_data)->num_progress;
}

static int32_t answer_cancelled(void* user_data) {
  struct calls* calls = user_data;
  ++calls->num_cancel_questions;
  return calls->cancel;
}

static perfmodel_fit_options constant_options(struct calls* calls) {
  perfmodel_fit_options options;
  CHECK_OK(perfmodel_fit_options_init(&options, sizeof options));
  options.learner = "constant";
  options.progress = count_progress;
  options.cancelled = answer_cancelled;
  options.user_data = calls;
  return options;
}

static void learners_are_told(void) {
  static const char* const names[] = {"additive_cost", "constant", "forest", "gp", "polynomial", "stepwise", "tree"};
  size_t num_learners = 0;
  CHECK_OK(perfmodel_num_learners(&num_learners));
  CHECK(num_learners == sizeof names / sizeof names[0]);
  char name[32];
  for (size_t i = 0; i < num_learners; ++i) {
    CHECK_OK(perfmodel_learner_name(i, name, sizeof name, NULL));
    CHECK(strcmp(name, names[i]) == 0);
  }
  CHECK_FAILS(perfmodel_learner_name(7, name, sizeof name, NULL), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "learner_index is 7, there are 7 learners");
  CHECK_NULL(perfmodel_num_learners(NULL));
  CHECK_NULL(perfmodel_learner_name(0, NULL, 0, NULL));
}

static void fits_what_the_table_says(const char* table) {
  struct calls calls = {0, 0, 0};
  perfmodel_fit_options options = constant_options(&calls);
  perfmodel_predictor* predictor = NULL;
  CHECK_OK(perfmodel_predictor_fit(table, &options, &predictor));
  if (predictor == NULL) exit(1);
  CHECK(calls.num_cancel_questions > 0);

  perfmodel_layer layer = make_layer(PERFMODEL_LAYER_DENSE);
  perfmodel_layer_time time;
  CHECK_OK(perfmodel_layer_time_init(&time, sizeof time));
  CHECK_OK(perfmodel_predictor_predict(predictor, &layer, 1, NULL, &time));
  CHECK_NEAR(time.execution.mean_ms, 0.7);
  char framework[16];
  CHECK_OK(perfmodel_predictor_environment(predictor, "framework", framework, sizeof framework, NULL));
  CHECK(strcmp(framework, "eager") == 0);
  perfmodel_predictor_destroy(predictor);
}

static void bad_input_is_told(const char* table) {
  struct calls calls = {0, 0, 1};
  perfmodel_fit_options options = constant_options(&calls);
  perfmodel_predictor* none = NULL;
  CHECK_FAILS(perfmodel_predictor_fit(table, &options, &none), PERFMODEL_ERROR_CANCELLED, "");
  CHECK_FAILS(perfmodel_predictor_fit(table, NULL, &none), PERFMODEL_ERROR_UNSUPPORTED,
              "learner 'layer_blend' is not registered; there are additive_cost, constant");
  calls.cancel = 0;
  options.preset = "paper";
  CHECK_FAILS(perfmodel_predictor_fit(table, &options, &none), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "learner 'constant' has no preset 'paper'");
  options.preset = "default";
  CHECK_FAILS(perfmodel_predictor_fit("/nowhere/x.csv", &options, &none), PERFMODEL_ERROR_NOT_FOUND, "/nowhere/x.csv");
  options.num_threads = 0;
  CHECK_FAILS(perfmodel_predictor_fit(table, &options, &none), PERFMODEL_ERROR_INVALID_ARGUMENT, "num_threads is 0");
  options = constant_options(&calls);
  options.features = "colour";
  CHECK_FAILS(perfmodel_predictor_fit(table, &options, &none), PERFMODEL_ERROR_INVALID_ARGUMENT, "colour");
  options.features = NULL;
  CHECK_NULL(perfmodel_predictor_fit(table, &options, &none));
  options.struct_size = 3;
  CHECK_FAILS(perfmodel_predictor_fit(table, &options, &none), PERFMODEL_ERROR_INVALID_ARGUMENT, "struct_size is 3");
  CHECK_NULL(perfmodel_predictor_fit(NULL, NULL, &none));
  CHECK_NULL(perfmodel_predictor_fit(table, NULL, NULL));
  CHECK(none == NULL);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  char* table = path_in(argv[1], "layers.csv");
  learners_are_told();
  fits_what_the_table_says(table);
  bad_input_is_told(table);
  free(table);
  return report();
}
