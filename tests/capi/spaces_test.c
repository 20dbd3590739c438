/* Config spaces and data sets. */
#include "perfmodel_models_c.h"

#include "board.h"

enum { BAD = PERFMODEL_ERROR_INVALID_ARGUMENT };

static void write_file(const char* path, const char* text) {
  FILE* file = fopen(path, "w");
  if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) exit(1);
}

static void a_space_counts_its_points(const perfmodel_space* space) {
  size_t num_options = 0;
  uint64_t num_points = 0, index = 0, num_feasible = 0;
  CHECK_OK(perfmodel_space_num_options(space, &num_options));
  CHECK(num_options == NUM_OPTIONS);
  CHECK_OK(perfmodel_space_num_points(space, &num_points));
  CHECK(num_points == NUM_POINTS);
  CHECK_OK(perfmodel_space_next_feasible(space, 0, &index));
  for (; index < num_points; ++num_feasible) CHECK_OK(perfmodel_space_next_feasible(space, index + 1, &index));
  CHECK(index == NUM_POINTS && num_feasible == NUM_FEASIBLE);
  CHECK_NULL(perfmodel_space_num_options(NULL, &num_options));
  CHECK_NULL(perfmodel_space_num_options(space, NULL));
  CHECK_NULL(perfmodel_space_num_points(NULL, &num_points));
  CHECK_NULL(perfmodel_space_num_points(space, NULL));
  CHECK_NULL(perfmodel_space_next_feasible(NULL, 0, &index));
  CHECK_NULL(perfmodel_space_next_feasible(space, 0, NULL));
}

static void a_space_gives_and_takes_configurations(const perfmodel_space* space) {
  const double values[NUM_OPTIONS] = {2, 1500, 400};
  const double wrong[NUM_OPTIONS] = {2, 1501, 400}, hot[NUM_OPTIONS] = {4, 2000, 100};
  double at[NUM_OPTIONS] = {0, 0, 0};
  uint64_t index = 0;
  int32_t is_feasible = -1;
  CHECK_OK(perfmodel_space_index_of(space, values, NUM_OPTIONS, &index));
  CHECK(index == 1 * 16 + 2 * 4 + 2); /* the last option runs fastest */
  CHECK_OK(perfmodel_space_values_at(space, index, at, NUM_OPTIONS));
  CHECK(memcmp(at, values, sizeof at) == 0);
  CHECK_OK(perfmodel_space_is_feasible(space, values, NUM_OPTIONS, &is_feasible));
  CHECK(is_feasible == 1);
  CHECK_OK(perfmodel_space_is_feasible(space, hot, NUM_OPTIONS, &is_feasible));
  CHECK(is_feasible == 0);

  CHECK_FAILS(perfmodel_space_index_of(space, wrong, NUM_OPTIONS, &index), BAD,
              "option 'core_freq_mhz': 1501 is not an allowed level (500, 1000, 1500, 2000)");
  CHECK_FAILS(perfmodel_space_index_of(space, values, 2, &index), PERFMODEL_ERROR_MISMATCH, "2 numbers");
  CHECK_FAILS(perfmodel_space_values_at(space, NUM_POINTS, at, NUM_OPTIONS), BAD, "configuration number 64");
  CHECK_FAILS(perfmodel_space_values_at(space, 0, at, 4), PERFMODEL_ERROR_MISMATCH,
              "num_values is 4, the config space has 3 options");
  CHECK_NULL(perfmodel_space_index_of(NULL, values, NUM_OPTIONS, &index));
  CHECK_NULL(perfmodel_space_index_of(space, NULL, NUM_OPTIONS, &index));
  CHECK_NULL(perfmodel_space_index_of(space, values, NUM_OPTIONS, NULL));
  CHECK_NULL(perfmodel_space_values_at(NULL, 0, at, NUM_OPTIONS));
  CHECK_NULL(perfmodel_space_values_at(space, 0, NULL, NUM_OPTIONS));
  CHECK_NULL(perfmodel_space_is_feasible(NULL, values, NUM_OPTIONS, &is_feasible));
  CHECK_NULL(perfmodel_space_is_feasible(space, NULL, NUM_OPTIONS, &is_feasible));
  CHECK_NULL(perfmodel_space_is_feasible(space, values, NUM_OPTIONS, NULL));
  CHECK(memcmp(at, values, sizeof at) == 0 && is_feasible == 0);
}

