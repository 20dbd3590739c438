/* An imaginary board for tests: its options, and how long a program takes in each configuration. */
#ifndef PERFMODEL_TESTS_CAPI_BOARD_H
#define PERFMODEL_TESTS_CAPI_BOARD_H

#include "check.h"
#include "perfmodel_models_c.h"

enum { NUM_OPTIONS = 3 };
static const char* const kOptionNames[NUM_OPTIONS] = {"num_cores", "core_freq_mhz", "gpu_freq_mhz"};
static const char kSpaceJson[] =
    "{\"options\": [{\"name\": \"num_cores\", \"kind\": \"integer\", \"low\": 1, \"high\": 4},"
    " {\"name\": \"core_freq_mhz\", \"kind\": \"ordinal\", \"levels\": [500, 1000, 1500, 2000]},"
    " {\"name\": \"gpu_freq_mhz\", \"kind\": \"ordinal\", \"levels\": [100, 200, 400, 800]}],"
    " \"constraints\": [\"num_cores < 4 or core_freq_mhz < 2000\"]}";
enum { NUM_POINTS = 64, NUM_FEASIBLE = 60 }; /* 4 levels each; four cores at 2000 MHz are too hot, at 4 GPU clocks */

/* Time on the source: layers on the GPU, copies by the cores. */
static inline double source_ms(const double* values) {
  return 4000 / values[2] + 10000 / (values[1] * values[0]);
}

static inline perfmodel_space* make_space(void) {
  perfmodel_space* space = NULL;
  CHECK_OK(perfmodel_space_from_json(kSpaceJson, strlen(kSpaceJson), &space));
  if (space == NULL) exit(1);
  return space;
}

/* All feasible configurations with their times. */
static inline perfmodel_dataset* make_dataset(const perfmodel_space* space) {
  perfmodel_dataset* dataset = NULL;
  CHECK_OK(perfmodel_dataset_create(kOptionNames, NUM_OPTIONS, "time_ms", &dataset));
  if (dataset == NULL) exit(1);
  uint64_t index = 0;
  CHECK_OK(perfmodel_space_next_feasible(space, 0, &index));
  while (index < NUM_POINTS) {
    double values[NUM_OPTIONS];
    CHECK_OK(perfmodel_space_values_at(space, index, values, NUM_OPTIONS));
    const double time_ms = source_ms(values);
    CHECK_OK(perfmodel_dataset_add_rows(dataset, values, 1, NUM_OPTIONS, &time_ms));
    CHECK_OK(perfmodel_space_next_feasible(space, index + 1, &index));
  }
  return dataset;
}

/* A tree that knows the data set by heart. */
static inline perfmodel_model* make_model(const perfmodel_dataset* dataset) {
  perfmodel_learner* tree = NULL;
  perfmodel_model* model = NULL;
  perfmodel_learning_options options;
  CHECK_OK(perfmodel_learning_options_init(&options, sizeof options));
  options.validation_fraction = 0;
  CHECK_OK(perfmodel_learner_create("tree", NULL, &tree));
  CHECK_OK(perfmodel_learner_fit(tree, dataset, &options, &model));
  perfmodel_learner_destroy(tree);
  if (model == NULL) exit(1);
  return model;
}

static inline perfmodel_prediction predict_one(const perfmodel_model* model, const double* values) {
  perfmodel_prediction prediction;
  CHECK_OK(perfmodel_prediction_init(&prediction, sizeof prediction));
  CHECK_OK(perfmodel_model_predict(model, values, 1, NUM_OPTIONS, &prediction));
  return prediction;
}

#endif
