#include <perfmodel_c.h>
#include <stdio.h>

int main(void) {
  perfmodel_network* network = NULL;
  size_t num_nodes = 0;
  if (perfmodel_network_builtin("alexnet", 1, &network) != PERFMODEL_OK) return 1;
  if (perfmodel_network_num_nodes(network, &num_nodes) != PERFMODEL_OK) return 1;
  printf("perfmodel %s, C API %d, alexnet has %u layers\n", perfmodel_version(), (int)perfmodel_c_api_version(),
         (unsigned)num_nodes);
  perfmodel_network_destroy(network);

  perfmodel_predictor* predictor = NULL;
  if (perfmodel_predictor_load("/nowhere/predictor.safetensors", &predictor) != PERFMODEL_ERROR_NOT_FOUND) return 1;
  printf("as it should be: %s\n", perfmodel_last_error());
  return 0;
}