static void a_space_finds_the_nearest(const perfmodel_space* space) {
  double values[NUM_OPTIONS] = {2.4, 1400, -7};
  CHECK_OK(perfmodel_space_nearest(space, values, NUM_OPTIONS, values));
  CHECK(values[0] == 2 && values[1] == 1500 && values[2] == 100);
  values[1] = NAN;
  CHECK_FAILS(perfmodel_space_nearest(space, values, NUM_OPTIONS, values), BAD, "core_freq_mhz");
  CHECK_FAILS(perfmodel_space_nearest(space, values, 1, values), PERFMODEL_ERROR_MISMATCH, "1 numbers");
  CHECK_NULL(perfmodel_space_nearest(NULL, values, NUM_OPTIONS, values));
  CHECK_NULL(perfmodel_space_nearest(space, NULL, NUM_OPTIONS, values));
  CHECK_NULL(perfmodel_space_nearest(space, values, NUM_OPTIONS, NULL));
}

static void a_space_counts_what_is_feasible(const perfmodel_space* space) {
  uint64_t num_feasible = 0;
  CHECK_OK(perfmodel_space_num_feasible(space, UINT64_MAX, &num_feasible));
  CHECK(num_feasible == NUM_FEASIBLE);
  CHECK_OK(perfmodel_space_num_feasible(space, 10, &num_feasible));
  CHECK(num_feasible == 10);
  CHECK_NULL(perfmodel_space_num_feasible(NULL, 10, &num_feasible));
  CHECK_NULL(perfmodel_space_num_feasible(space, 10, NULL));
}

static void a_space_is_sampled(const perfmodel_space* space) {
  enum { COUNT = 20, MOST = 2 * NUM_POINTS };
  static const char* const methods[] = {"random", "latin_hypercube"};
  double values[MOST][NUM_OPTIONS], again[COUNT][NUM_OPTIONS];
  size_t num_samples = 0;
  for (size_t i = 0; i < 2; ++i) {
    CHECK_OK(perfmodel_space_sample(space, methods[i], COUNT, 7, values[0], NUM_OPTIONS, &num_samples));
    CHECK(num_samples == COUNT);
    int32_t is_taken[NUM_POINTS] = {0};
    for (size_t j = 0; j < num_samples; ++j) {
      uint64_t index = 0;
      int32_t is_feasible = 0;
      CHECK_OK(perfmodel_space_index_of(space, values[j], NUM_OPTIONS, &index));
      CHECK_OK(perfmodel_space_is_feasible(space, values[j], NUM_OPTIONS, &is_feasible));
      CHECK(is_feasible == 1 && is_taken[index] == 0);
      is_taken[index] = 1;
    }
    CHECK_OK(perfmodel_space_sample(space, methods[i], COUNT, 7, again[0], NUM_OPTIONS, &num_samples));
    CHECK(memcmp(values, again, sizeof again) == 0);
    CHECK_OK(perfmodel_space_sample(space, methods[i], COUNT, 8, again[0], NUM_OPTIONS, &num_samples));
    CHECK(memcmp(values, again, sizeof again) != 0);
    CHECK_OK(perfmodel_space_sample(space, methods[i], MOST, 7, values[0], NUM_OPTIONS, &num_samples));
    CHECK(num_samples == NUM_FEASIBLE);
  }

  /* Four cores at 2000 MHz are too hot: what leaves one of these is feasible. */
  CHECK_OK(perfmodel_space_sample(space, "one_at_a_time", 0, 0, NULL, NUM_OPTIONS, &num_samples));
  CHECK(num_samples == 3 + 3);
  CHECK_OK(perfmodel_space_sample(space, "one_at_a_time", 6, 0, values[0], NUM_OPTIONS, &num_samples));
  CHECK(num_samples == 6 && values[0][0] == 1 && values[0][1] == 2000 && values[0][2] == 800);
  num_samples = 0;
  CHECK_FAILS(perfmodel_space_sample(space, "one_at_a_time", 5, 0, again[0], NUM_OPTIONS, &num_samples),
              PERFMODEL_ERROR_BUFFER_TOO_SMALL, "makes 6 configurations, out_values has room for 5");
  CHECK(num_samples == 6);
  CHECK_OK(perfmodel_space_sample(space, "cover_pairs", MOST, 0, values[0], NUM_OPTIONS, &num_samples));
  CHECK(num_samples >= 16 && num_samples < NUM_FEASIBLE); /* 16 pairs of two options, less than all */

  CHECK_FAILS(perfmodel_space_sample(space, "magic", COUNT, 7, again[0], NUM_OPTIONS, &num_samples),
              PERFMODEL_ERROR_UNSUPPORTED,
              "'magic' does not exist; there are: cover_pairs, latin_hypercube, one_at_a_time, random");
  CHECK_FAILS(perfmodel_space_sample(space, "random", COUNT, 7, again[0], 2, &num_samples), PERFMODEL_ERROR_MISMATCH,
              "num_values is 2");
  CHECK_NULL(perfmodel_space_sample(NULL, "random", COUNT, 7, again[0], NUM_OPTIONS, &num_samples));
  CHECK_NULL(perfmodel_space_sample(space, NULL, COUNT, 7, again[0], NUM_OPTIONS, &num_samples));
  CHECK_NULL(perfmodel_space_sample(space, "random", COUNT, 7, NULL, NUM_OPTIONS, &num_samples));
  CHECK_NULL(perfmodel_space_sample(space, "random", COUNT, 7, again[0], NUM_OPTIONS, NULL));
}

