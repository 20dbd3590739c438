/* A transfer on a space of 10^12 points, of which some are listed as candidates. */
#include "perfmodel_transfer_c.h"

#include "board.h"

static void a_transfer_starts_on_a_large_space(void) {
  enum { OPTIONS = 12, CANDIDATES = 500 };
  char json[2048] = "{\"options\": [", option[96];
  for (int i = 0; i < OPTIONS; ++i) {
    sprintf(option, "%s{\"name\": \"x%d\", \"kind\": \"integer\", \"low\": 1, \"high\": 10}", i == 0 ? "" : ", ", i);
    strcat(json, option);
  }
  strcat(json, "]}");
  perfmodel_space* space = NULL;
  perfmodel_dataset* dataset = NULL;
  CHECK_OK(perfmodel_space_from_json(json, strlen(json), &space));
  static double rows[CANDIDATES][OPTIONS], candidates[CANDIDATES][OPTIONS];
  size_t num_samples = 0;
  CHECK_OK(perfmodel_space_sample(space, "latin_hypercube", CANDIDATES, 1, rows[0], OPTIONS, &num_samples));
  char names[OPTIONS][8];
  const char* pointers[OPTIONS];
  for (int i = 0; i < OPTIONS; ++i) {
    sprintf(names[i], "x%d", i);
    pointers[i] = names[i];
  }
  CHECK_OK(perfmodel_dataset_create(pointers, OPTIONS, "time_ms", &dataset));
  for (size_t i = 0; i < num_samples; ++i) {
    const double time_ms = 10 + 3 * rows[i][0] + rows[i][1];
    CHECK_OK(perfmodel_dataset_add_rows(dataset, rows[i], 1, OPTIONS, &time_ms));
  }
  perfmodel_model* model = make_model(dataset);

  CHECK_OK(perfmodel_space_sample(space, "random", CANDIDATES, 2, candidates[0], OPTIONS, &num_samples));
  perfmodel_transfer_problem problem;
  CHECK_OK(perfmodel_transfer_problem_init(&problem, sizeof problem));
  problem.source_space = space;
  problem.source = dataset;
  problem.source_model = model;
  problem.candidates = candidates[0];
  problem.num_candidates = num_samples;
  perfmodel_transfer* transfer = NULL;
  CHECK_OK(perfmodel_transfer_start("lms", &problem, NULL, &transfer));
  size_t asked[4], num_asked = 0;
  CHECK_OK(perfmodel_transfer_ask(transfer, 4, asked, &num_asked));
  CHECK(num_asked == 4 && asked[3] < CANDIDATES);
  perfmodel_transfer_destroy(transfer);
  perfmodel_model_destroy(model);
  perfmodel_dataset_destroy(dataset);
  perfmodel_space_destroy(space);
}

int main(void) {
  a_transfer_starts_on_a_large_space();
  return report();
}
