/* Predictors: loading, what they know, times of layers and networks. The times are those that make_files.cpp put in. */
#include "check.h"
#include "perfmodel_models_c.h"

static const int32_t kKinds[] = {PERFMODEL_LAYER_CONV2D, PERFMODEL_LAYER_POOL2D, PERFMODEL_LAYER_DENSE};
static const double kTimes[][3] = {{0.5, 2.0, 0.25}, {0.1, 0.3, 0.05}, {0.2, 0.7, 0.15}};

static void loads_from_memory_and_saves(const char* folder, const perfmodel_predictor* predictor) {
  char* path = path_in(folder, "saved_again.safetensors");
  CHECK_OK(perfmodel_predictor_save(predictor, path));
  FILE* file = fopen(path, "rb");
  if (file == NULL) abort();
  static char data[1 << 20];
  const size_t size = fread(data, 1, sizeof data, file);
  fclose(file);
  CHECK(size > 0 && size < sizeof data);

  perfmodel_predictor* loaded = NULL;
  CHECK_OK(perfmodel_predictor_load_memory(data, size, &loaded));
  int32_t knows = 0;
  CHECK_OK(perfmodel_predictor_knows_kind(loaded, PERFMODEL_LAYER_DENSE, &knows));
  CHECK(knows == 1);
  perfmodel_predictor_destroy(loaded);

  perfmodel_predictor* none = NULL;
  CHECK_FAILS(perfmodel_predictor_load_memory(data, size - 1, &none), PERFMODEL_ERROR_CORRUPT, "");
  CHECK_FAILS(perfmodel_predictor_load_memory(data, 0, &none), PERFMODEL_ERROR_CORRUPT, "");
  data[size / 2] ^= 1;
  CHECK_FAILS(perfmodel_predictor_load_memory(data, size, &none), PERFMODEL_ERROR_CORRUPT, "");
  CHECK_FAILS(perfmodel_predictor_load("/nowhere/x.safetensors", &none), PERFMODEL_ERROR_NOT_FOUND, "/nowhere");
  CHECK_FAILS(perfmodel_predictor_save(predictor, "/nowhere/x.safetensors"), PERFMODEL_ERROR_NOT_FOUND, "/nowhere");
  CHECK_NULL(perfmodel_predictor_load(NULL, &none));
  CHECK_NULL(perfmodel_predictor_load(path, NULL));
  CHECK_NULL(perfmodel_predictor_load_memory(NULL, 0, &none));
  CHECK_NULL(perfmodel_predictor_load_memory(data, size, NULL));
  CHECK_NULL(perfmodel_predictor_save(NULL, path));
  CHECK_NULL(perfmodel_predictor_save(predictor, NULL));
  CHECK(none == NULL);
  free(path);
}

/* A sound file of something else is no damaged one. */
static void files_of_something_else_say_what_they_are(const char* folder) {
  char* predictor_path = path_in(folder, "predictor.safetensors");
  char* model_path = path_in(folder, "model_1mb.safetensors");
  perfmodel_predictor* predictor = NULL;
  perfmodel_model* model = NULL;
  CHECK_FAILS(perfmodel_predictor_load(model_path, &predictor), PERFMODEL_ERROR_MISMATCH,
              "model_1mb.safetensors: the file holds no 'predictor', but 'model'");
  CHECK_FAILS(perfmodel_model_load(predictor_path, &model), PERFMODEL_ERROR_MISMATCH,
              "predictor.safetensors: the file holds no 'model', but 'predictor'");
  CHECK(predictor == NULL && model == NULL);
  free(predictor_path);
  free(model_path);
}

static void environment_is_told_by_key(const perfmodel_predictor* predictor) {
  static const char* const expected[][2] = {{"device", "cpu"},      {"device_name", "Test CPU"},
                                            {"framework", "eager"}, {"framework_version", "1.0"},
                                            {"num_threads", "1"},   {"timing", "phases"}};
  char text[32];
  size_t size = 0;
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; ++i) {
    CHECK_OK(perfmodel_predictor_environment(predictor, expected[i][0], text, sizeof text, &size));
    CHECK(strcmp(text, expected[i][1]) == 0 && size == strlen(text) + 1);
  }
  CHECK_FAILS(perfmodel_predictor_environment(predictor, "colour", text, sizeof text, &size), PERFMODEL_ERROR_NOT_FOUND,
              "key 'colour' does not exist; there are device, device_name");
  CHECK_FAILS(perfmodel_predictor_environment(predictor, "device", text, 3, &size), PERFMODEL_ERROR_BUFFER_TOO_SMALL,
              "needs 4 bytes");
  CHECK_NULL(perfmodel_predictor_environment(NULL, "device", text, sizeof text, &size));
  CHECK_NULL(perfmodel_predictor_environment(predictor, NULL, text, sizeof text, &size));
}

