/* Networks: built in, from JSON, their nodes, and texts in too small buffers. */
#include "check.h"

static perfmodel_network* builtin(const char* name, int64_t batch) {
  perfmodel_network* network = NULL;
  CHECK_OK(perfmodel_network_builtin(name, batch, &network));
  if (network == NULL) exit(1);
  return network;
}

static void builtin_networks_have_their_layers(void) {
  /* AlexNet's first layer: 96 or 64 kernels of 11 x 11 at stride 4 on a 3-channel picture. */
  perfmodel_network* network = builtin("alexnet", 4);
  perfmodel_layer layer = make_layer(PERFMODEL_LAYER_DENSE);
  CHECK_OK(perfmodel_network_node_layer(network, 0, &layer));
  CHECK(layer.kind == PERFMODEL_LAYER_CONV2D && layer.batch == 4 && layer.channels_in == 3);
  CHECK(layer.kernel_height == 11 && layer.kernel_width == 11 && layer.stride_height == 4);
  int64_t batch = 0;
  CHECK_OK(perfmodel_network_batch(network, &batch));
  CHECK(batch == 4);
  perfmodel_network_destroy(network);
}

static void bad_names_and_batches_are_told(void) {
  perfmodel_network* network = NULL;
  CHECK_FAILS(perfmodel_network_builtin("resnet9000", 1, &network), PERFMODEL_ERROR_NOT_FOUND, "lenet");
  CHECK_FAILS(perfmodel_network_builtin("lenet", 0, &network), PERFMODEL_ERROR_INVALID_ARGUMENT, "batch");
  CHECK(network == NULL);
  CHECK_NULL(perfmodel_network_builtin(NULL, 1, &network));
  CHECK_NULL(perfmodel_network_builtin("lenet", 1, NULL));
}

static void with_batch_makes_another_network(void) {
  perfmodel_network* one = builtin("lenet", 1);
  perfmodel_network* eight = NULL;
  CHECK_OK(perfmodel_network_with_batch(one, 8, &eight));
  int64_t batch = 0;
  CHECK_OK(perfmodel_network_batch(eight, &batch));
  CHECK(batch == 8);
  perfmodel_network* none = NULL;
  CHECK_FAILS(perfmodel_network_with_batch(one, -1, &none), PERFMODEL_ERROR_INVALID_ARGUMENT, "batch");
  CHECK_NULL(perfmodel_network_with_batch(NULL, 1, &none));
  CHECK_NULL(perfmodel_network_with_batch(one, 1, NULL));
  CHECK(none == NULL);
  perfmodel_network_destroy(one);
  perfmodel_network_destroy(eight);
}

static void texts_fit_or_say_what_they_need(void) {
  perfmodel_network* network = builtin("lenet", 1);
  size_t size = 0;
  CHECK_OK(perfmodel_network_name(network, NULL, 0, &size));
  CHECK(size == sizeof "lenet");
  char name[sizeof "lenet"];
  CHECK_OK(perfmodel_network_name(network, name, sizeof name, NULL));
  CHECK(strcmp(name, "lenet") == 0);
  char small[3] = "ab";
  size = 0;
  CHECK_FAILS(perfmodel_network_name(network, small, sizeof small, &size), PERFMODEL_ERROR_BUFFER_TOO_SMALL,
              "needs 6 bytes, the buffer has 3");
  CHECK(size == sizeof "lenet" && strcmp(small, "ab") == 0);
  CHECK_NULL(perfmodel_network_name(network, NULL, 0, NULL));
  CHECK_NULL(perfmodel_network_name(network, NULL, 5, &size));
  CHECK_NULL(perfmodel_network_name(NULL, small, sizeof small, &size));
  perfmodel_network_destroy(network);
}

static void nodes_are_told_by_index(void) {
  perfmodel_network* network = builtin("lenet", 1);
  size_t num_nodes = 0;
  CHECK_OK(perfmodel_network_num_nodes(network, &num_nodes));
  CHECK(num_nodes == 7); /* two convolutions, two poolings, three dense layers (LeCun et al., 1998) */
  char name[64];
  size_t size = 0;
  for (size_t i = 0; i < num_nodes; ++i) {
    CHECK_OK(perfmodel_network_node_name(network, i, name, sizeof name, &size));
    CHECK(size == strlen(name) + 1 && size > 1);
  }
  perfmodel_layer layer = make_layer(PERFMODEL_LAYER_CONV2D);
  CHECK_FAILS(perfmodel_network_node_name(network, 7, name, sizeof name, NULL), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "node_index is 7, the network has 7 nodes");
  CHECK_FAILS(perfmodel_network_node_layer(network, 7, &layer), PERFMODEL_ERROR_INVALID_ARGUMENT, "node_index is 7");
  layer.struct_size = 0;
  CHECK_FAILS(perfmodel_network_node_layer(network, 0, &layer), PERFMODEL_ERROR_INVALID_ARGUMENT, "struct_size is 0");
  CHECK_NULL(perfmodel_network_num_nodes(NULL, &num_nodes));
  CHECK_NULL(perfmodel_network_num_nodes(network, NULL));
  CHECK_NULL(perfmodel_network_node_name(NULL, 0, name, sizeof name, NULL));
  CHECK_NULL(perfmodel_network_node_layer(NULL, 0, &layer));
  CHECK_NULL(perfmodel_network_node_layer(network, 0, NULL));
  int64_t batch = 0;
  CHECK_NULL(perfmodel_network_batch(NULL, &batch));
  CHECK_NULL(perfmodel_network_batch(network, NULL));
  perfmodel_network_destroy(network);
}