static void a_space_is_told_as_text(const perfmodel_space* space, const char* path) {
  char name[32], json[1024];
  size_t size = 0;
  CHECK_OK(perfmodel_space_option_name(space, 2, name, sizeof name, &size));
  CHECK(strcmp(name, "gpu_freq_mhz") == 0 && size == sizeof "gpu_freq_mhz");
  CHECK_FAILS(perfmodel_space_option_name(space, 2, name, 5, &size), PERFMODEL_ERROR_BUFFER_TOO_SMALL, "13 bytes");
  CHECK_FAILS(perfmodel_space_option_name(space, 3, name, sizeof name, NULL), BAD,
              "option_index is 3, the config space has 3 options");
  CHECK_NULL(perfmodel_space_option_name(NULL, 0, name, sizeof name, NULL));
  CHECK_NULL(perfmodel_space_option_name(space, 0, NULL, 0, NULL));

  CHECK_OK(perfmodel_space_to_json(space, json, sizeof json, &size));
  perfmodel_space* again = NULL;
  CHECK_OK(perfmodel_space_from_json(json, size - 1, &again));
  uint64_t num_points = 0;
  CHECK_OK(perfmodel_space_num_points(again, &num_points));
  CHECK(num_points == NUM_POINTS);
  perfmodel_space_destroy(again);
  CHECK_NULL(perfmodel_space_to_json(NULL, json, sizeof json, &size));
  CHECK_NULL(perfmodel_space_to_json(space, NULL, 0, NULL));

  write_file(path, json);
  again = NULL;
  CHECK_OK(perfmodel_space_read(path, &again));
  perfmodel_space_destroy(again);
  perfmodel_space* none = NULL;
  CHECK_FAILS(perfmodel_space_read("/nowhere/space.json", &none), PERFMODEL_ERROR_NOT_FOUND, "/nowhere/space.json");
  CHECK_NULL(perfmodel_space_read(NULL, &none));
  CHECK_NULL(perfmodel_space_read(path, NULL));
  CHECK_FAILS(perfmodel_space_from_json("{", 1, &none), PERFMODEL_ERROR_PARSE, "config space");
  CHECK_FAILS(perfmodel_space_from_json("{\"options\": []}", 15, &none), BAD, "without options");
  CHECK_NULL(perfmodel_space_from_json(NULL, 0, &none));
  CHECK_NULL(perfmodel_space_from_json(kSpaceJson, strlen(kSpaceJson), NULL));
  CHECK(none == NULL);
}

