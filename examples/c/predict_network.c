/*
 * Loads a predictor, says what it knows, and predicts a network layer by layer.
 *
 *   predict_network PREDICTOR.safetensors NETWORK [BATCH]
 *
 * NETWORK is the name of a built-in network (lenet, alexnet, vgg16, cifarnet) or a JSON file of
 * docs/formats-network.md. Built with: cc predict_network.c $(pkg-config --cflags --libs perfmodel_c)
 */
#include <errno.h>
#include <perfmodel_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char kOutside[] = "  (outside of what was learnt)";

/* Ends the program with perfmodel's own words unless the call went well. */
static void check(perfmodel_status status) {
  if (status == PERFMODEL_OK) return;
  fprintf(stderr, "predict_network: %s\n", perfmodel_last_error());
  exit(1);
}

static int64_t parse_batch(const char* text) {
  char* end = NULL;
  errno = 0;
  const long long batch = strtoll(text, &end, 10);
  if (end == text || *end != '\0' || errno != 0) {
    fprintf(stderr, "predict_network: BATCH is '%s', not a whole number\n", text);
    exit(2);
  }
  return batch;
}

static void print_what_it_knows(const perfmodel_predictor* predictor) {
  static const char* const kind_names[] = {"conv2d", "pool2d", "dense"};
  char device[256], framework[64];
  check(perfmodel_predictor_environment(predictor, "device_name", device, sizeof device, NULL));
  check(perfmodel_predictor_environment(predictor, "framework", framework, sizeof framework, NULL));
  printf("measured on %s in framework %s\n", device, framework);

  for (int32_t kind = PERFMODEL_LAYER_CONV2D; kind <= PERFMODEL_LAYER_DENSE; ++kind) {
    int32_t knows = 0;
    check(perfmodel_predictor_knows_kind(predictor, kind, &knows));
    if (!knows) continue;
    perfmodel_model_info model = {sizeof model, 0, 0, 0, 0, 0, 0};
    char learner[64];
    check(perfmodel_predictor_model(predictor, kind, PERFMODEL_PHASE_EXECUTION, &model));
    check(perfmodel_predictor_model_text(predictor, kind, PERFMODEL_PHASE_EXECUTION, "kind", learner, sizeof learner,
                                         NULL));
    printf("%s: %s on %u features, fitted to %u layers", kind_names[kind], learner, (unsigned)model.num_features,
           (unsigned)model.training_rows);
    if (model.held_out_rows > 0)
      printf(", %.1f %% off on %u others", model.held_out_mape_pct, (unsigned)model.held_out_rows);
    printf("\n");
  }
}

static perfmodel_network* open_network(const char* name_or_path, int64_t batch) {
  perfmodel_network* network = NULL;
  if (strstr(name_or_path, ".json") == NULL) {
    check(perfmodel_network_builtin(name_or_path, batch, &network));
    return network;
  }
  perfmodel_network* as_read = NULL;
  check(perfmodel_network_read(name_or_path, &as_read));
  check(perfmodel_network_with_batch(as_read, batch, &network));
  perfmodel_network_destroy(as_read);
  return network;
}

static void print_times(const perfmodel_predictor* predictor, const perfmodel_network* network) {
  size_t num_layers = 0;
  check(perfmodel_network_num_nodes(network, &num_layers));
  perfmodel_layer_time* layers = calloc(num_layers, sizeof *layers);
  if (layers == NULL) exit(1);
  layers[0].struct_size = sizeof *layers;
  perfmodel_network_time total;
  check(perfmodel_network_time_init(&total, sizeof total));
  check(perfmodel_predictor_predict_network(predictor, network, &total, layers, num_layers, NULL));

  printf("%-16s %10s %10s %10s\n", "layer", "pre_ms", "exe_ms", "post_ms");
  for (size_t i = 0; i < num_layers; ++i) {
    char name[128];
    check(perfmodel_network_node_name(network, i, name, sizeof name, NULL));
    printf("%-16s %10.4f %10.4f %10.4f%s\n", name, layers[i].preprocess.mean_ms, layers[i].execution.mean_ms,
           layers[i].postprocess.mean_ms, layers[i].in_domain ? "" : kOutside);
  }
  printf("total %.4f ms", total.total.mean_ms);
  if (total.interval_level > 0) {
    printf(", %g %% interval %.4f to %.4f", 100 * total.interval_level, total.total.lower_ms, total.total.upper_ms);
  } else {
    printf(", no interval");
  }
  printf("%s\n", total.in_domain ? "" : kOutside);
  free(layers);
}

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    fprintf(stderr, "usage: predict_network PREDICTOR.safetensors NETWORK [BATCH]\n");
    return 2;
  }
  const int64_t batch = argc == 4 ? parse_batch(argv[3]) : 1;
  perfmodel_predictor* predictor = NULL;
  check(perfmodel_predictor_load(argv[1], &predictor));
  perfmodel_network* network = open_network(argv[2], batch);
  print_what_it_knows(predictor);
  print_times(predictor, network);
  perfmodel_network_destroy(network);
  perfmodel_predictor_destroy(predictor);
  return 0;
}