/* Weights and biases 8, outputs 2, of 4 bytes each. */
static void the_footprint_is_weights_and_outputs(void) {
  static const char kText[] =
      "{\"name\": \"one\", \"inputs\": [{\"name\": \"x\", \"shape\": [1, 3, 1, 1]}], \"nodes\": [{\"name\": \"a\", "
      "\"kind\": \"dense\", \"input\": \"x\", \"channels_out\": 2}]}";
  perfmodel_network* network = NULL;
  double bytes = 0;
  CHECK_OK(perfmodel_network_from_json(kText, strlen(kText), &network));
  CHECK_OK(perfmodel_network_footprint_bytes(network, &bytes));
  CHECK(bytes == 4 * (3 * 2 + 2) + 4 * 2);
  CHECK_NULL(perfmodel_network_footprint_bytes(NULL, &bytes));
  CHECK_NULL(perfmodel_network_footprint_bytes(network, NULL));
  perfmodel_network_destroy(network);
}

static void layers_of_other_kinds_are_told(void) {
  static const char kText[] =
      "{\"name\": \"one\", \"inputs\": [{\"name\": \"x\", \"shape\": [1, 3, 1, 1]}], \"nodes\": [{\"name\": \"a\", "
      "\"kind\": \"conv3d\", \"input\": \"x\"}]}";
  perfmodel_network* none = NULL;
  CHECK_FAILS(perfmodel_network_from_json(kText, strlen(kText), &none), PERFMODEL_ERROR_UNSUPPORTED,
              "layer kind 'conv3d' is not known (conv2d, pool2d");
  CHECK(none == NULL);
}

static void json_goes_out_and_in(const char* folder) {
  perfmodel_network* network = builtin("vgg16", 2);
  size_t size = 0;
  CHECK_OK(perfmodel_network_to_json(network, NULL, 0, &size));
  char* json = malloc(size);
  if (json == NULL) abort();
  CHECK_OK(perfmodel_network_to_json(network, json, size, NULL));

  perfmodel_network* parsed = NULL;
  CHECK_OK(perfmodel_network_from_json(json, size - 1, &parsed));
  size_t num_nodes = 0;
  CHECK_OK(perfmodel_network_num_nodes(parsed, &num_nodes));
  CHECK(num_nodes == 21); /* 13 convolutions, 5 poolings, 3 dense layers (Simonyan and Zisserman, 2014, column D) */
  perfmodel_network_destroy(parsed);

  char* path = path_in(folder, "vgg16.json");
  FILE* file = fopen(path, "wb");
  CHECK(file != NULL && fwrite(json, 1, size - 1, file) == size - 1);
  if (file != NULL) fclose(file);
  perfmodel_network* read = NULL;
  CHECK_OK(perfmodel_network_read(path, &read));
  perfmodel_network_destroy(read);
  free(path);

  perfmodel_network* none = NULL;
  CHECK_FAILS(perfmodel_network_from_json(json, size / 2, &none), PERFMODEL_ERROR_PARSE, "");
  CHECK_FAILS(perfmodel_network_from_json("", 0, &none), PERFMODEL_ERROR_PARSE, "");
  CHECK_FAILS(perfmodel_network_read("/nowhere/network.json", &none), PERFMODEL_ERROR_NOT_FOUND,
              "/nowhere/network.json");
  CHECK_NULL(perfmodel_network_from_json(NULL, 0, &none));
  CHECK_NULL(perfmodel_network_from_json(json, size - 1, NULL));
  CHECK_NULL(perfmodel_network_read(NULL, &none));
  CHECK_NULL(perfmodel_network_read("x", NULL));
  CHECK_NULL(perfmodel_network_to_json(NULL, json, size, NULL));
  CHECK(none == NULL);
  free(json);
  perfmodel_network_destroy(network);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  builtin_networks_have_their_layers();
  bad_names_and_batches_are_told();
  with_batch_makes_another_network();
  the_footprint_is_weights_and_outputs();
  layers_of_other_kinds_are_told();
  texts_fit_or_say_what_they_need();
  nodes_are_told_by_index();
  json_goes_out_and_in(argv[1]);
  perfmodel_network_destroy(NULL);
  return report();
}
