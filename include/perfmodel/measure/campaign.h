#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/callbacks.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// What a campaign file holds: columns in, columns out, and what identifies the campaign. Two runs of one campaign have
/// equal schemas; anything else is refused rather than mixed.
struct CampaignSchema {
  std::string purpose;                          ///< e.g. "layers"
  std::vector<std::string> input_columns;       ///< describe the candidate; numbers
  std::vector<std::string> output_columns;      ///< what was measured; numbers, units in the names
  std::map<std::string, std::string> identity;  ///< environment, seed, ranges, ...; become text columns of the export
};

/// One measurement of one candidate, or its failure. Numbers that are not known are NaN.
struct CampaignRow {
  std::uint64_t candidate = 0;
  int pass = 0;     ///< 0 first; 1 the repeat that tells the noise floor
  int attempt = 0;  ///< > 0: measured again because the machine was disturbed
  bool ok = true;
  std::string reason;             ///< why it failed; empty when ok
  double disturbed_fraction = 0;  ///< share of samples taken while something interfered
  double started_unix_s = 0;
  double duration_s = 0;
  std::vector<double> inputs;   ///< as schema.input_columns
  std::vector<double> outputs;  ///< as schema.output_columns; NaN where nothing was measured
};

/// The campaign's SQLite file. A row is on the disk when append() returns. One writer at a time.
///
/// Nothing is ever overwritten: attempts add up, and rows() answers the best attempt of each (candidate, pass): the
/// least disturbed one that is ok, the first of equals; where none is, the least disturbed one, the last of equals. The
/// writer holds `<path>.lock`; readers are never in its way. Not for use by several threads at once.
class PERFMODEL_EXPORT CampaignStore {
 public:
  /// Opens `path` for writing, or creates it.
  /// @throws Error kMismatch (a campaign of another schema or identity; says what differs), kVersion (a newer format),
  ///         kCorrupt (not a campaign file), kBusy (another process writes to it), kPermission, kNotFound (no
  ///         such folder), kIo, kNoSpace; kInvalidArgument (a schema without purpose or outputs, or with a name that is
  ///         empty, reserved or there twice, case aside); kUnsupported in a build without SQLite.
  static CampaignStore open(const std::string& path, const CampaignSchema& schema);
  /// Opens an existing file for reading only; a writer may be at work.
  /// @throws Error kNotFound, kCorrupt, kVersion, kPermission, kIo, kUnsupported.
  static CampaignStore open_existing(const std::string& path);

  ~CampaignStore();
  CampaignStore(CampaignStore&&) noexcept;
  CampaignStore& operator=(CampaignStore&&) noexcept;

  const CampaignSchema& schema() const noexcept;

  /// Adds a row; it is durable on return.
  /// @throws Error kNoSpace (the rows so far stay), kIo, kMismatch (numbers of columns), kInvalidArgument (that
  ///         candidate, pass and attempt is there already).
  void append(const CampaignRow& row);

  /// Best attempts, by candidate and pass.
  std::vector<CampaignRow> rows() const;
  /// All attempts, in the order of writing.
  std::vector<CampaignRow> all_rows() const;

  /// rows() as a table: candidate, pass, attempts, status, reason, disturbed_fraction, started_unix_s, duration_s,
  /// inputs, outputs, identity.
  CsvTable to_csv_table() const;

  /// Keeps the file at or below this size; appending more is kNoSpace. For devices with little room: the log beside the
  /// file takes some 300 kB more while a writer is at work.
  void set_max_bytes(std::size_t bytes);

 private:
  struct Impl;
  explicit CampaignStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// How a campaign proceeds.
struct CampaignOptions {
  std::uint64_t num_candidates = 0;
  double repeat_fraction = 0.05;       ///< share of the candidates measured a second time, after all others
  double retry_above_disturbed = 0.5;  ///< rows with a larger disturbed share are measured again at the end ...
  double max_retry_seconds = 60;       ///< ... for at most that long over all runs, the worst first, each at most twice
  double max_seconds = 0;              ///< > 0: stop opening new candidates after that long; the next run goes on
  bool retry_failed = false;           ///< measure again what has failed in earlier runs, each once, as if it were new
  std::string noise_column;            ///< an output whose noise floor is reported; none when empty
  double max_noise_pct = 6;            ///< a larger noise floor is warned of
  std::string task = "measuring";      ///< for progress
  Callbacks callbacks;
};

/// How a campaign ended.
struct CampaignReport {
  std::uint64_t num_measured = 0;  ///< by this run
  std::uint64_t num_resumed = 0;   ///< were in the file already; with retry_failed those that are ok
  std::uint64_t num_failed = 0;    ///< rows with a reason, all runs
  std::uint64_t num_retried = 0;   ///< by this run
  double noise_floor_pct = 0;      ///< of noise_column; NaN when it is empty or nothing was measured twice
  bool complete = false;           ///< every candidate and repeat is in the file
};

/// How much two measurements of one candidate differ: the mean of 100 |t1 - t2| / min(t1, t2) over the candidates whose
/// passes 0 and 1 are both ok and > 0. NaN when there are none.
/// @param rows          best attempts, as CampaignStore::rows() answers them
/// @param output_index  position in schema.output_columns
PERFMODEL_EXPORT double noise_floor_pct(const std::vector<CampaignRow>& rows, std::size_t output_index);

/// Measures candidates 0 .. num_candidates-1 that `store` does not hold yet, in that order, then the repeats (evenly
/// spread over the candidates that did not fail, in the order of the first pass, so that the two are far apart), then
/// retries. Each row is durable before the next candidate begins; killed at any moment, the same call goes on where it
/// ended.
/// @param measure  fills inputs, disturbed_fraction and outputs (or ok = false, reason and the outputs that are known
///                 all the same); candidate, pass, attempt and times are filled for it. An Error or bad_alloc it throws
///                 becomes a failed row with the inputs filled so far and no output, except kCancelled and kInternal,
///                 which end the campaign.
/// @throws Error kInvalidArgument (options out of range), kNotFound (noise_column), kCancelled, and what append()
///         throws.
PERFMODEL_EXPORT CampaignReport run_campaign(CampaignStore& store, const CampaignOptions& options,
                                             const std::function<void(CampaignRow&)>& measure);

}  // namespace perfmodel
