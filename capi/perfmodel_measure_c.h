/**
 * The C API of perfmodel_measure: what is in a campaign file. The rules are those of perfmodel_c.h, and so are the
 * status codes and perfmodel_last_error().
 */
#ifndef PERFMODEL_MEASURE_C_H
#define PERFMODEL_MEASURE_C_H

#include "perfmodel_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A campaign file, open for reading; a writer may be at work beside. One thread at a time. */
typedef struct perfmodel_campaign perfmodel_campaign;

/** What a campaign holds: the best attempt of each candidate and pass. */
typedef struct perfmodel_campaign_counts {
  size_t struct_size;
  uint64_t num_ok;
  uint64_t num_failed; /**< with a reason: refused, out of memory, ... */
} perfmodel_campaign_counts;

/** As perfmodel_layer_init. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_campaign_counts_init(perfmodel_campaign_counts* counts,
                                                                size_t struct_size) PERFMODEL_C_NOEXCEPT;

/**
 * Opens an existing campaign.
 * Errors: NOT_FOUND, IO, PERMISSION; CORRUPT (not a campaign file); VERSION (a newer format); UNSUPPORTED (a build
 * without SQLite).
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_campaign_open(const char* path,
                                                         perfmodel_campaign** out_campaign) PERFMODEL_C_NOEXCEPT;

/** Ends a campaign handle; NULL does nothing. @since 0.1 */
PERFMODEL_C_API void perfmodel_campaign_destroy(perfmodel_campaign* campaign) PERFMODEL_C_NOEXCEPT;

/** Counts its rows. out_counts: set its struct_size. Errors: INVALID_ARGUMENT, IO, CORRUPT. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_campaign_count(perfmodel_campaign* campaign,
                                                          perfmodel_campaign_counts* out_counts) PERFMODEL_C_NOEXCEPT;

/** Writes its rows as CSV, failed ones with their reason. Errors: NOT_FOUND, PERMISSION, NO_SPACE, IO. @since 0.1 */
PERFMODEL_C_API perfmodel_status perfmodel_campaign_export_csv(perfmodel_campaign* campaign,
                                                               const char* path) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
