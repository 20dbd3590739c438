/* After the first call of a thread, predictions of rows, of layers and of networks allocate nothing. */
#include <perfmodel_models_c.h>

#include "check.h"

#if defined(__GLIBC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static size_t num_allocations = 0; /* of the one thread there is */

/* glibc lets a program put its own in place of these, for its libraries too; those with two underscores are glibc's. */
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* memory, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);
void* aligned_alloc(size_t alignment, size_t bytes); /* C99 has none */

void* malloc(size_t bytes) {
  ++num_allocations;
  return __libc_malloc(bytes);
}
void* calloc(size_t count, size_t bytes) {
  ++num_allocations;
  return __libc_calloc(count, bytes);
}
void* realloc(void* memory, size_t bytes) {
  ++num_allocations;
  return __libc_realloc(memory, bytes);
}
void* aligned_alloc(size_t alignment, size_t bytes) {
  ++num_allocations;
  return __libc_memalign(alignment, bytes);
}

enum { NUM_ROWS = 300, NUM_FEATURES = 2, NUM_LAYERS = 17, NUM_ROUNDS = 3 };

static perfmodel_model* fitted_tree(void) {
  const char* const names[NUM_FEATURES] = {"cores", "clock_mhz"};
  perfmodel_dataset* dataset = NULL;
  perfmodel_learner* learner = NULL;
  perfmodel_model* model = NULL;
  CHECK_OK(perfmodel_dataset_create(names, NUM_FEATURES, "time_ms", &dataset));
  for (int i = 0; i < 100; ++i) {
    const double row[NUM_FEATURES] = {1 + i % 4, 100 + i}, time_ms = 1000 / row[1] + 20 / row[0];
    CHECK_OK(perfmodel_dataset_add_rows(dataset, row, 1, NUM_FEATURES, &time_ms));
  }
  CHECK_OK(perfmodel_learner_create("tree", NULL, &learner));
  CHECK_OK(perfmodel_learner_fit(learner, dataset, NULL, &model));
  perfmodel_learner_destroy(learner);
  perfmodel_dataset_destroy(dataset);
  return model;
}

static void rows_allocate_nothing(void) {
  static double rows[NUM_ROWS * NUM_FEATURES];
  static perfmodel_prediction predictions[NUM_ROWS];
  perfmodel_model* model = fitted_tree();
  for (int i = 0; i < NUM_ROWS * NUM_FEATURES; ++i) rows[i] = 1 + i;
  CHECK_OK(perfmodel_prediction_init(&predictions[0], sizeof predictions[0]));
  for (int round = 0; round < NUM_ROUNDS; ++round) {
    const size_t num_rows = round % 2 == 0 ? NUM_ROWS : 1, before = num_allocations;
    CHECK_OK(perfmodel_model_predict(model, rows, num_rows, NUM_FEATURES, predictions));
    CHECK(round == 0 ? num_allocations > before : num_allocations == before);
  }
  perfmodel_model_destroy(model);
}

static void layers_allocate_nothing(const char* folder) {
  static perfmodel_layer layers[NUM_LAYERS];
  static perfmodel_layer_time times[NUM_LAYERS];
  perfmodel_predictor* predictor = load_predictor(folder, "predictor.safetensors");
  for (int i = 0; i < NUM_LAYERS; ++i) layers[i] = make_layer(i % 3);
  CHECK_OK(perfmodel_layer_time_init(&times[0], sizeof times[0]));
  for (int round = 0; round < NUM_ROUNDS; ++round) {
    const size_t num_layers = round % 2 == 0 ? NUM_LAYERS : 1, before = num_allocations;
    CHECK_OK(perfmodel_predictor_predict(predictor, layers, num_layers, NULL, times));
    CHECK(round == 0 ? num_allocations > before : num_allocations == before);
  }
  perfmodel_predictor_destroy(predictor);
}

/* A second network, smaller than the first, needs nothing either. */
static void networks_allocate_nothing(const char* folder) {
  enum { NUM_NODES = 21 };
  static perfmodel_layer_time times[NUM_NODES];
  perfmodel_network_time total;
  perfmodel_network* networks[2] = {NULL, NULL};
  perfmodel_predictor* predictor = load_predictor(folder, "predictor.safetensors");
  CHECK_OK(perfmodel_network_builtin("vgg16", 1, &networks[0]));
  CHECK_OK(perfmodel_network_builtin("lenet", 8, &networks[1]));
  CHECK_OK(perfmodel_network_time_init(&total, sizeof total));
  CHECK_OK(perfmodel_layer_time_init(&times[0], sizeof times[0]));
  for (int round = 0; round < NUM_ROUNDS; ++round) {
    const size_t before = num_allocations;
    CHECK_OK(perfmodel_predictor_predict_network(predictor, networks[round % 2], &total, times, NUM_NODES, NULL));
    CHECK_OK(perfmodel_predictor_predict_known(predictor, networks[round % 2], &total, NULL, 0, NULL));
    CHECK(round == 0 ? num_allocations > before : num_allocations == before);
  }
  perfmodel_network_destroy(networks[0]);
  perfmodel_network_destroy(networks[1]);
  perfmodel_predictor_destroy(predictor);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  rows_allocate_nothing();
  layers_allocate_nothing(argv[1]);
  networks_allocate_nothing(argv[1]);
  return report();
}

#else

int main(void) {
  puts("allocations are counted with glibc and without sanitizers only");
  return 0;
}

#endif
