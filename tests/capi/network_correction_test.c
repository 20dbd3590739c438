/* Corrections of networks. make_files.cpp wrote one that answers 3 times the sum of the layers, whatever the network.
 */
#include "check.h"

static void triples_the_sum(const perfmodel_network_correction* correction, const perfmodel_predictor* predictor,
                            const perfmodel_network* network) {
  perfmodel_network_time sum, total;
  CHECK_OK(perfmodel_network_time_init(&sum, sizeof sum));
  CHECK_OK(perfmodel_network_time_init(&total, sizeof total));
  CHECK_OK(perfmodel_predictor_predict_network(predictor, network, &sum, NULL, 0, NULL));
  CHECK_OK(perfmodel_network_correction_predict(correction, predictor, network, &total));
  CHECK(sum.total.mean_ms > 0);
  CHECK(fabs(total.total.mean_ms - 3 * sum.total.mean_ms) <= kRelativeTolerance * total.total.mean_ms);
  CHECK(total.covered_layers_fraction == 1);
}

static void loads_from_memory(const char* path, const perfmodel_predictor* predictor,
                              const perfmodel_network* network) {
  size_t size = 0;
  char* bytes = read_bytes(path, &size);
  perfmodel_network_correction *correction = NULL, *none = NULL;
  CHECK_OK(perfmodel_network_correction_load_memory(bytes, size, &correction));
  CHECK_FAILS(perfmodel_network_correction_load_memory(bytes, size - 1, &none), PERFMODEL_ERROR_CORRUPT, "model file");
  CHECK_NULL(perfmodel_network_correction_load_memory(NULL, size, &none));
  CHECK_NULL(perfmodel_network_correction_load_memory(bytes, size, NULL));
  CHECK(none == NULL);
  free(bytes);
  triples_the_sum(correction, predictor, network);
  perfmodel_network_correction_destroy(correction);
}

static void refuses_what_does_not_belong_together(const char* folder, const perfmodel_network_correction* correction,
                                                  const perfmodel_network* network) {
  char* path = path_in(folder, "predictor_conv.safetensors");
  perfmodel_predictor* conv = NULL;
  perfmodel_network_time total;
  CHECK_OK(perfmodel_network_time_init(&total, sizeof total));
  CHECK_OK(perfmodel_predictor_load(path, &conv));
  CHECK_FAILS(perfmodel_network_correction_predict(correction, conv, network, &total), PERFMODEL_ERROR_UNSUPPORTED,
              "no model for layer kind");
  perfmodel_network_correction* none = NULL;
  CHECK_FAILS(perfmodel_network_correction_load(path, &none), PERFMODEL_ERROR_MISMATCH,
              "predictor_conv.safetensors: the file holds no 'network_correction', but 'predictor'");
  CHECK_FAILS(perfmodel_network_correction_load("/nowhere/x", &none), PERFMODEL_ERROR_NOT_FOUND, "/nowhere");
  total.struct_size = 3;
  CHECK_FAILS(perfmodel_network_correction_predict(correction, conv, network, &total), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "struct_size");
  CHECK(none == NULL);
  perfmodel_predictor_destroy(conv);
  free(path);
}

static void refuses_null(const perfmodel_network_correction* correction, const perfmodel_predictor* predictor,
                         const perfmodel_network* network) {
  perfmodel_network_time total;
  CHECK_OK(perfmodel_network_time_init(&total, sizeof total));
  perfmodel_network_correction* none = NULL;
  CHECK_NULL(perfmodel_network_correction_load(NULL, &none));
  CHECK_NULL(perfmodel_network_correction_load("x", NULL));
  CHECK_NULL(perfmodel_network_correction_predict(NULL, predictor, network, &total));
  CHECK_NULL(perfmodel_network_correction_predict(correction, NULL, network, &total));
  CHECK_NULL(perfmodel_network_correction_predict(correction, predictor, NULL, &total));
  CHECK_NULL(perfmodel_network_correction_predict(correction, predictor, network, NULL));
  perfmodel_network_correction_destroy(NULL);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  char* predictor_path = path_in(argv[1], "predictor.safetensors");
  char* correction_path = path_in(argv[1], "network_correction.safetensors");
  perfmodel_predictor* predictor = NULL;
  perfmodel_network_correction* correction = NULL;
  perfmodel_network* network = NULL;
  CHECK_OK(perfmodel_predictor_load(predictor_path, &predictor));
  CHECK_OK(perfmodel_network_correction_load(correction_path, &correction));
  CHECK_OK(perfmodel_network_builtin("lenet", 2, &network));
  triples_the_sum(correction, predictor, network);
  loads_from_memory(correction_path, predictor, network);
  refuses_what_does_not_belong_together(argv[1], correction, network);
  refuses_null(correction, predictor, network);
  perfmodel_network_destroy(network);
  perfmodel_network_correction_destroy(correction);
  perfmodel_predictor_destroy(predictor);
  free(predictor_path);
  free(correction_path);
  return num_failures == 0 ? 0 : 1;
}
