/* Learners and models. */
#include "perfmodel_models_c.h"

#include "board.h"

enum { BAD = PERFMODEL_ERROR_INVALID_ARGUMENT };

static const double kTreeTolerance = 1e-6; /* a tree's leaves are float32 */

static int32_t always_cancelled(void* user_data) {
  ++*(int*)user_data;
  return 1;
}

static void learners_fit(const perfmodel_dataset* dataset) {
  static const char* const names[] = {"constant", "tree", "forest", "polynomial", "stepwise", "gp"};
  const double values[NUM_OPTIONS] = {2, 1500, 400};
  static const double largest_error[] = {1, 0.3, 0.3, 0.3, 1, 0.3}; /* of logarithms; a bound on gross faults */
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
    perfmodel_learner* learner = NULL;
    perfmodel_model* model = NULL;
    CHECK_OK(perfmodel_learner_create(names[i], NULL, &learner));
    CHECK_OK(perfmodel_learner_fit(learner, dataset, NULL, &model));
    perfmodel_learner_destroy(learner);
    const double mean = predict_one(model, values).mean;
    CHECK(mean > 0 && fabs(log(mean / source_ms(values))) < largest_error[i]);
    char kind[32];
    CHECK_OK(perfmodel_model_text(model, "kind", kind, sizeof kind, NULL));
    CHECK(strcmp(kind, names[i]) == 0);
    perfmodel_model_destroy(model);
  }
}

static void learners_refuse(const perfmodel_dataset* dataset) {
  perfmodel_learner *tree = NULL, *none = NULL;
  CHECK_OK(perfmodel_learner_create("tree", "{\"max_depth\": 3}", &tree));
  CHECK_FAILS(perfmodel_learner_create("resperfnet", NULL, &none), PERFMODEL_ERROR_UNSUPPORTED,
              "learner 'resperfnet' is not registered; there are additive_cost, constant, forest, gp");
  CHECK_FAILS(perfmodel_learner_create("tree", "{\"depth\": 3}", &none), PERFMODEL_ERROR_PARSE, "max_depth");
  CHECK_FAILS(perfmodel_learner_create("tree", "{\"max_depth\": -1}", &none), BAD, "max_depth");
  CHECK_NULL(perfmodel_learner_create(NULL, NULL, &none));
  CHECK_NULL(perfmodel_learner_create("tree", NULL, NULL));

  perfmodel_model* model = NULL;
  perfmodel_learning_options options;
  CHECK_OK(perfmodel_learning_options_init(&options, sizeof options));
  CHECK(options.seed == 0 && options.num_threads == 1 && options.validation_fraction == 0.15);
  CHECK(options.interval_level == 0.9 && options.progress == NULL && options.user_data == NULL);
  int num_questions = 0;
  options.cancelled = always_cancelled;
  options.user_data = &num_questions;
  CHECK_FAILS(perfmodel_learner_fit(tree, dataset, &options, &model), PERFMODEL_ERROR_CANCELLED, "cancelled");
  CHECK(num_questions > 0);
  options.cancelled = NULL;
  options.num_threads = 0;
  CHECK_FAILS(perfmodel_learner_fit(tree, dataset, &options, &model), BAD, "num_threads is 0");
  options.num_threads = 1;
  options.validation_fraction = 1;
  CHECK_FAILS(perfmodel_learner_fit(tree, dataset, &options, &model), BAD, "validation_fraction is 1");
  options.struct_size = 3;
  CHECK_FAILS(perfmodel_learner_fit(tree, dataset, &options, &model), BAD, "struct_size is 3");
  perfmodel_dataset* empty = NULL;
  CHECK_OK(perfmodel_dataset_create(kOptionNames, NUM_OPTIONS, "time_ms", &empty));
  CHECK_FAILS(perfmodel_learner_fit(tree, empty, NULL, &model), BAD, "no rows");
  perfmodel_dataset_destroy(empty);
  CHECK_NULL(perfmodel_learner_fit(NULL, dataset, NULL, &model));
  CHECK_NULL(perfmodel_learner_fit(tree, NULL, NULL, &model));
  CHECK_NULL(perfmodel_learner_fit(tree, dataset, NULL, NULL));
  CHECK(none == NULL && model == NULL);
  perfmodel_learner_destroy(tree);
  perfmodel_learner_destroy(NULL);
}

