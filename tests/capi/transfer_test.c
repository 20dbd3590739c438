/* Transfers: ask, tell, adapted model. */
#include "perfmodel_transfer_c.h"

#include "board.h"

enum { BAD = PERFMODEL_ERROR_INVALID_ARGUMENT, BUDGET = 12 };

/* The target does the same, more slowly, after a while of its own. */
static double target_ms(const double* values) {
  return 3 + 2.5 * source_ms(values);
}

struct source {
  perfmodel_space* space;
  perfmodel_dataset* dataset;
  perfmodel_model* model;
};

static perfmodel_transfer_problem problem_of(const struct source* source) {
  perfmodel_transfer_problem problem;
  CHECK_OK(perfmodel_transfer_problem_init(&problem, sizeof problem));
  problem.source_space = source->space;
  problem.source = source->dataset;
  problem.source_model = source->model;
  return problem;
}

static perfmodel_transfer* start(const char* strategy, const struct source* source) {
  const perfmodel_transfer_problem problem = problem_of(source);
  perfmodel_transfer_options options;
  CHECK_OK(perfmodel_transfer_options_init(&options, sizeof options));
  CHECK(options.seed == 0 && options.budget == 0 && options.interval_level == 0.9 && options.num_threads == 1);
  options.budget = BUDGET;
  perfmodel_transfer* transfer = NULL;
  CHECK_OK(perfmodel_transfer_start(strategy, &problem, &options, &transfer));
  if (transfer == NULL) exit(1);
  return transfer;
}

static void tell_value(perfmodel_transfer* transfer, size_t candidate) {
  double values[NUM_OPTIONS];
  CHECK_OK(perfmodel_transfer_candidate(transfer, candidate, values, NUM_OPTIONS));
  CHECK_OK(perfmodel_transfer_tell(transfer, candidate, target_ms(values)));
}

static void measure(perfmodel_transfer* transfer, size_t count) {
  size_t candidates[BUDGET], num_candidates = 0;
  CHECK_OK(perfmodel_transfer_ask(transfer, count, candidates, &num_candidates));
  for (size_t i = 0; i < num_candidates; ++i) tell_value(transfer, candidates[i]);
}

static void strategies_are_told(void) {
  static const char* const names[] = {"auto", "dm", "gs", "lms", "nlms", "residual"};
  size_t num_strategies = 0;
  CHECK_OK(perfmodel_num_strategies(&num_strategies));
  CHECK(num_strategies == sizeof names / sizeof names[0]);
  char name[16];
  for (size_t i = 0; i < num_strategies; ++i) {
    CHECK_OK(perfmodel_strategy_name(i, name, sizeof name, NULL));
    CHECK(strcmp(name, names[i]) == 0);
  }
  CHECK_FAILS(perfmodel_strategy_name(num_strategies, name, sizeof name, NULL), BAD, "strategy_index is 6");
  CHECK_NULL(perfmodel_num_strategies(NULL));
  CHECK_NULL(perfmodel_strategy_name(0, NULL, 0, NULL));
}

/* The target is a line on the source, which "lms" finds, and so does whatever is more general. */
static void a_target_is_learnt(const char* strategy, double tolerance, const struct source* source) {
  perfmodel_transfer* transfer = start(strategy, source);
  measure(transfer, BUDGET);
  perfmodel_model* model = NULL;
  CHECK_OK(perfmodel_transfer_model(transfer, &model));
  const double values[NUM_OPTIONS] = {2, 1500, 400};
  CHECK(fabs(predict_one(model, values).mean / target_ms(values) - 1) < tolerance);
  perfmodel_model_destroy(model);
  perfmodel_transfer_destroy(transfer);
}

static void all_feasible_configurations_are_candidates(const struct source* source) {
  perfmodel_transfer* transfer = start("lms", source);
  size_t num_candidates = 0;
  CHECK_OK(perfmodel_transfer_num_candidates(transfer, &num_candidates));
  CHECK(num_candidates == NUM_FEASIBLE);
  double values[NUM_OPTIONS] = {0, 0, 0};
  CHECK_OK(perfmodel_transfer_candidate(transfer, 0, values, NUM_OPTIONS));
  CHECK(values[0] == 1 && values[1] == 500 && values[2] == 100);
  CHECK_FAILS(perfmodel_transfer_candidate(transfer, NUM_FEASIBLE, values, NUM_OPTIONS), BAD, "60");
  CHECK_FAILS(perfmodel_transfer_candidate(transfer, 0, values, 2), PERFMODEL_ERROR_MISMATCH, "num_values is 2");
  CHECK_NULL(perfmodel_transfer_num_candidates(NULL, &num_candidates));
  CHECK_NULL(perfmodel_transfer_num_candidates(transfer, NULL));
  CHECK_NULL(perfmodel_transfer_candidate(NULL, 0, values, NUM_OPTIONS));
  CHECK_NULL(perfmodel_transfer_candidate(transfer, 0, NULL, NUM_OPTIONS));
  perfmodel_transfer_destroy(transfer);
}