static void kinds_are_told(const perfmodel_predictor* all, const perfmodel_predictor* conv) {
  size_t num_kinds = 0;
  CHECK_OK(perfmodel_predictor_kinds(all, NULL, 0, &num_kinds));
  CHECK(num_kinds == 3);
  int32_t kinds[3] = {-1, -1, -1};
  num_kinds = 0;
  CHECK_FAILS(perfmodel_predictor_kinds(all, kinds, 2, &num_kinds), PERFMODEL_ERROR_BUFFER_TOO_SMALL,
              "there are 3 kinds, capacity is 2");
  CHECK(num_kinds == 3 && kinds[0] == -1);
  CHECK_OK(perfmodel_predictor_kinds(conv, kinds, 3, &num_kinds));
  CHECK(num_kinds == 1 && kinds[0] == PERFMODEL_LAYER_CONV2D && kinds[1] == -1);
  CHECK_NULL(perfmodel_predictor_kinds(NULL, kinds, 3, &num_kinds));
  CHECK_NULL(perfmodel_predictor_kinds(all, NULL, 3, &num_kinds));
  CHECK_NULL(perfmodel_predictor_kinds(all, NULL, 0, NULL));

  int32_t knows = -1;
  CHECK_OK(perfmodel_predictor_knows_kind(conv, PERFMODEL_LAYER_POOL2D, &knows));
  CHECK(knows == 0);
  CHECK_FAILS(perfmodel_predictor_knows_kind(conv, 11, &knows), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "kind is 11, allowed: 0");
  CHECK_NULL(perfmodel_predictor_knows_kind(NULL, 0, &knows));
  CHECK_NULL(perfmodel_predictor_knows_kind(conv, 0, NULL));
}

