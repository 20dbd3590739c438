/* The learners of perfmodel_train, entered by an explicit call. */
#include "perfmodel_train_c.h"

#include "check.h"

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

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  char* table = path_in(argv[1], "layers.csv");
  CHECK(!is_registered("resperfnet")); /* nothing happens at load time */
  CHECK_OK(perfmodel_train_register_learners());
  CHECK_OK(perfmodel_train_register_learners());
  CHECK(is_registered("resperfnet") && is_registered("constant"));

  perfmodel_fit_options options;
  CHECK_OK(perfmodel_fit_options_init(&options, sizeof options));
  perfmodel_predictor* predictor = NULL;
  options.preset = "colourful";
  CHECK_FAILS(perfmodel_predictor_fit(table, &options, &predictor), PERFMODEL_ERROR_INVALID_ARGUMENT, "colourful");

  options.preset = "default";
  int32_t has_torch = 0;
  CHECK_OK(perfmodel_has_feature("torch", &has_torch));
  if (!has_torch) {
    CHECK_FAILS(perfmodel_predictor_fit(table, &options, &predictor), PERFMODEL_ERROR_UNSUPPORTED, "LibTorch");
  } else {
    CHECK_OK(perfmodel_predictor_fit(table, &options, &predictor));
    char kind[32];
    CHECK_OK(perfmodel_predictor_model_text(predictor, PERFMODEL_LAYER_CONV2D, PERFMODEL_PHASE_EXECUTION, "kind", kind,
                                            sizeof kind, NULL));
    CHECK(strcmp(kind, "resperfnet") == 0);
  }
  perfmodel_predictor_destroy(predictor);
  free(table);
  return report();
}