static void only_listed_candidates_are_asked_for(const struct source* source) {
  const double listed[4][NUM_OPTIONS] = {{1, 500, 100}, {2, 500, 100}, {3, 1500, 800}, {4, 1000, 200}};
  perfmodel_transfer_problem problem = problem_of(source);
  problem.target_space = source->space;
  problem.candidates = listed[0];
  problem.num_candidates = 4;
  perfmodel_transfer* transfer = NULL;
  CHECK_OK(perfmodel_transfer_start("lms", &problem, NULL, &transfer));
  size_t candidates[BUDGET], num_candidates = 0;
  CHECK_OK(perfmodel_transfer_ask(transfer, BUDGET, candidates, &num_candidates));
  CHECK(num_candidates == 4);
  CHECK_OK(perfmodel_transfer_ask(transfer, 0, NULL, &num_candidates));
  CHECK(num_candidates == 0);
  CHECK_NULL(perfmodel_transfer_ask(NULL, 1, candidates, &num_candidates));
  CHECK_NULL(perfmodel_transfer_ask(transfer, 1, NULL, &num_candidates));
  CHECK_NULL(perfmodel_transfer_ask(transfer, 1, candidates, NULL));
  perfmodel_transfer_destroy(transfer);

  perfmodel_transfer* none = NULL;
  const double twice[2][NUM_OPTIONS] = {{1, 500, 100}, {1, 500, 100}}, wrong[NUM_OPTIONS] = {1, 501, 100};
  problem.candidates = twice[0];
  problem.num_candidates = 2;
  CHECK_FAILS(perfmodel_transfer_start("lms", &problem, NULL, &none), BAD, "candidate 1 is there twice");
  problem.candidates = wrong;
  problem.num_candidates = 1;
  CHECK_FAILS(perfmodel_transfer_start("lms", &problem, NULL, &none), BAD, "501 is not an allowed level");
  problem.num_candidates = 0;
  CHECK_FAILS(perfmodel_transfer_start("lms", &problem, NULL, &none), BAD, "no candidates");
  problem.candidates = NULL;
  problem.num_candidates = 2;
  CHECK_NULL(perfmodel_transfer_start("lms", &problem, NULL, &none));
  CHECK(none == NULL);
}

static void bad_outcomes_are_refused(const struct source* source) {
  perfmodel_transfer* transfer = start("lms", source);
  perfmodel_model* model = NULL;
  CHECK_FAILS(perfmodel_transfer_model(transfer, &model), BAD, "needs at least 2 measurements, 0 were told");
  CHECK_OK(perfmodel_transfer_tell(transfer, 0, 50));
  CHECK_FAILS(perfmodel_transfer_tell(transfer, 0, 50), BAD, "candidate 0 was told before");
  CHECK_FAILS(perfmodel_transfer_tell(transfer, 1, NAN), BAD, "nan");
  CHECK_FAILS(perfmodel_transfer_tell(transfer, NUM_FEASIBLE, 50), BAD, "does not exist");
  CHECK_OK(perfmodel_transfer_tell_failure(transfer, 1, "the board hung"));
  CHECK_FAILS(perfmodel_transfer_tell_failure(transfer, 1, "again"), BAD, "told before");
  CHECK_FAILS(perfmodel_transfer_tell_failure(transfer, 2, ""), BAD, "reason is empty");
  CHECK_NULL(perfmodel_transfer_tell(NULL, 2, 50));
  CHECK_NULL(perfmodel_transfer_tell_failure(NULL, 2, "x"));
  CHECK_NULL(perfmodel_transfer_tell_failure(transfer, 2, NULL));
  CHECK_NULL(perfmodel_transfer_model(NULL, &model));
  CHECK_NULL(perfmodel_transfer_model(transfer, NULL));
  CHECK(model == NULL);
  perfmodel_transfer_destroy(transfer);
  perfmodel_transfer_destroy(NULL);
}

