/* Structs of callers that were compiled against an older or a newer header. */
#include "check_init.h"
#include "perfmodel_transfer_c.h"

static void init_fills_what_the_caller_has(void) {
  CHECK_INIT(perfmodel_layer, perfmodel_layer_init);
  CHECK_INIT(perfmodel_layer_context, perfmodel_layer_context_init);
  CHECK_INIT(perfmodel_layer_time, perfmodel_layer_time_init);
  CHECK_INIT(perfmodel_network_time, perfmodel_network_time_init);
  CHECK_INIT(perfmodel_fit_options, perfmodel_fit_options_init);
  CHECK_INIT(perfmodel_prediction, perfmodel_prediction_init);
  CHECK_INIT(perfmodel_learning_options, perfmodel_learning_options_init);
  CHECK_INIT(perfmodel_transfer_problem, perfmodel_transfer_problem_init);
  CHECK_INIT(perfmodel_transfer_options, perfmodel_transfer_options_init);
  CHECK_INIT(perfmodel_correction_options, perfmodel_correction_options_init);
}

static void defaults_are_those_of_the_header(void) {
  perfmodel_layer layer = make_layer(PERFMODEL_LAYER_CONV2D);
  CHECK(layer.kind == PERFMODEL_LAYER_CONV2D && layer.activation == PERFMODEL_ACTIVATION_NONE);
  CHECK(layer.has_bias == 1 && layer.reserved == 0);
  CHECK(layer.batch == 1 && layer.input_height == 1 && layer.kernel_width == 1 && layer.groups == 1);
  CHECK(layer.pad_top == 0 && layer.pad_right == 0);
  perfmodel_layer_context context;
  CHECK_OK(perfmodel_layer_context_init(&context, sizeof context));
  CHECK(context.reuse_bytes == 1e9);
  perfmodel_fit_options options;
  CHECK_OK(perfmodel_fit_options_init(&options, sizeof options));
  CHECK(strcmp(options.learner, "layer_blend") == 0 && strcmp(options.preset, "default") == 0);
  CHECK(strcmp(options.features, "physics") == 0 && options.num_threads == 1 && options.seed == 0);
  CHECK(options.held_out_fraction == 0.2 && options.progress == NULL && options.user_data == NULL);
  CHECK(options.memory_bound_by_learner == 0 && options.held_out_network_intervals == 0);
}

/* A layer of a caller that knows nothing after `batch` is one with defaults there. */
static void an_older_layer_means_defaults(const perfmodel_predictor* predictor) {
  perfmodel_layer old = make_layer(PERFMODEL_LAYER_CONV2D);
  memset((unsigned char*)&old + offsetof(perfmodel_layer, input_height), 0xA5,
         sizeof old - offsetof(perfmodel_layer, input_height));
  old.struct_size = offsetof(perfmodel_layer, input_height);
  perfmodel_layer_time time;
  CHECK_OK(perfmodel_layer_time_init(&time, sizeof time));
  CHECK_OK(perfmodel_predictor_predict(predictor, &old, 1, NULL, &time));
  CHECK_NEAR(time.execution.mean_ms, 2.0);
}

/* A newer caller's array steps by its own size; a field that this library does not know must not be set. */
static void newer_structs_are_stepped_over(const perfmodel_predictor* predictor) {
  struct newer_layer {
    perfmodel_layer known;
    int64_t added[2];
  } layers[3];
  struct newer_time {
    perfmodel_layer_time known;
    int64_t added[3];
  } times[3];
  static const int32_t kinds[] = {PERFMODEL_LAYER_CONV2D, PERFMODEL_LAYER_POOL2D, PERFMODEL_LAYER_DENSE};
  for (int i = 0; i < 3; ++i) {
    CHECK_OK(perfmodel_layer_init(&layers[i].known, sizeof layers[i]));
    layers[i].known.kind = kinds[i];
  }
  memset(times, 0xA5, sizeof times);
  times[0].known.struct_size = sizeof times[0];
  CHECK_OK(perfmodel_predictor_predict(predictor, &layers[0].known, 3, NULL, &times[0].known));
  static const double execution_ms[] = {2.0, 0.3, 0.7};
  for (int i = 0; i < 3; ++i) {
    CHECK(times[i].known.struct_size == sizeof times[i]);
    CHECK_NEAR(times[i].known.execution.mean_ms, execution_ms[i]);
    CHECK(times[i].added[0] == 0 && times[i].added[2] == 0);
  }
  layers[2].added[1] = 1;
  CHECK_FAILS(perfmodel_predictor_predict(predictor, &layers[0].known, 3, NULL, &times[0].known),
              PERFMODEL_ERROR_UNSUPPORTED, "perfmodel_layer: the program set a field");
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  perfmodel_predictor* predictor = load_predictor(argv[1], "predictor.safetensors");
  init_fills_what_the_caller_has();
  defaults_are_those_of_the_header();
  an_older_layer_means_defaults(predictor);
  newer_structs_are_stepped_over(predictor);
  perfmodel_predictor_destroy(predictor);
  return report();
}