static void a_model_predicts(const perfmodel_model* model) {
  const double rows[2][NUM_OPTIONS] = {{2, 1500, 400}, {2, 1500, 900}};
  perfmodel_prediction predictions[2];
  memset(predictions, 0xA5, sizeof predictions);
  predictions[0].struct_size = sizeof predictions[0];
  CHECK_OK(perfmodel_model_predict(model, rows[0], 2, NUM_OPTIONS, predictions));
  CHECK(fabs(predictions[0].mean / source_ms(rows[0]) - 1) < kTreeTolerance);
  CHECK(predictions[0].in_domain == 1 && predictions[1].in_domain == 0);
  CHECK(predictions[1].struct_size == sizeof predictions[1]);
  CHECK_OK(perfmodel_model_predict(model, NULL, 0, NUM_OPTIONS, NULL));

  const double wrong[NUM_OPTIONS] = {2, NAN, 400};
  CHECK_FAILS(perfmodel_model_predict(model, wrong, 1, NUM_OPTIONS, predictions), BAD,
              "not finite (at index 0, column 1)");
  CHECK_FAILS(perfmodel_model_predict(model, rows[0], 1, 2, predictions), PERFMODEL_ERROR_MISMATCH, "as many values");
  CHECK_NULL(perfmodel_model_predict(NULL, rows[0], 1, NUM_OPTIONS, predictions));
  CHECK_NULL(perfmodel_model_predict(model, NULL, 1, NUM_OPTIONS, predictions));
  CHECK_NULL(perfmodel_model_predict(model, rows[0], 1, NUM_OPTIONS, NULL));
  predictions[0].struct_size = 7;
  CHECK_FAILS(perfmodel_model_predict(model, rows[0], 1, NUM_OPTIONS, predictions), BAD, "struct_size is 7");
}

