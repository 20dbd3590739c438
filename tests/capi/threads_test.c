/* Each thread has an error of its own, and any number of threads may predict with one predictor. */
#include <pthread.h>

#include "check.h"

enum { NUM_ROUNDS = 500, NUM_LAYERS = 17 };

struct task {
  const perfmodel_predictor* predictor;
  const char* name; /* of a network that does not exist; a thread's own */
  int num_wrong;
};

static void* fail_and_predict(void* argument) {
  struct task* task = argument;
  perfmodel_layer layers[NUM_LAYERS];
  perfmodel_layer_time times[NUM_LAYERS];
  for (int i = 0; i < NUM_LAYERS; ++i) {
    task->num_wrong += perfmodel_layer_init(&layers[i], sizeof layers[i]) != PERFMODEL_OK;
    layers[i].kind = i % 3;
  }
  task->num_wrong += strcmp(perfmodel_last_error(), "") != 0; /* whatever other threads did */
  for (int round = 0; round < NUM_ROUNDS; ++round) {
    perfmodel_network* none = NULL;
    task->num_wrong += perfmodel_network_builtin(task->name, 1, &none) != PERFMODEL_ERROR_NOT_FOUND;
    memset(times, 0, sizeof times);
    times[0].struct_size = sizeof times[0];
    const size_t num_layers = 1 + (size_t)round % NUM_LAYERS;
    task->num_wrong += perfmodel_predictor_predict(task->predictor, layers, num_layers, NULL, times) != PERFMODEL_OK;
    task->num_wrong += fabs(times[0].execution.mean_ms - 2.0) > 1e-9;
    task->num_wrong += strstr(perfmodel_last_error(), task->name) == NULL; /* still there after a success */
  }
  return NULL;
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  perfmodel_predictor* predictor = load_predictor(argv[1], "predictor.safetensors");
  perfmodel_network* none = NULL;
  CHECK_FAILS(perfmodel_network_builtin("mainnet", 1, &none), PERFMODEL_ERROR_NOT_FOUND, "mainnet");

  struct task tasks[] = {{predictor, "firstnet", 0}, {predictor, "secondnet", 0}, {predictor, "thirdnet", 0}};
  enum { NUM_TASKS = sizeof tasks / sizeof tasks[0] };
  pthread_t threads[NUM_TASKS];
  for (int i = 0; i < NUM_TASKS; ++i) CHECK(pthread_create(&threads[i], NULL, fail_and_predict, &tasks[i]) == 0);
  for (int i = 0; i < NUM_TASKS; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
  for (int i = 0; i < NUM_TASKS; ++i) CHECK(tasks[i].num_wrong == 0);

  CHECK(strstr(perfmodel_last_error(), "mainnet") != NULL);
  perfmodel_predictor_destroy(predictor);
  return report();
}
