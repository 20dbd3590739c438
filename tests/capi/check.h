/* What the tests of the C API share: checks that count failures and say where. */
#ifndef PERFMODEL_TESTS_CAPI_CHECK_H
#define PERFMODEL_TESTS_CAPI_CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perfmodel_c.h"

static int num_failures = 0;

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      ++num_failures;                                                         \
    }                                                                         \
  } while (0)

/* The call succeeds. */
#define CHECK_OK(call)                                                                                  \
  do {                                                                                                  \
    const perfmodel_status status_ = (call);                                                            \
    if (status_ != PERFMODEL_OK) {                                                                      \
      fprintf(stderr, "%s:%d: %s: %s: %s\n", __FILE__, __LINE__, #call, perfmodel_status_name(status_), \
              perfmodel_last_error());                                                                  \
      ++num_failures;                                                                                   \
    }                                                                                                   \
  } while (0)

/* The call fails with that code and a message that holds `says`. */
#define CHECK_FAILS(call, code, says)                                                                                  \
  do {                                                                                                                 \
    const perfmodel_status status_ = (call);                                                                           \
    if (status_ != (code)) {                                                                                           \
      fprintf(stderr, "%s:%d: %s: %s, expected %s\n", __FILE__, __LINE__, #call, perfmodel_status_name(status_),       \
              perfmodel_status_name(code));                                                                            \
      ++num_failures;                                                                                                  \
    } else if (strstr(perfmodel_last_error(), (says)) == NULL) {                                                       \
      fprintf(stderr, "%s:%d: %s: '%s' does not say '%s'\n", __FILE__, __LINE__, #call, perfmodel_last_error(), says); \
      ++num_failures;                                                                                                  \
    }                                                                                                                  \
  } while (0)

#define CHECK_NULL(call) CHECK_FAILS(call, PERFMODEL_ERROR_INVALID_ARGUMENT, "NULL")

/* Files keep float64; this leaves room for one rounding on the way. */
static const double kRelativeTolerance = 1e-9;
#define CHECK_NEAR(actual, expected) CHECK(fabs((actual) - (expected)) <= kRelativeTolerance * fabs(expected))

/* `folder`/`name`, to be freed. */
static inline char* path_in(const char* folder, const char* name) {
  char* path = malloc(strlen(folder) + strlen(name) + 2);
  if (path == NULL) abort();
  sprintf(path, "%s/%s", folder, name);
  return path;
}

/* The bytes of a file, to be freed. */
static inline char* read_bytes(const char* path, size_t* out_size) {
  FILE* file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) abort();
  *out_size = (size_t)ftell(file);
  char* bytes = malloc(*out_size + 1);
  rewind(file);
  if (bytes == NULL || fread(bytes, 1, *out_size, file) != *out_size) abort();
  fclose(file);
  return bytes;
}

/* The predictor in `folder`/`name`; ends the test when it does not load. */
static inline perfmodel_predictor* load_predictor(const char* folder, const char* name) {
  perfmodel_predictor* predictor = NULL;
  char* path = path_in(folder, name);
  CHECK_OK(perfmodel_predictor_load(path, &predictor));
  free(path);
  if (predictor == NULL) exit(1);
  return predictor;
}

/* A layer with all defaults, and `kind`. */
static inline perfmodel_layer make_layer(int32_t kind) {
  perfmodel_layer layer;
  CHECK_OK(perfmodel_layer_init(&layer, sizeof layer));
  layer.kind = kind;
  return layer;
}

/* What main returns. */
static inline int report(void) {
  if (num_failures > 0) fprintf(stderr, "%d checks failed\n", num_failures);
  return num_failures == 0 ? 0 : 1;
}

#endif