static void models_are_told(const perfmodel_predictor* all, const perfmodel_predictor* conv) {
  perfmodel_model_info model;
  memset(&model, 0, sizeof model);
  model.struct_size = sizeof model;
  CHECK_OK(perfmodel_predictor_model(all, PERFMODEL_LAYER_CONV2D, PERFMODEL_PHASE_EXECUTION, &model));
  CHECK(model.num_features == 9); /* of the paper, for convolution */
  CHECK(model.training_rows == 40);
  CHECK_FAILS(perfmodel_predictor_model(conv, PERFMODEL_LAYER_DENSE, 0, &model), PERFMODEL_ERROR_UNSUPPORTED, "dense");
  CHECK_FAILS(perfmodel_predictor_model(all, 0, 3, &model), PERFMODEL_ERROR_INVALID_ARGUMENT, "phase is 3, allowed: 0");
  CHECK_FAILS(perfmodel_predictor_model(all, -1, 0, &model), PERFMODEL_ERROR_INVALID_ARGUMENT, "kind is -1");
  CHECK_NULL(perfmodel_predictor_model(NULL, 0, 0, &model));
  CHECK_NULL(perfmodel_predictor_model(all, 0, 0, NULL));

  char text[64];
  size_t size = 0;
  CHECK_OK(perfmodel_predictor_model_text(all, 2, PERFMODEL_PHASE_POSTPROCESS, "target", text, sizeof text, &size));
  CHECK(strcmp(text, "post_ms") == 0);
  CHECK_OK(perfmodel_predictor_model_text(all, 2, 0, "kind", text, sizeof text, NULL));
  CHECK(strcmp(text, "constant") == 0);
  CHECK_FAILS(perfmodel_predictor_model_text(all, 2, 0, "size", text, sizeof text, NULL), PERFMODEL_ERROR_NOT_FOUND,
              "training_hash");
  CHECK_NULL(perfmodel_predictor_model_text(NULL, 2, 0, "kind", text, sizeof text, NULL));
  CHECK_NULL(perfmodel_predictor_model_text(all, 2, 0, NULL, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_predictor_model_text(all, 2, 0, "kind", NULL, 0, NULL));
}

static void features_are_told(const perfmodel_predictor* predictor) {
  perfmodel_feature feature;
  memset(&feature, 0, sizeof feature);
  feature.struct_size = sizeof feature;
  char text[64];
  int found = 0;
  for (size_t i = 0; i < 9; ++i) {
    CHECK_OK(perfmodel_predictor_feature(predictor, 0, 1, i, &feature));
    CHECK_OK(perfmodel_predictor_feature_name(predictor, 0, 1, i, text, sizeof text, NULL));
    if (strcmp(text, "batch_size") == 0) {
      CHECK(feature.minimum == 1 && feature.maximum == 8 && feature.used == 1);
      ++found;
    }
    CHECK_OK(perfmodel_predictor_feature_unit(predictor, 0, 1, i, text, sizeof text, NULL));
  }
  CHECK(found == 1);
  CHECK_FAILS(perfmodel_predictor_feature(predictor, 0, 1, 9, &feature), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "feature_index is 9, the model has 9 features");
  feature.struct_size = 0;
  CHECK_FAILS(perfmodel_predictor_feature(predictor, 0, 1, 0, &feature), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "struct_size");
  CHECK_NULL(perfmodel_predictor_feature(NULL, 0, 1, 0, &feature));
  CHECK_NULL(perfmodel_predictor_feature(predictor, 0, 1, 0, NULL));
  CHECK_NULL(perfmodel_predictor_feature_name(NULL, 0, 1, 0, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_predictor_feature_name(predictor, 0, 1, 0, NULL, 0, NULL));
  CHECK_NULL(perfmodel_predictor_feature_unit(NULL, 0, 1, 0, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_predictor_feature_unit(predictor, 0, 1, 0, NULL, 4, NULL));
}

static void layers_are_predicted(const perfmodel_predictor* all, const perfmodel_predictor* conv) {
  perfmodel_layer layers[3];
  perfmodel_layer_time times[3];
  for (int i = 0; i < 3; ++i) {
    layers[i] = make_layer(kKinds[i]);
    CHECK_OK(perfmodel_layer_time_init(&times[i], sizeof times[i]));
  }
  perfmodel_layer_context context;
  CHECK_OK(perfmodel_layer_context_init(&context, sizeof context));
  CHECK_OK(perfmodel_predictor_predict(all, layers, 3, &context, times));
  for (int i = 0; i < 3; ++i) {
    CHECK_NEAR(times[i].preprocess.mean_ms, kTimes[i][0]);
    CHECK_NEAR(times[i].execution.mean_ms, kTimes[i][1]);
    CHECK_NEAR(times[i].postprocess.mean_ms, kTimes[i][2]);
    CHECK(times[i].execution.lower_ms <= times[i].execution.mean_ms);
    CHECK(times[i].execution.upper_ms >= times[i].execution.mean_ms);
  }
  layers[2].activation = PERFMODEL_ACTIVATION_TANH;
  CHECK_OK(perfmodel_predictor_predict(all, layers, 3, &context, times));
  CHECK(times[0].in_domain == 0); /* a picture of one pixel was never measured */

  times[0].execution.mean_ms = 77;
  CHECK_FAILS(perfmodel_predictor_predict(conv, layers, 3, NULL, times), PERFMODEL_ERROR_UNSUPPORTED,
              "no model for the kind of this layer (at index 1)");
  layers[2].batch = -4;
  CHECK_FAILS(perfmodel_predictor_predict(all, layers, 3, NULL, times), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "dense layer: batch is -4, allowed are 1 to 2^53 (at index 2)");
  layers[1].pad_left = 1;
  CHECK_FAILS(perfmodel_predictor_predict(conv, layers, 3, NULL, times), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "must be smaller than the dilated kernel 1 (at index 1)"); /* also of a kind without a model */
  layers[1].activation = 99;
  CHECK_FAILS(perfmodel_predictor_predict(all, layers, 3, NULL, times), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "activation is 99, allowed: 0 (none), 1 (relu)");
  layers[1].activation = PERFMODEL_ACTIVATION_NONE;
  layers[1].pool_kind = 9;
  CHECK_FAILS(perfmodel_predictor_predict(all, layers, 3, NULL, times), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "pool_kind is 9, allowed: 0 (max), 1 (average) (at index 1)");
  layers[0].has_bias = 2;
  CHECK_FAILS(perfmodel_predictor_predict(all, layers, 3, NULL, times), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "has_bias is 2, allowed: 0 (no), 1 (yes) (at index 0)");
  layers[0].reserved = 5;
  CHECK_FAILS(perfmodel_predictor_predict(all, layers, 3, NULL, times), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "reserved is 5");
  CHECK_FAILS(perfmodel_predictor_predict(all, layers, SIZE_MAX, NULL, times), PERFMODEL_ERROR_OUT_OF_MEMORY,
              "more elements than memory can hold");
  CHECK(times[0].execution.mean_ms == 77);

  CHECK_OK(perfmodel_predictor_predict(all, NULL, 0, NULL, NULL));
  CHECK_NULL(perfmodel_predictor_predict(NULL, layers, 3, NULL, times));
  CHECK_NULL(perfmodel_predictor_predict(all, NULL, 3, NULL, times));
  CHECK_NULL(perfmodel_predictor_predict(all, layers, 3, NULL, NULL));
  times[0].struct_size = 0;
  CHECK_FAILS(perfmodel_predictor_predict(all, layers, 1, NULL, times), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "perfmodel_layer_time: struct_size is 0");
}

static void networks_are_predicted(const perfmodel_predictor* all, const perfmodel_predictor* conv) {
  enum { NUM_NODES = 7 };
  perfmodel_network* lenet = NULL;
  CHECK_OK(perfmodel_network_builtin("lenet", 1, &lenet));
  perfmodel_network_time total;
  CHECK_OK(perfmodel_network_time_init(&total, sizeof total));
  perfmodel_layer_time layers[NUM_NODES];
  CHECK_OK(perfmodel_layer_time_init(&layers[0], sizeof layers[0]));
  size_t num_layers = 0;

  /* Equation 2 by hand: 0.5 before the first convolution, 2 x 2.0 + 2 x 0.3 + 3 x 0.7, 0.15 after the last dense layer.
   */
  const double expected_ms = 0.5 + 2 * 2.0 + 2 * 0.3 + 3 * 0.7 + 0.15;
  CHECK_OK(perfmodel_predictor_predict_network(all, lenet, &total, layers, NUM_NODES, &num_layers));
  CHECK_NEAR(total.total.mean_ms, expected_ms);
  CHECK(total.interval_level == 0 && total.total.lower_ms == total.total.mean_ms); /* 40 layers calibrate none */
  CHECK(num_layers == NUM_NODES);
  CHECK_NEAR(layers[1].execution.mean_ms, 0.3);
  CHECK(layers[6].struct_size == sizeof layers[6]);
  total.total.mean_ms = 0;
  CHECK_OK(perfmodel_predictor_predict_network(all, lenet, &total, NULL, 0, NULL));
  CHECK_NEAR(total.total.mean_ms, expected_ms);

  total.total.mean_ms = 77;
  num_layers = 0;
  CHECK_FAILS(perfmodel_predictor_predict_network(all, lenet, &total, layers, 6, &num_layers),
              PERFMODEL_ERROR_BUFFER_TOO_SMALL, "the network has 7 layers, layers_capacity is 6");
  CHECK(num_layers == NUM_NODES);
  CHECK_FAILS(perfmodel_predictor_predict_network(conv, lenet, &total, NULL, 0, NULL), PERFMODEL_ERROR_UNSUPPORTED,
              "pool2d");
  CHECK(total.total.mean_ms == 77);
  CHECK_NULL(perfmodel_predictor_predict_network(NULL, lenet, &total, NULL, 0, NULL));
  CHECK_NULL(perfmodel_predictor_predict_network(all, NULL, &total, NULL, 0, NULL));
  CHECK_NULL(perfmodel_predictor_predict_network(all, lenet, NULL, NULL, 0, NULL));
  CHECK_NULL(perfmodel_predictor_predict_network(all, lenet, &total, NULL, 7, NULL));
  perfmodel_network_destroy(lenet);
}

/* Of LeNet's 2 convolutions, 2 poolings and 3 dense layers the convolutions alone: 0.5 and twice 2.0. */
static void what_is_known_is_predicted(const perfmodel_predictor* all, const perfmodel_predictor* conv) {
  enum { NUM_NODES = 7 };
  perfmodel_network* lenet = NULL;
  CHECK_OK(perfmodel_network_builtin("lenet", 1, &lenet));
  perfmodel_network_time total;
  CHECK_OK(perfmodel_network_time_init(&total, sizeof total));
  perfmodel_layer_time layers[NUM_NODES];
  CHECK_OK(perfmodel_layer_time_init(&layers[0], sizeof layers[0]));
  size_t num_layers = 0;
  CHECK_OK(perfmodel_predictor_predict_known(conv, lenet, &total, layers, NUM_NODES, &num_layers));
  CHECK(num_layers == NUM_NODES);
  CHECK_NEAR(total.total.mean_ms, 0.5 + 2 * 2.0);
  CHECK(total.in_domain == 0);
  CHECK_NEAR(total.covered_layers_fraction, 2.0 / 7);
  CHECK(total.covered_flops_fraction > 0.5 && total.covered_flops_fraction < 1);
  CHECK(total.covered_bytes_fraction > 0 && total.covered_bytes_fraction < 0.5);
  CHECK_NEAR(layers[0].execution.mean_ms, 2.0);
  CHECK(layers[1].execution.mean_ms == 0 && layers[1].in_domain == 0);

  CHECK(total.interval_level == 0.9);

  CHECK_OK(perfmodel_predictor_predict_known(all, lenet, &total, NULL, 0, NULL));
  CHECK(total.covered_layers_fraction == 1 && total.covered_flops_fraction == 1 && total.covered_bytes_fraction == 1);

  CHECK_FAILS(perfmodel_predictor_predict_known(conv, lenet, &total, layers, 6, &num_layers),
              PERFMODEL_ERROR_BUFFER_TOO_SMALL, "the network has 7 layers, layers_capacity is 6");
  CHECK_NULL(perfmodel_predictor_predict_known(NULL, lenet, &total, NULL, 0, NULL));
  CHECK_NULL(perfmodel_predictor_predict_known(conv, NULL, &total, NULL, 0, NULL));
  CHECK_NULL(perfmodel_predictor_predict_known(conv, lenet, NULL, NULL, 0, NULL));
  CHECK_NULL(perfmodel_predictor_predict_known(conv, lenet, &total, NULL, 7, NULL));

  /* A caller that knows nothing of coverage gets what it knows. */
  perfmodel_network_time old;
  memset(&old, 0xA5, sizeof old);
  old.struct_size = offsetof(perfmodel_network_time, covered_layers_fraction);
  CHECK_OK(perfmodel_predictor_predict_known(conv, lenet, &old, NULL, 0, NULL));
  CHECK_NEAR(old.total.mean_ms, 0.5 + 2 * 2.0);
  CHECK(((unsigned char*)&old)[offsetof(perfmodel_network_time, covered_layers_fraction)] == 0xA5);
  old.struct_size = offsetof(perfmodel_network_time, interval_level); /* nor one that knows of no level */
  CHECK_OK(perfmodel_predictor_predict_known(conv, lenet, &old, NULL, 0, NULL));
  CHECK_NEAR(old.covered_layers_fraction, 2.0 / 7);
  CHECK(((unsigned char*)&old)[offsetof(perfmodel_network_time, interval_level)] == 0xA5);
  perfmodel_network_destroy(lenet);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  perfmodel_predictor* all = load_predictor(argv[1], "predictor.safetensors");
  perfmodel_predictor* conv = load_predictor(argv[1], "predictor_conv.safetensors");
  loads_from_memory_and_saves(argv[1], all);
  files_of_something_else_say_what_they_are(argv[1]);
  environment_is_told_by_key(all);
  kinds_are_told(all, conv);
  models_are_told(all, conv);
  features_are_told(all);
  layers_are_predicted(all, conv);
  networks_are_predicted(all, conv);
  what_is_known_is_predicted(all, conv);
  perfmodel_predictor_destroy(all);
  perfmodel_predictor_destroy(conv);
  perfmodel_predictor_destroy(NULL);
  return report();
}
