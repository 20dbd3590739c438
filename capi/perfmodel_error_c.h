/**
 * The C API of perfmodel: what a call comes to. Programs include perfmodel_c.h, which has the rules and includes this.
 */
#ifndef PERFMODEL_ERROR_C_H
#define PERFMODEL_ERROR_C_H

#include <stddef.h>
#include <stdint.h>

#define PERFMODEL_C_API __attribute__((visibility("default")))
#ifdef __cplusplus
#define PERFMODEL_C_NOEXCEPT noexcept
extern "C" {
#else
#define PERFMODEL_C_NOEXCEPT
#endif

/** Outcome of a call: one of the codes below. Callers treat a code they do not know as a failure. */
typedef int32_t perfmodel_status;
enum {
  PERFMODEL_OK = 0,
  PERFMODEL_ERROR_INVALID_ARGUMENT = 1, /**< an argument breaks the documented requirements */
  PERFMODEL_ERROR_UNSUPPORTED = 2,      /**< not in this build, not on this machine, or no model for it */
  PERFMODEL_ERROR_NOT_FOUND = 3,        /**< a file, column, network or key of that name does not exist */
  PERFMODEL_ERROR_IO = 4,               /**< the operating system refused to read or write */
  PERFMODEL_ERROR_PARSE = 5,            /**< text (CSV, JSON) that does not follow its format */
  PERFMODEL_ERROR_CORRUPT = 6,          /**< a binary file that is truncated, damaged or inconsistent */
  PERFMODEL_ERROR_VERSION = 7,          /**< a file of a format version or schema that this build does not know */
  PERFMODEL_ERROR_BUFFER_TOO_SMALL = 8, /**< the caller's buffer cannot hold the result */
  PERFMODEL_ERROR_BUSY = 9,             /**< somebody else holds the file or device */
  PERFMODEL_ERROR_PERMISSION = 10,      /**< the process may not do that */
  PERFMODEL_ERROR_MISMATCH = 11,        /**< two things that must agree do not */
  PERFMODEL_ERROR_NO_SPACE = 12,        /**< the disk is full */
  PERFMODEL_ERROR_OUT_OF_MEMORY = 13,   /**< an allocation failed */
  PERFMODEL_ERROR_CANCELLED = 14,       /**< the caller's cancel callback said so */
  PERFMODEL_ERROR_TIMEOUT = 15,         /**< a bounded wait ran out */
  PERFMODEL_ERROR_INTERNAL = 16         /**< a broken invariant: a fault of perfmodel itself */
};

/** A code in words, e.g. "invalid argument". Static storage, never NULL. @since 0.1 */
PERFMODEL_C_API const char* perfmodel_status_name(perfmodel_status status) PERFMODEL_C_NOEXCEPT;

/** What the latest failing call of this thread complained about; "" before any. Never NULL, valid until the next
 *  failing call on this thread. @since 0.1 */
PERFMODEL_C_API const char* perfmodel_last_error(void) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
