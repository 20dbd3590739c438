/*
 * A runtime that finds out by itself which clocks cost the least energy on the board it runs on, and stays right when
 * that board warms up.
 *
 *   adapt_model FOLDER
 *
 * 1. Reads what was measured on another board, FOLDER/source.csv, and fits a tree to it.
 * 2. Asks which 12 configurations to measure here, measures them, and takes the adapted model. One that fails is told,
 *    too. The transfer is saved after each, FOLDER/transfer.json, so that a restart loses no measurement.
 * 3. Picks the configuration that the model predicts to be the best.
 * 4. Corrects the model by what each run takes, and saves it: FOLDER/adapted.safetensors.
 *
 * There is no board here: the energies of both are made up, and the program writes source.csv itself.
 * Built with: cc adapt_model.c $(pkg-config --cflags --libs perfmodel_c) -lm
 */
#include <math.h>
#include <perfmodel_transfer_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUM_OPTIONS = 3, BUDGET = 12, NUM_RUNS = 40 };
static const char* const kOptions[NUM_OPTIONS] = {"num_cores", "core_freq_mhz", "gpu_freq_mhz"};
static const double kCoreFreqMhz[] = {400, 800, 1200, 1600, 2000}, kGpuFreqMhz[] = {150, 300, 600, 900, 1200};
static const char kTarget[] = "energy_mj";

/* Ends the program with perfmodel's own words unless the call went well. */
static void check(perfmodel_status status) {
  if (status == PERFMODEL_OK) return;
  fprintf(stderr, "adapt_model: %s\n", perfmodel_last_error());
  exit(1);
}

/* The same where a file cannot be read or written. */
static void fail(const char* path) {
  fprintf(stderr, "adapt_model: %s cannot be read or written\n", path);
  exit(1);
}

/* A board, imagined: what it draws when idle, and how much slower it is than the other. What is best on the source, 4
 * cores at 800 MHz and the GPU at 600 MHz, is not on this one: while idle parts draw so much, haste saves energy. */
typedef struct board {
  double idle_watts, core_slowness, gpu_slowness;
} board;
static const board kSourceBoard = {2, 1, 1}, kThisBoard = {8, 1.3, 1.1};

/* Energy of one inference: copies by the cores and layers on the GPU, times the power while they last. A program with a
 * power meter would set the clocks, run its network, and read the meter. */
static double measure_mj(const board* board, const double* values, double warmth) {
  const double num_cores = values[0], core_ghz = values[1] / 1000, gpu_ghz = values[2] / 1000;
  const double time_ms = board->core_slowness * 20 / (core_ghz * num_cores) + board->gpu_slowness * 12 / gpu_ghz;
  const double watts = board->idle_watts + 0.4 * num_cores * core_ghz * core_ghz + 6 * pow(gpu_ghz, 2.5);
  return time_ms * watts * warmth;
}

/* The supply of this board does not last for all clocks at their highest. */
static int holds_out(const double* values) {
  return values[1] < 2000 || values[2] < 1200;
}

/* Stands for the day on which somebody measured the other board. */
static void write_source_csv(const char* path) {
  FILE* file = fopen(path, "w");
  if (file == NULL) fail(path);
  fprintf(file, "%s,%s,%s,%s\n", kOptions[0], kOptions[1], kOptions[2], kTarget);
  for (int num_cores = 1; num_cores <= 4; ++num_cores) {
    for (size_t i = 0; i < sizeof kCoreFreqMhz / sizeof kCoreFreqMhz[0]; ++i) {
      for (size_t j = 0; j < sizeof kGpuFreqMhz / sizeof kGpuFreqMhz[0]; ++j) {
        const double values[NUM_OPTIONS] = {num_cores, kCoreFreqMhz[i], kGpuFreqMhz[j]};
        fprintf(file, "%g,%g,%g,%.17g\n", values[0], values[1], values[2], measure_mj(&kSourceBoard, values, 1));
      }
    }
  }
  fclose(file);
}

