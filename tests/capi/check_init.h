/* What the _init functions of structs have to do. */
#ifndef PERFMODEL_TESTS_CAPI_CHECK_INIT_H
#define PERFMODEL_TESTS_CAPI_CHECK_INIT_H

#include "check.h"

enum { NEWER_BYTES = 64 }; /* what a newer version may have appended */

/* Every size from the smallest on: the head is as in the whole struct, what lies behind is untouched. */
#define CHECK_INIT(type, init)                                                                                   \
  do {                                                                                                           \
    union {                                                                                                      \
      type value;                                                                                                \
      unsigned char bytes[sizeof(type) + NEWER_BYTES];                                                           \
    } whole, other;                                                                                              \
    CHECK_OK(init(&whole.value, sizeof(type)));                                                                  \
    CHECK(whole.value.struct_size == sizeof(type));                                                              \
    for (size_t size = 2 * sizeof(size_t); size <= sizeof(type) + NEWER_BYTES; size += sizeof(size_t)) {         \
      const size_t known = size < sizeof(type) ? size : sizeof(type);                                            \
      memset(&other, 0xA5, sizeof other);                                                                        \
      CHECK_OK(init(&other.value, size));                                                                        \
      CHECK(other.value.struct_size == size);                                                                    \
      CHECK(memcmp(other.bytes + sizeof(size_t), whole.bytes + sizeof(size_t), known - sizeof(size_t)) == 0);    \
      for (size_t i = known; i < sizeof other.bytes; ++i) CHECK(other.bytes[i] == (i < size ? 0 : 0xA5));        \
    }                                                                                                            \
    memset(&other, 0xA5, sizeof other);                                                                          \
    for (size_t i = 0; i < sizeof kBadSizes / sizeof kBadSizes[0]; ++i) {                                        \
      CHECK_FAILS(init(&other.value, kBadSizes[i]), PERFMODEL_ERROR_INVALID_ARGUMENT, #type ": struct_size is"); \
      CHECK(other.bytes[0] == 0xA5);                                                                             \
    }                                                                                                            \
    CHECK_NULL(init(NULL, sizeof(type)));                                                                        \
  } while (0)

static const size_t kBadSizes[] = {0, 4, 8, 17, 4104};

#endif
