/* Intervals of networks. make_files.cpp wrote a predictor of whole calls that answers 0.7 ms for each dense layer, with
 * an interval of that alone, and networks of two dense layers that took 1.4 ms each. */
#include "check.h"

static void is_cautious_before(const perfmodel_predictor* predictor) {
  double correlation = 0, scale = 0;
  uint64_t num_networks = 9;
  CHECK_OK(perfmodel_predictor_network_interval(predictor, &correlation, &scale, &num_networks));
  CHECK(correlation == 1 && scale == 1 && num_networks == 0);
  CHECK_OK(perfmodel_predictor_network_interval(predictor, NULL, NULL, NULL));
  CHECK_NULL(perfmodel_predictor_network_interval(NULL, &correlation, &scale, &num_networks));
}

static void fits_networks(const perfmodel_predictor* predictor, const char* networks, const char* saved) {
  perfmodel_predictor *fitted = NULL, *loaded = NULL;
  CHECK_OK(perfmodel_predictor_fit_network_interval(predictor, networks, NULL, "gpu", &fitted));
  CHECK_OK(perfmodel_predictor_save(fitted, saved));
  CHECK_OK(perfmodel_predictor_load(saved, &loaded));
  uint64_t num_networks = 0;
  double scale = 0;
  CHECK_OK(perfmodel_predictor_network_interval(loaded, NULL, &scale, &num_networks));
  CHECK(num_networks == 10 && scale > 0);
  perfmodel_predictor_destroy(fitted);
  perfmodel_predictor_destroy(loaded);
}

static void refuses_what_tells_nothing(const char* folder, const perfmodel_predictor* predictor, const char* networks) {
  perfmodel_predictor *none = NULL, *phases = NULL;
  char* path = path_in(folder, "predictor_conv.safetensors");
  CHECK_OK(perfmodel_predictor_load(path, &phases));
  CHECK_FAILS(perfmodel_predictor_fit_network_interval(phases, networks, NULL, NULL, &none), PERFMODEL_ERROR_MISMATCH,
              "its times are 'total', those of the predictor 'phases'");
  CHECK_FAILS(perfmodel_predictor_fit_network_interval(predictor, networks, NULL, "tpu", &none),
              PERFMODEL_ERROR_NOT_FOUND, "no device 'tpu'");
  CHECK_FAILS(perfmodel_predictor_fit_network_interval(predictor, networks, "mean_ms", NULL, &none),
              PERFMODEL_ERROR_NOT_FOUND, "no time column 'mean_ms'");
  CHECK_FAILS(perfmodel_predictor_fit_network_interval(predictor, "/nowhere/x", NULL, NULL, &none),
              PERFMODEL_ERROR_NOT_FOUND, "/nowhere");
  CHECK_FAILS(perfmodel_predictor_fit_network_interval(predictor, networks, NULL, "cpu", &none),
              PERFMODEL_ERROR_INVALID_ARGUMENT, "1 networks are too few");
  CHECK_NULL(perfmodel_predictor_fit_network_interval(NULL, networks, NULL, NULL, &none));
  CHECK_NULL(perfmodel_predictor_fit_network_interval(predictor, NULL, NULL, NULL, &none));
  CHECK_NULL(perfmodel_predictor_fit_network_interval(predictor, networks, NULL, NULL, NULL));
  CHECK(none == NULL);
  perfmodel_predictor_destroy(phases);
  free(path);
}

/* Of 40 layers of a kind too few are left to calibrate an interval: said, not passed over. */
static void fits_held_out_layers(const char* table) {
  perfmodel_fit_options options;
  CHECK_OK(perfmodel_fit_options_init(&options, sizeof options));
  options.learner = "constant";
  options.held_out_network_intervals = 1;
  perfmodel_predictor* predictor = NULL;
  CHECK_FAILS(perfmodel_predictor_fit(table, &options, &predictor), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "has no interval to add up");
  options.held_out_fraction = 0;
  CHECK_FAILS(perfmodel_predictor_fit(table, &options, &predictor), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "held_out_fraction is 0: no layers were held out");
  CHECK(predictor == NULL);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  char *path = path_in(argv[1], "predictor_calls.safetensors"), *networks = path_in(argv[1], "networks.csv");
  char *saved = path_in(argv[1], "network_interval_test.safetensors"), *layers = path_in(argv[1], "layers.csv");
  perfmodel_predictor* predictor = NULL;
  CHECK_OK(perfmodel_predictor_load(path, &predictor));
  if (predictor == NULL) return 1;
  is_cautious_before(predictor);
  fits_networks(predictor, networks, saved);
  refuses_what_tells_nothing(argv[1], predictor, networks);
  fits_held_out_layers(layers);
  perfmodel_predictor_destroy(predictor);
  free(path);
  free(networks);
  free(saved);
  free(layers);
  return num_failures == 0 ? 0 : 1;
}