/* Writes what the transfer was asked and told. A program would write a new file and rename it. */
static void save_transfer(const perfmodel_transfer* transfer, const char* path) {
  size_t size = 0;
  check(perfmodel_transfer_save(transfer, NULL, 0, &size));
  char* saved = malloc(size);
  FILE* file = fopen(path, "wb");
  if (saved == NULL || file == NULL) fail(path);
  check(perfmodel_transfer_save(transfer, saved, size, NULL));
  if (fwrite(saved, 1, size - 1, file) != size - 1 || fclose(file) != 0) fail(path); /* without the NUL */
  free(saved);
}

/* What save_transfer() wrote, with a NUL, to be freed; NULL if there is no such file. */
static char* read_saved(const char* path) {
  FILE* file = fopen(path, "rb");
  if (file == NULL) return NULL;
  if (fseek(file, 0, SEEK_END) != 0) fail(path);
  const long size = ftell(file);
  char* saved = calloc((size_t)size + 1, 1);
  rewind(file);
  if (size < 0 || saved == NULL || fread(saved, 1, (size_t)size, file) != (size_t)size) fail(path);
  fclose(file);
  return saved;
}

/* Starts a transfer from the measured table of the other board, or goes on with a saved one. */
static perfmodel_transfer* start_transfer(const char* source_csv, const char* saved_file) {
  perfmodel_space* space = NULL;
  perfmodel_dataset* source = NULL;
  perfmodel_learner* tree = NULL;
  perfmodel_model* source_model = NULL;
  check(perfmodel_space_from_csv(source_csv, kOptions, NUM_OPTIONS, &space));
  check(perfmodel_dataset_from_csv(source_csv, kTarget, kOptions, NUM_OPTIONS, &source));
  check(perfmodel_learner_create("tree", "{\"log_target\": true}", &tree));
  check(perfmodel_learner_fit(tree, source, NULL, &source_model));

  perfmodel_transfer_problem problem;
  perfmodel_transfer_options options;
  check(perfmodel_transfer_problem_init(&problem, sizeof problem));
  check(perfmodel_transfer_options_init(&options, sizeof options));
  problem.source_space = space; /* this board has the same options; its configurations are the candidates */
  problem.source = source;
  problem.source_model = source_model;
  options.budget = BUDGET;
  perfmodel_transfer* transfer = NULL;
  char* saved = read_saved(saved_file);
  if (saved != NULL) {
    check(perfmodel_transfer_restore(saved, strlen(saved), &problem, &options, &transfer));
  } else {
    check(perfmodel_transfer_start("residual", &problem, &options, &transfer));
  }

  free(saved); /* the transfer has copies of all it needs */
  perfmodel_model_destroy(source_model);
  perfmodel_learner_destroy(tree);
  perfmodel_dataset_destroy(source);
  perfmodel_space_destroy(space);
  return transfer;
}

/* Measures up to `count` configurations that the transfer asks for. */
static void measure_some(perfmodel_transfer* transfer, int count, const char* saved_file) {
  for (int i = 0; i < count; ++i) {
    size_t candidate = 0, num_candidates = 0;
    double values[NUM_OPTIONS];
    check(perfmodel_transfer_ask(transfer, 1, &candidate, &num_candidates));
    if (num_candidates == 0) break;
    check(perfmodel_transfer_candidate(transfer, candidate, values, NUM_OPTIONS));
    printf("measured %g cores at %4g MHz, GPU at %4g MHz: ", values[0], values[1], values[2]);
    if (holds_out(values)) {
      const double energy_mj = measure_mj(&kThisBoard, values, 1);
      printf("%6.1f mJ\n", energy_mj);
      check(perfmodel_transfer_tell(transfer, candidate, energy_mj));
    } else {
      printf("the board went off\n");
      check(perfmodel_transfer_tell_failure(transfer, candidate, "the board went off"));
    }
    save_transfer(transfer, saved_file);
  }
}