static void a_transfer_goes_on_after_a_restart(const struct source* source) {
  perfmodel_transfer* transfer = start("lms", source);
  measure(transfer, 4);
  size_t size = 0;
  CHECK_OK(perfmodel_transfer_save(transfer, NULL, 0, &size));
  char* saved = malloc(size);
  if (saved == NULL) exit(1);
  CHECK_FAILS(perfmodel_transfer_save(transfer, saved, 3, NULL), PERFMODEL_ERROR_BUFFER_TOO_SMALL, "the buffer has 3");
  CHECK_OK(perfmodel_transfer_save(transfer, saved, size, NULL));

  perfmodel_transfer_problem problem = problem_of(source);
  perfmodel_transfer_options options;
  CHECK_OK(perfmodel_transfer_options_init(&options, sizeof options));
  options.budget = BUDGET;
  perfmodel_transfer *restored = NULL, *none = NULL;
  CHECK_OK(perfmodel_transfer_restore(saved, size - 1, &problem, &options, &restored));
  size_t next = 0, restored_next = 0, num_candidates = 0;
  CHECK_OK(perfmodel_transfer_ask(transfer, 1, &next, &num_candidates));
  CHECK_OK(perfmodel_transfer_ask(restored, 1, &restored_next, &num_candidates));
  CHECK(num_candidates == 1 && next == restored_next);
  perfmodel_transfer_destroy(restored);

  CHECK_FAILS(perfmodel_transfer_restore(saved, 5, &problem, &options, &none), PERFMODEL_ERROR_PARSE, "saved transfer");
  options.seed = 1;
  CHECK_FAILS(perfmodel_transfer_restore(saved, size - 1, &problem, &options, &none), PERFMODEL_ERROR_MISMATCH, "seed");
  CHECK_NULL(perfmodel_transfer_save(NULL, saved, size, NULL));
  CHECK_NULL(perfmodel_transfer_save(transfer, NULL, 0, NULL));
  CHECK_NULL(perfmodel_transfer_restore(NULL, 0, &problem, NULL, &none));
  CHECK_NULL(perfmodel_transfer_restore(saved, size - 1, NULL, NULL, &none));
  CHECK_NULL(perfmodel_transfer_restore(saved, size - 1, &problem, NULL, NULL));
  CHECK(none == NULL);
  free(saved);
  perfmodel_transfer_destroy(transfer);
}

static void guided_sampling_explains_itself(const struct source* source) {
  perfmodel_transfer_problem problem = problem_of(source);
  perfmodel_learner* forest = NULL;
  CHECK_OK(perfmodel_learner_create("forest", "{\"num_trees\": 4}", &forest));
  problem.target_learner = forest;
  perfmodel_transfer* transfer = NULL;
  CHECK_OK(perfmodel_transfer_start("gs", &problem, NULL, &transfer));
  perfmodel_learner_destroy(forest); /* everything was copied */
  measure(transfer, BUDGET);
  perfmodel_model* model = NULL;
  CHECK_OK(perfmodel_transfer_model(transfer, &model));
  perfmodel_model_destroy(model);
  char words[4096];
  CHECK_OK(perfmodel_transfer_explain(transfer, words, sizeof words, NULL));
  CHECK(strstr(words, "gpu_freq_mhz") != NULL && strchr(words, '\n') != NULL);
  CHECK_NULL(perfmodel_transfer_explain(NULL, words, sizeof words, NULL));
  CHECK_NULL(perfmodel_transfer_explain(transfer, NULL, 0, NULL));
  perfmodel_transfer_destroy(transfer);
}

/* Whether a line of `words` names both. */
static int names_together(const char* words, const char* one, const char* other) {
  for (const char* line = words; line != NULL; line = strchr(line + 1, '\n')) {
    const char* end = strchr(line + 1, '\n');
    const char *first = strstr(line, one), *second = strstr(line, other);
    if (first != NULL && second != NULL && (end == NULL || (first < end && second < end))) return 1;
  }
  return 0;
}

static void explain_guided(const struct source* source, const perfmodel_transfer_options* options, char* words,
                           size_t capacity) {
  const perfmodel_transfer_problem problem = problem_of(source);
  perfmodel_transfer* transfer = NULL;
  CHECK_OK(perfmodel_transfer_start("gs", &problem, options, &transfer));
  CHECK_OK(perfmodel_transfer_explain(transfer, words, capacity, NULL));
  perfmodel_transfer_destroy(transfer);
}