static void a_model_describes_itself(const perfmodel_model* model) {
  perfmodel_model_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  CHECK_OK(perfmodel_model_describe(model, &info));
  CHECK(info.num_features == NUM_OPTIONS && info.training_rows == NUM_FEASIBLE);
  size_t num_features = 0;
  CHECK_OK(perfmodel_model_num_features(model, &num_features));
  CHECK(num_features == NUM_OPTIONS);
  char text[32];
  CHECK_OK(perfmodel_model_text(model, "target", text, sizeof text, NULL));
  CHECK(strcmp(text, "time_ms") == 0);
  CHECK_OK(perfmodel_model_feature_name(model, 1, text, sizeof text, NULL));
  CHECK(strcmp(text, "core_freq_mhz") == 0);
  perfmodel_feature feature;
  memset(&feature, 0, sizeof feature);
  feature.struct_size = sizeof feature;
  CHECK_OK(perfmodel_model_feature(model, 1, &feature));
  CHECK(feature.minimum == 500 && feature.maximum == 2000 && feature.used == 1);

  CHECK_FAILS(perfmodel_model_text(model, "size", text, sizeof text, NULL), PERFMODEL_ERROR_NOT_FOUND, "training_hash");
  CHECK_FAILS(perfmodel_model_feature(model, 3, &feature), BAD, "feature_index is 3, the model has 3 features");
  CHECK_FAILS(perfmodel_model_feature_name(model, 3, text, sizeof text, NULL), BAD, "feature_index is 3");
  info.struct_size = 0;
  CHECK_FAILS(perfmodel_model_describe(model, &info), BAD, "struct_size is 0");
  feature.struct_size = 0;
  CHECK_FAILS(perfmodel_model_feature(model, 0, &feature), BAD, "struct_size is 0");
  CHECK_NULL(perfmodel_model_describe(NULL, &info));
  CHECK_NULL(perfmodel_model_describe(model, NULL));
  CHECK_NULL(perfmodel_model_num_features(NULL, &num_features));
  CHECK_NULL(perfmodel_model_num_features(model, NULL));
  CHECK_NULL(perfmodel_model_text(NULL, "kind", text, sizeof text, NULL));
  CHECK_NULL(perfmodel_model_text(model, NULL, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_model_text(model, "kind", NULL, 0, NULL));
  CHECK_NULL(perfmodel_model_feature(NULL, 0, &feature));
  CHECK_NULL(perfmodel_model_feature(model, 0, NULL));
  CHECK_NULL(perfmodel_model_feature_name(NULL, 0, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_model_feature_name(model, 0, NULL, 0, NULL));
}

/* Layers on the GPU take most of the time; copies depend on both other options alike. */
static void trees_say_which_features_matter(const perfmodel_dataset* dataset, const perfmodel_model* tree) {
  double importance[NUM_OPTIONS] = {-1, -1, -1};
  CHECK_FAILS(perfmodel_model_feature_importance(tree, importance, 2), PERFMODEL_ERROR_MISMATCH, "num_features is 2");
  CHECK(importance[0] == -1);
  CHECK_OK(perfmodel_model_feature_importance(tree, importance, NUM_OPTIONS));
  CHECK(fabs(importance[0] + importance[1] + importance[2] - 1) < 1e-9);
  CHECK(importance[2] > importance[0] && importance[2] > importance[1] && importance[0] > 0 && importance[1] > 0);
  CHECK_NULL(perfmodel_model_feature_importance(NULL, importance, NUM_OPTIONS));
  CHECK_NULL(perfmodel_model_feature_importance(tree, NULL, NUM_OPTIONS));

  perfmodel_learner* stepwise = NULL;
  perfmodel_model* line = NULL;
  CHECK_OK(perfmodel_learner_create("stepwise", NULL, &stepwise));
  CHECK_OK(perfmodel_learner_fit(stepwise, dataset, NULL, &line));
  CHECK_FAILS(perfmodel_model_feature_importance(line, importance, NUM_OPTIONS), PERFMODEL_ERROR_UNSUPPORTED, "");
  perfmodel_model_destroy(line);
  perfmodel_learner_destroy(stepwise);
}

static void a_model_is_saved_and_loaded(const perfmodel_model* model, const char* path) {
  const double values[NUM_OPTIONS] = {3, 1000, 200};
  const double mean = predict_one(model, values).mean;
  perfmodel_model *loaded = NULL, *none = NULL;
  CHECK_OK(perfmodel_model_save(model, path));
  CHECK_OK(perfmodel_model_load(path, &loaded));
  CHECK(predict_one(loaded, values).mean == mean);
  perfmodel_model_destroy(loaded);

  static char file[1 << 16];
  FILE* stream = fopen(path, "rb");
  if (stream == NULL) exit(1);
  const size_t size = fread(file, 1, sizeof file, stream);
  fclose(stream);
  CHECK(size > 0 && size < sizeof file);
  CHECK_OK(perfmodel_model_load_memory(file, size, &loaded));
  memset(file + size / 2, 0, 16);
  CHECK(predict_one(loaded, values).mean == mean); /* nothing of the memory is kept */
  perfmodel_model_destroy(loaded);
  CHECK_FAILS(perfmodel_model_load_memory(file, size, &none), PERFMODEL_ERROR_CORRUPT, "");
  CHECK_FAILS(perfmodel_model_load_memory(file, 3, &none), PERFMODEL_ERROR_CORRUPT, "");

  CHECK_FAILS(perfmodel_model_load("/nowhere/x.safetensors", &none), PERFMODEL_ERROR_NOT_FOUND, "/nowhere");
  CHECK_FAILS(perfmodel_model_save(model, "/nowhere/x.safetensors"), PERFMODEL_ERROR_NOT_FOUND, "/nowhere");
  CHECK_NULL(perfmodel_model_load(NULL, &none));
  CHECK_NULL(perfmodel_model_load(path, NULL));
  CHECK_NULL(perfmodel_model_load_memory(NULL, 3, &none));
  CHECK_NULL(perfmodel_model_load_memory(file, size, NULL));
  CHECK_NULL(perfmodel_model_save(NULL, path));
  CHECK_NULL(perfmodel_model_save(model, NULL));
  CHECK(none == NULL);
  perfmodel_model_destroy(NULL);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  char* path = path_in(argv[1], "models_test.tmp");
  perfmodel_space* space = make_space();
  perfmodel_dataset* dataset = make_dataset(space);
  learners_fit(dataset);
  learners_refuse(dataset);
  perfmodel_model* model = make_model(dataset);
  trees_say_which_features_matter(dataset, model);
  perfmodel_dataset_destroy(dataset);
  perfmodel_space_destroy(space);
  a_model_predicts(model);
  a_model_describes_itself(model);
  a_model_is_saved_and_loaded(model, path);
  perfmodel_model_destroy(model);
  remove(path);
  free(path);
  return report();
}
