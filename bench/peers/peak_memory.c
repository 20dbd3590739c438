/*
 * usage: peak_memory MODEL.safetensors
 *
 * Loads a model, predicts one row of ones, and prints the most memory that the process has had, in bytes: what a small
 * program with perfmodel_c needs in all.
 */
#include <perfmodel_models_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static void check(perfmodel_status status) {
  if (status == PERFMODEL_OK) return;
  fprintf(stderr, "peak_memory: %s\n", perfmodel_last_error());
  exit(1);
}

int main(int argc, char** argv) {
  enum { kMaxFeatures = 64 };
  double row[kMaxFeatures];
  size_t num_features = 0;
  perfmodel_model* model = NULL;
  perfmodel_prediction prediction;
  struct rusage usage;
  if (argc != 2) {
    fprintf(stderr, "usage: peak_memory MODEL.safetensors\n");
    return 2;
  }
  check(perfmodel_model_load(argv[1], &model));
  check(perfmodel_model_num_features(model, &num_features));
  if (num_features > kMaxFeatures) {
    fprintf(stderr, "peak_memory: %zu features, at most %d\n", num_features, kMaxFeatures);
    return 1;
  }
  for (size_t j = 0; j < num_features; ++j) row[j] = 1;
  check(perfmodel_prediction_init(&prediction, sizeof prediction));
  check(perfmodel_model_predict(model, row, 1, num_features, &prediction));
  perfmodel_model_destroy(model);
  if (getrusage(RUSAGE_SELF, &usage) != 0) {
    perror("peak_memory");
    return 1;
  }
  printf("%ld\n", usage.ru_maxrss * 1024L); /* ru_maxrss is in KiB */
  return 0;
}
