/* Campaign files through the C API of perfmodel_measure. */
#include "perfmodel_measure_c.h"

#include "check.h"

static void counts_and_exports(const char* folder) {
  char* path = path_in(folder, "campaign.sqlite");
  char* csv_path = path_in(folder, "campaign.csv");
  perfmodel_campaign* campaign = NULL;
  CHECK_OK(perfmodel_campaign_open(path, &campaign));
  if (campaign == NULL) exit(1);
  perfmodel_campaign_counts counts;
  CHECK_OK(perfmodel_campaign_counts_init(&counts, sizeof counts));
  CHECK_OK(perfmodel_campaign_count(campaign, &counts));
  CHECK(counts.num_ok == 3 && counts.num_failed == 1);

  CHECK_OK(perfmodel_campaign_export_csv(campaign, csv_path));
  FILE* file = fopen(csv_path, "rb");
  if (file == NULL) abort();
  char text[4096];
  const size_t size = fread(text, 1, sizeof text - 1, file);
  text[size] = '\0';
  fclose(file);
  CHECK(strstr(text, "candidate") == text);
  CHECK(strstr(text, "out of memory") != NULL && strstr(text, "time_ms") != NULL);

  counts.struct_size = 0;
  CHECK_FAILS(perfmodel_campaign_count(campaign, &counts), PERFMODEL_ERROR_INVALID_ARGUMENT,
              "perfmodel_campaign_counts: struct_size is 0");
  CHECK_FAILS(perfmodel_campaign_export_csv(campaign, "/nowhere/x.csv"), PERFMODEL_ERROR_NOT_FOUND, "/nowhere");
  CHECK_NULL(perfmodel_campaign_count(NULL, &counts));
  CHECK_NULL(perfmodel_campaign_count(campaign, NULL));
  CHECK_NULL(perfmodel_campaign_export_csv(NULL, csv_path));
  CHECK_NULL(perfmodel_campaign_export_csv(campaign, NULL));
  CHECK_NULL(perfmodel_campaign_counts_init(NULL, sizeof counts));
  perfmodel_campaign_destroy(campaign);
  free(csv_path);
  free(path);
}

static void bad_files_are_told(const char* folder) {
  perfmodel_campaign* none = NULL;
  char* not_a_campaign = path_in(folder, "layers.csv");
  CHECK_FAILS(perfmodel_campaign_open(not_a_campaign, &none), PERFMODEL_ERROR_CORRUPT, "layers.csv");
  CHECK_FAILS(perfmodel_campaign_open("/nowhere/x.sqlite", &none), PERFMODEL_ERROR_NOT_FOUND, "/nowhere/x.sqlite");
  CHECK_NULL(perfmodel_campaign_open(NULL, &none));
  CHECK_NULL(perfmodel_campaign_open("x", NULL));
  CHECK(none == NULL);
  free(not_a_campaign);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  perfmodel_campaign_destroy(NULL);
  int32_t has_sqlite = 0;
  CHECK_OK(perfmodel_has_feature("sqlite", &has_sqlite));
  if (has_sqlite) {
    counts_and_exports(argv[1]);
    bad_files_are_told(argv[1]);
  } else {
    perfmodel_campaign* none = NULL;
    CHECK_FAILS(perfmodel_campaign_open("x.sqlite", &none), PERFMODEL_ERROR_UNSUPPORTED, "SQLite");
  }
  return report();
}
