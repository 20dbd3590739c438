/* Versions, features and names of codes. */
#include "check.h"

static void versions_are_told(void) {
  CHECK(strchr(perfmodel_version(), '.') != NULL);
  CHECK(perfmodel_c_api_version() ==
        10000 * PERFMODEL_C_API_VERSION_MAJOR + 100 * PERFMODEL_C_API_VERSION_MINOR + PERFMODEL_C_API_VERSION_PATCH);
}

static void features_are_told(void) {
  int32_t has = -1;
  CHECK_OK(perfmodel_has_feature("torch", &has));
  CHECK(has == 0 || has == 1);
  has = 7;
  CHECK_FAILS(perfmodel_has_feature("magic", &has), PERFMODEL_ERROR_INVALID_ARGUMENT, "magic");
  CHECK(has == 7);
  CHECK_NULL(perfmodel_has_feature(NULL, &has));
  CHECK_NULL(perfmodel_has_feature("torch", NULL));
}

static void every_code_has_a_name_of_its_own(void) {
  for (perfmodel_status a = PERFMODEL_OK; a <= PERFMODEL_ERROR_INTERNAL; ++a) {
    for (perfmodel_status b = PERFMODEL_OK; b < a; ++b) {
      CHECK(strcmp(perfmodel_status_name(a), perfmodel_status_name(b)) != 0);
    }
  }
  CHECK(perfmodel_status_name(-1) != NULL);
  CHECK(perfmodel_status_name(1000) != NULL);
}

int main(void) {
  CHECK(strcmp(perfmodel_last_error(), "") == 0);
  versions_are_told();
  features_are_told();
  every_code_has_a_name_of_its_own();
  return report();
}
