/* Correcting a model in use. */
#include "board.h"
#include "perfmodel_transfer_c.h"

enum { BAD = PERFMODEL_ERROR_INVALID_ARGUMENT };

/* A device that takes twice as long as the model says: the first measurement tells it, with a prior of a hundredth. */
static void a_correction_follows_the_device(const perfmodel_model* source) {
  const double values[NUM_OPTIONS] = {2, 1500, 400}, others[NUM_OPTIONS] = {1, 500, 100};
  perfmodel_correction* correction = NULL;
  CHECK_OK(perfmodel_correction_create(source, NULL, &correction));
  CHECK_OK(perfmodel_correction_tell(correction, values, NUM_OPTIONS, 2 * source_ms(values)));
  uint64_t num_told = 0;
  CHECK_OK(perfmodel_correction_num_told(correction, &num_told));
  CHECK(num_told == 1);
  perfmodel_model* model = NULL;
  CHECK_OK(perfmodel_correction_model(correction, &model));
  const double kFloatLeaves = 1e-6; /* of the tree */
  const double factor = exp(log(2) / 1.01);
  CHECK(fabs(predict_one(model, values).mean / source_ms(values) - factor) < kFloatLeaves);
  CHECK(fabs(predict_one(model, others).mean / source_ms(others) - factor) < kFloatLeaves);
  CHECK(predict_one(model, values).upper > predict_one(model, values).mean);

  CHECK_FAILS(perfmodel_correction_tell(correction, values, NUM_OPTIONS, 0), BAD, "the measured value is 0");
  CHECK_FAILS(perfmodel_correction_tell(correction, values, 2, 5), PERFMODEL_ERROR_MISMATCH, "as many values");
  CHECK_NULL(perfmodel_correction_tell(NULL, values, NUM_OPTIONS, 5));
  CHECK_NULL(perfmodel_correction_tell(correction, NULL, NUM_OPTIONS, 5));
  CHECK_NULL(perfmodel_correction_num_told(NULL, &num_told));
  CHECK_NULL(perfmodel_correction_num_told(correction, NULL));
  CHECK_NULL(perfmodel_correction_model(NULL, &model));
  CHECK_NULL(perfmodel_correction_model(correction, NULL));
  CHECK_OK(perfmodel_correction_num_told(correction, &num_told));
  CHECK(num_told == 1);
  perfmodel_correction_destroy(correction);
  perfmodel_correction_destroy(NULL);
  CHECK(predict_one(model, values).mean > 0); /* a model outlives the correction */
  perfmodel_model_destroy(model);
}

static void correction_options_are_checked(const perfmodel_model* source) {
  perfmodel_correction_options options;
  CHECK_OK(perfmodel_correction_options_init(&options, sizeof options));
  CHECK(options.half_life == 10 && options.interval_level == 0.9 && options.fit_slope == 1 && options.reserved == 0);
  perfmodel_correction* none = NULL;
  options.half_life = 0.5;
  CHECK_FAILS(perfmodel_correction_create(source, &options, &none), BAD, "half_life is 0.5");
  options.half_life = 10;
  options.fit_slope = 2;
  CHECK_FAILS(perfmodel_correction_create(source, &options, &none), BAD, "fit_slope is 2");
  options.fit_slope = 1;
  options.struct_size = 3;
  CHECK_FAILS(perfmodel_correction_create(source, &options, &none), BAD, "struct_size is 3");
  CHECK_NULL(perfmodel_correction_create(NULL, NULL, &none));
  CHECK_NULL(perfmodel_correction_create(source, NULL, NULL));
  CHECK(none == NULL);
}

int main(void) {
  perfmodel_space* space = make_space();
  perfmodel_dataset* dataset = make_dataset(space);
  perfmodel_model* model = make_model(dataset);
  a_correction_follows_the_device(model);
  correction_options_are_checked(model);
  perfmodel_model_destroy(model);
  perfmodel_dataset_destroy(dataset);
  perfmodel_space_destroy(space);
  return report();
}