/* A source whose time is a product of two options, and nothing else. */
static struct source make_product(perfmodel_space* space) {
  struct source product = {space, NULL, NULL};
  CHECK_OK(perfmodel_dataset_create(kOptionNames, NUM_OPTIONS, "time_ms", &product.dataset));
  for (uint64_t index = 0; index < NUM_POINTS; ++index) {
    double values[NUM_OPTIONS];
    CHECK_OK(perfmodel_space_values_at(space, index, values, NUM_OPTIONS));
    const double time_ms = values[0] * values[1];
    CHECK_OK(perfmodel_dataset_add_rows(product.dataset, values, 1, NUM_OPTIONS, &time_ms));
  }
  product.model = make_model(product.dataset);
  return product;
}

/* On the source, num_cores matters with p = 0.003 beside gpu_freq_mhz. */
static void guided_sampling_takes_its_options(const struct source* source) {
  char words[4096];
  perfmodel_transfer_options options;
  CHECK_OK(perfmodel_transfer_options_init(&options, sizeof options));
  CHECK(options.guided_criterion == PERFMODEL_GUIDED_BY_SIGNIFICANCE && options.guided_max_order == 2);
  CHECK(options.guided_significance == 0.05);
  explain_guided(source, &options, words, sizeof words);
  CHECK(strstr(words, "num_cores") != NULL);
  options.guided_significance = 0.001;
  explain_guided(source, &options, words, sizeof words);
  CHECK(strstr(words, "gpu_freq_mhz") != NULL && strstr(words, "num_cores") == NULL);
  options.guided_criterion = PERFMODEL_GUIDED_BY_AIC;
  explain_guided(source, &options, words, sizeof words);
  CHECK(strstr(words, "num_cores") != NULL);

  const struct source product = make_product(source->space);
  explain_guided(&product, &options, words, sizeof words);
  CHECK(names_together(words, "num_cores", "core_freq_mhz"));
  options.guided_max_order = 1;
  explain_guided(&product, &options, words, sizeof words);
  CHECK(!names_together(words, "num_cores", "core_freq_mhz"));
  perfmodel_model_destroy(product.model);
  perfmodel_dataset_destroy(product.dataset);

  const perfmodel_transfer_problem problem = problem_of(source);
  perfmodel_transfer *transfer = NULL, *none = NULL;
  /* A caller of before these fields has the defaults. */
  options.guided_max_order = 99;
  options.struct_size = offsetof(perfmodel_transfer_options, guided_criterion);
  CHECK_OK(perfmodel_transfer_start("gs", &problem, &options, &transfer));
  perfmodel_transfer_destroy(transfer);
  options.struct_size = sizeof options;
  CHECK_FAILS(perfmodel_transfer_start("gs", &problem, &options, &none), BAD, "guided_max_order is 99");
  options.guided_max_order = 2;
  options.guided_criterion = 2;
  CHECK_FAILS(perfmodel_transfer_start("gs", &problem, &options, &none), BAD, "guided_criterion is 2");
  options.guided_criterion = PERFMODEL_GUIDED_BY_AIC;
  options.guided_significance = 0;
  CHECK_FAILS(perfmodel_transfer_start("gs", &problem, &options, &none), BAD, "guided_significance is 0");
  CHECK(none == NULL);
}

/* 10^12 configurations: a runtime samples what may be measured. */
static int32_t always_cancelled(void* user_data) {
  return *(int32_t*)user_data;
}