static perfmodel_prediction predict(const perfmodel_model* model, const double* values) {
  perfmodel_prediction prediction;
  check(perfmodel_prediction_init(&prediction, sizeof prediction));
  check(perfmodel_model_predict(model, values, 1, NUM_OPTIONS, &prediction));
  return prediction;
}

/* The candidate of the least predicted energy that the board holds out. A program would keep what failed. */
static void find_best(const perfmodel_transfer* transfer, const perfmodel_model* model, double* best) {
  size_t num_candidates = 0;
  double least_mj = INFINITY;
  check(perfmodel_transfer_num_candidates(transfer, &num_candidates));
  for (size_t candidate = 0; candidate < num_candidates; ++candidate) {
    double values[NUM_OPTIONS];
    check(perfmodel_transfer_candidate(transfer, candidate, values, NUM_OPTIONS));
    const double energy_mj = predict(model, values).mean;
    if (!holds_out(values) || energy_mj >= least_mj) continue;
    least_mj = energy_mj;
    memcpy(best, values, sizeof values);
  }
}

/* Runs at `values` while the board warms up, which costs up to 30 % more, and corrects the model after each run. */
static perfmodel_model* correct_while_running(const perfmodel_model* model, const double* values) {
  perfmodel_correction* correction = NULL;
  check(perfmodel_correction_create(model, NULL, &correction));
  double warmth = 1;
  for (int run = 0; run < NUM_RUNS; ++run) {
    warmth = 1.3 - 0.3 * exp(-run / 5.0);
    check(perfmodel_correction_tell(correction, values, NUM_OPTIONS, measure_mj(&kThisBoard, values, warmth)));
  }
  perfmodel_model* corrected = NULL;
  check(perfmodel_correction_model(correction, &corrected));
  perfmodel_correction_destroy(correction);
  printf("warm: %.1f mJ, the model says %.1f, corrected %.1f\n", measure_mj(&kThisBoard, values, warmth),
         predict(model, values).mean, predict(corrected, values).mean);
  return corrected;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: adapt_model FOLDER\n");
    return 2;
  }
  char source_csv[4096], saved_file[4096], adapted_file[4096];
  snprintf(source_csv, sizeof source_csv, "%s/source.csv", argv[1]);
  snprintf(saved_file, sizeof saved_file, "%s/transfer.json", argv[1]);
  snprintf(adapted_file, sizeof adapted_file, "%s/adapted.safetensors", argv[1]);
  write_source_csv(source_csv);

  remove(saved_file); /* of an earlier run, on a source that was measured anew */
  perfmodel_transfer* transfer = start_transfer(source_csv, saved_file);
  measure_some(transfer, BUDGET / 2, saved_file);
  perfmodel_transfer_destroy(transfer); /* the program is stopped here, and started again */
  transfer = start_transfer(source_csv, saved_file);
  measure_some(transfer, BUDGET - BUDGET / 2, saved_file);
  perfmodel_model* model = NULL;
  check(perfmodel_transfer_model(transfer, &model));
  double best[NUM_OPTIONS] = {0, 0, 0};
  find_best(transfer, model, best);
  perfmodel_transfer_destroy(transfer);
  const perfmodel_prediction prediction = predict(model, best);
  printf("best: %g cores at %g MHz, GPU at %g MHz: %.1f mJ predicted, between %.1f and %.1f; %.1f measured\n", best[0],
         best[1], best[2], prediction.mean, prediction.lower, prediction.upper, measure_mj(&kThisBoard, best, 1));

  perfmodel_model* corrected = correct_while_running(model, best);
  check(perfmodel_model_save(corrected, adapted_file));
  printf("saved %s\n", adapted_file);
  perfmodel_model_destroy(corrected);
  perfmodel_model_destroy(model);
  return 0;
}
