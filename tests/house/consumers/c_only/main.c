#include <perfmodel_c.h>
#include <perfmodel_transfer_c.h>
#include <stdio.h>

int main(void) {
  perfmodel_network* network = NULL;
  size_t num_nodes = 0;
  if (perfmodel_network_builtin("alexnet", 1, &network) != PERFMODEL_OK) return 1;
  if (perfmodel_network_num_nodes(network, &num_nodes) != PERFMODEL_OK) return 1;
  printf("perfmodel %s, C API %d, alexnet has %u layers\n", perfmodel_version(), (int)perfmodel_c_api_version(),
         (unsigned)num_nodes);
  perfmodel_network_destroy(network);

  size_t num_strategies = 0;
  if (perfmodel_num_strategies(&num_strategies) != PERFMODEL_OK || num_strategies == 0) return 1;

  perfmodel_predictor* predictor = NULL;
  if (perfmodel_predictor_load("/nowhere/predictor.safetensors", &predictor) != PERFMODEL_ERROR_NOT_FOUND) return 1;
  printf("as it should be: %s\n", perfmodel_last_error());
  return 0;
}