static void bad_starts_are_refused(const struct source* source) {
  const perfmodel_transfer_problem problem = problem_of(source);
  perfmodel_transfer* none = NULL;
  CHECK_FAILS(perfmodel_transfer_start("magic", &problem, NULL, &none), PERFMODEL_ERROR_UNSUPPORTED,
              "strategy 'magic' does not exist; there are: auto");
  CHECK_NULL(perfmodel_transfer_start(NULL, &problem, NULL, &none));
  CHECK_NULL(perfmodel_transfer_start("lms", NULL, NULL, &none));
  CHECK_NULL(perfmodel_transfer_start("lms", &problem, NULL, NULL));
  perfmodel_transfer_problem bad = problem;
  bad.source_space = NULL;
  CHECK_NULL(perfmodel_transfer_start("lms", &bad, NULL, &none));
  bad = problem;
  bad.source = NULL;
  CHECK_NULL(perfmodel_transfer_start("lms", &bad, NULL, &none));
  bad = problem;
  bad.source_model = NULL;
  CHECK_NULL(perfmodel_transfer_start("lms", &bad, NULL, &none));
  bad = problem;
  bad.struct_size = 3;
  CHECK_FAILS(perfmodel_transfer_start("lms", &bad, NULL, &none), BAD, "perfmodel_transfer_problem: struct_size is 3");

  static const char kOther[] = "{\"options\": [{\"name\": \"x\", \"kind\": \"boolean\"}]}";
  perfmodel_space* other = NULL;
  CHECK_OK(perfmodel_space_from_json(kOther, strlen(kOther), &other));
  bad = problem;
  bad.target_space = other;
  CHECK_FAILS(perfmodel_transfer_start("lms", &bad, NULL, &none), PERFMODEL_ERROR_MISMATCH, "option 'x'");
  perfmodel_space_destroy(other);
  static const char kHuge[] =
      "{\"options\": [{\"name\": \"x\", \"kind\": \"integer\", \"low\": 1, \"high\": 1000000000}]}";
  CHECK_OK(perfmodel_space_from_json(kHuge, strlen(kHuge), &other));
  bad.target_space = other;
  CHECK_FAILS(perfmodel_transfer_start("lms", &bad, NULL, &none), BAD, "more than 100000 configurations");
  perfmodel_space_destroy(other);

  perfmodel_dataset* narrow = NULL;
  const double row[] = {1, 500}, time_ms = 60;
  CHECK_OK(perfmodel_dataset_create(kOptionNames, 2, "time_ms", &narrow));
  CHECK_OK(perfmodel_dataset_add_rows(narrow, row, 1, 2, &time_ms));
  bad = problem;
  bad.source = narrow;
  CHECK_FAILS(perfmodel_transfer_start("lms", &bad, NULL, &none), PERFMODEL_ERROR_MISMATCH,
              "the source's columns (num_cores, core_freq_mhz) are not its options");
  perfmodel_dataset_destroy(narrow);

  perfmodel_transfer_options options;
  CHECK_OK(perfmodel_transfer_options_init(&options, sizeof options));
  options.num_threads = 0;
  CHECK_FAILS(perfmodel_transfer_start("lms", &problem, &options, &none), BAD, "num_threads is 0");
  options.num_threads = 1;
  options.interval_level = 2;
  CHECK_FAILS(perfmodel_transfer_start("lms", &problem, &options, &none), BAD, "interval_level is 2");
  CHECK(none == NULL);

  int32_t cancel = 0;
  CHECK_OK(perfmodel_transfer_options_init(&options, sizeof options));
  options.cancelled = always_cancelled;
  options.user_data = &cancel;
  perfmodel_transfer* transfer = NULL;
  perfmodel_model* model = NULL;
  CHECK_OK(perfmodel_transfer_start("lms", &problem, &options, &transfer));
  measure(transfer, BUDGET);
  cancel = 1;
  CHECK_FAILS(perfmodel_transfer_model(transfer, &model), PERFMODEL_ERROR_CANCELLED, "cancelled");
  cancel = 0;
  CHECK_OK(perfmodel_transfer_model(transfer, &model));
  perfmodel_model_destroy(model);
  perfmodel_transfer_destroy(transfer);
}

int main(void) {
  struct source source = {make_space(), NULL, NULL};
  source.dataset = make_dataset(source.space);
  source.model = make_model(source.dataset);
  strategies_are_told();
  a_target_is_learnt("lms", 1e-5, &source); /* a line; float32 leaves */
  a_target_is_learnt("residual", 0.1, &source);
  a_target_is_learnt("auto", 0.15, &source);
  all_feasible_configurations_are_candidates(&source);
  only_listed_candidates_are_asked_for(&source);
  bad_outcomes_are_refused(&source);
  a_transfer_goes_on_after_a_restart(&source);
  guided_sampling_explains_itself(&source);
  guided_sampling_takes_its_options(&source);
  bad_starts_are_refused(&source);
  perfmodel_model_destroy(source.model);
  perfmodel_dataset_destroy(source.dataset);
  perfmodel_space_destroy(source.space);
  return report();
}