static void a_space_comes_from_a_table(const char* path) {
  write_file(path, "mode,gpu_mhz,time_ms\neco,100,40\nfast,100,30\nfast,200,20\n");
  static const char* const columns[] = {"mode", "gpu_mhz"};
  static const char* const unknown[] = {"mode", "colour"};
  static const char* const with_null[] = {"mode", NULL};
  perfmodel_space *space = NULL, *none = NULL;
  CHECK_OK(perfmodel_space_from_csv(path, columns, 2, &space));
  if (space == NULL) exit(1);
  double mode = -1;
  CHECK_OK(perfmodel_space_value_of_text(space, 0, "fast", &mode));
  CHECK(mode == 1); /* labels in alphabetical order */
  char text[16];
  CHECK_OK(perfmodel_space_text_of_value(space, 0, 0, text, sizeof text, NULL));
  CHECK(strcmp(text, "eco") == 0);
  CHECK_OK(perfmodel_space_text_of_value(space, 1, 200, text, sizeof text, NULL));
  CHECK(strcmp(text, "200") == 0);
  CHECK_FAILS(perfmodel_space_value_of_text(space, 0, "turbo", &mode), BAD, "'turbo' is not an allowed level");
  CHECK_FAILS(perfmodel_space_value_of_text(space, 2, "eco", &mode), BAD, "option_index is 2");
  CHECK_FAILS(perfmodel_space_text_of_value(space, 1, 150, text, sizeof text, NULL), BAD, "150");
  CHECK_NULL(perfmodel_space_value_of_text(NULL, 0, "eco", &mode));
  CHECK_NULL(perfmodel_space_value_of_text(space, 0, NULL, &mode));
  CHECK_NULL(perfmodel_space_value_of_text(space, 0, "eco", NULL));
  CHECK_NULL(perfmodel_space_text_of_value(NULL, 0, 0, text, sizeof text, NULL));
  CHECK_NULL(perfmodel_space_text_of_value(space, 0, 0, NULL, 0, NULL));
  perfmodel_space_destroy(space);

  CHECK_FAILS(perfmodel_space_from_csv(path, unknown, 2, &none), PERFMODEL_ERROR_NOT_FOUND, "colour");
  CHECK_FAILS(perfmodel_space_from_csv("/nowhere.csv", columns, 2, &none), PERFMODEL_ERROR_NOT_FOUND, "/nowhere.csv");
  CHECK_FAILS(perfmodel_space_from_csv(path, columns, 0, &none), BAD, "");
  CHECK_FAILS(perfmodel_space_from_csv(path, with_null, 2, &none), BAD, "columns[1] is NULL");
  CHECK_NULL(perfmodel_space_from_csv(path, NULL, 2, &none));
  CHECK_NULL(perfmodel_space_from_csv(NULL, columns, 2, &none));
  CHECK_NULL(perfmodel_space_from_csv(path, columns, 2, NULL));
  CHECK(none == NULL);
  perfmodel_space_destroy(NULL);
}

static void a_dataset_takes_all_rows_or_none(void) {
  perfmodel_dataset* dataset = NULL;
  CHECK_OK(perfmodel_dataset_create(kOptionNames, NUM_OPTIONS, "time_ms", &dataset));
  const double rows[2][NUM_OPTIONS] = {{1, 500, 100}, {2, NAN, 100}}, targets[] = {60, 50};
  size_t num_rows = 9, num_features = 0;
  CHECK_FAILS(perfmodel_dataset_add_rows(dataset, rows[0], 2, NUM_OPTIONS, targets), BAD,
              "row 1: feature 'core_freq_mhz' is nan, not finite");
  CHECK_OK(perfmodel_dataset_num_rows(dataset, &num_rows));
  CHECK(num_rows == 0);
  CHECK_OK(perfmodel_dataset_add_rows(dataset, rows[0], 1, NUM_OPTIONS, targets));
  CHECK_OK(perfmodel_dataset_add_rows(dataset, NULL, 0, NUM_OPTIONS, NULL));
  CHECK_OK(perfmodel_dataset_num_rows(dataset, &num_rows));
  CHECK_OK(perfmodel_dataset_num_features(dataset, &num_features));
  CHECK(num_rows == 1 && num_features == NUM_OPTIONS);
  CHECK_FAILS(perfmodel_dataset_add_rows(dataset, rows[0], 1, 2, targets), PERFMODEL_ERROR_MISMATCH, "2 features");
  char name[32];
  CHECK_OK(perfmodel_dataset_feature_name(dataset, 0, name, sizeof name, NULL));
  CHECK(strcmp(name, "num_cores") == 0);
  CHECK_FAILS(perfmodel_dataset_feature_name(dataset, 3, name, sizeof name, NULL), BAD, "feature_index is 3");

  CHECK_NULL(perfmodel_dataset_add_rows(NULL, rows[0], 1, NUM_OPTIONS, targets));
  CHECK_NULL(perfmodel_dataset_add_rows(dataset, NULL, 1, NUM_OPTIONS, targets));
  CHECK_NULL(perfmodel_dataset_add_rows(dataset, rows[0], 1, NUM_OPTIONS, NULL));
  CHECK_NULL(perfmodel_dataset_num_rows(NULL, &num_rows));
  CHECK_NULL(perfmodel_dataset_num_rows(dataset, NULL));
  CHECK_NULL(perfmodel_dataset_num_features(NULL, &num_features));
  CHECK_NULL(perfmodel_dataset_num_features(dataset, NULL));
  CHECK_NULL(perfmodel_dataset_feature_name(NULL, 0, name, sizeof name, NULL));
  CHECK_NULL(perfmodel_dataset_feature_name(dataset, 0, NULL, 0, NULL));
  perfmodel_dataset_destroy(dataset);
  perfmodel_dataset_destroy(NULL);

  static const char* const twice[] = {"a", "a"};
  perfmodel_dataset* none = NULL;
  CHECK_FAILS(perfmodel_dataset_create(twice, 2, "time_ms", &none), BAD, "'a' is twice");
  CHECK_FAILS(perfmodel_dataset_create(twice, 0, "time_ms", &none), BAD, "at least one feature");
  CHECK_NULL(perfmodel_dataset_create(NULL, 2, "time_ms", &none));
  CHECK_NULL(perfmodel_dataset_create(kOptionNames, NUM_OPTIONS, NULL, &none));
  CHECK_NULL(perfmodel_dataset_create(kOptionNames, NUM_OPTIONS, "time_ms", NULL));
  CHECK(none == NULL);
}

static void a_dataset_comes_from_a_table(const char* path) {
  write_file(path, "cores,gpu_mhz,time_ms\n1,100,40\n2,100,30\n2,200,20\n");
  static const char* const columns[] = {"gpu_mhz"};
  perfmodel_dataset *dataset = NULL, *none = NULL;
  size_t num_features = 0, num_rows = 0;
  CHECK_OK(perfmodel_dataset_from_csv(path, "time_ms", NULL, 0, &dataset));
  CHECK_OK(perfmodel_dataset_num_features(dataset, &num_features));
  CHECK_OK(perfmodel_dataset_num_rows(dataset, &num_rows));
  CHECK(num_features == 2 && num_rows == 3);
  perfmodel_dataset_destroy(dataset);
  CHECK_OK(perfmodel_dataset_from_csv(path, "time_ms", columns, 1, &dataset));
  CHECK_OK(perfmodel_dataset_num_features(dataset, &num_features));
  CHECK(num_features == 1);
  perfmodel_dataset_destroy(dataset);

  CHECK_FAILS(perfmodel_dataset_from_csv(path, "power_mw", NULL, 0, &none), PERFMODEL_ERROR_NOT_FOUND, "power_mw");
  CHECK_FAILS(perfmodel_dataset_from_csv("/nowhere.csv", "x", NULL, 0, &none), PERFMODEL_ERROR_NOT_FOUND, "/nowhere");
  CHECK_NULL(perfmodel_dataset_from_csv(NULL, "time_ms", NULL, 0, &none));
  CHECK_NULL(perfmodel_dataset_from_csv(path, NULL, NULL, 0, &none));
  CHECK_NULL(perfmodel_dataset_from_csv(path, "time_ms", NULL, 1, &none));
  CHECK_NULL(perfmodel_dataset_from_csv(path, "time_ms", NULL, 0, NULL));
  write_file(path, "cores,time_ms\n1,40\nmany,30\n");
  CHECK_FAILS(perfmodel_dataset_from_csv(path, "time_ms", NULL, 0, &none), PERFMODEL_ERROR_PARSE, "3");
  CHECK(none == NULL);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  char* path = path_in(argv[1], "spaces_test.tmp");
  perfmodel_space* space = make_space();
  a_space_counts_its_points(space);
  a_space_gives_and_takes_configurations(space);
  a_space_finds_the_nearest(space);
  a_space_counts_what_is_feasible(space);
  a_space_is_sampled(space);
  a_space_is_told_as_text(space, path);
  a_space_comes_from_a_table(path);
  a_dataset_takes_all_rows_or_none();
  a_dataset_comes_from_a_table(path);
  perfmodel_space_destroy(space);
  remove(path);
  free(path);
  return report();
}
