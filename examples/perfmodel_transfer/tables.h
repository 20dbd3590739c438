#pragma once

#include <string>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/transfer/transfer.h"

namespace perfmodel::tools {

/// Measured configurations of one environment.
struct MeasuredTable {
  std::string name;  ///< the file's, without folder and ending
  ConfigSpace space;
  std::vector<Configuration> configurations;  ///< without repeats
  std::vector<double> values;                 ///< of the objective, one per configuration: the mean of its rows
  std::size_t num_repeats = 0;                ///< rows beyond the first of their configuration
  std::vector<std::string> columns;           ///< of the file
  std::vector<std::string> not_positive;      ///< "file:line: time_ms is 0" of each such configuration's first row
};

/// The columns that are options: all but the objective and the ignored ones.
/// @throws Error kNotFound: the table has no objective.
std::vector<std::string> option_columns(const CsvTable& table, const std::string& objective,
                                        const std::vector<std::string>& ignored);

/// The space in the JSON file `path`; without one, that which a campaign's table holds, of others that of the option
/// columns.
/// @throws Error as ConfigSpace::read(), space_of_campaign(), ConfigSpace::from_table() and option_columns().
ConfigSpace space_of(const CsvTable& table, const std::string& path, const std::string& objective,
                     const std::vector<std::string>& ignored);

/// The space of the columns of `table` that are named like the options of `other`: the same options on another device,
/// whose levels may differ.
/// @throws Error as ConfigSpace::from_table().
ConfigSpace space_like(const CsvTable& table, const ConfigSpace& other);

/// Refuses ignored columns that neither the source nor any target has.
/// @throws Error kNotFound; lists the columns there are.
void require_ignored_columns(const std::vector<std::string>& ignored, const MeasuredTable& source,
                             const std::vector<MeasuredTable>& targets);

/// Reads the rows of `table` as configurations of `space`.
/// @throws Error kNotFound (a column), kParse (a cell that is no number, with its line), kInvalidArgument (a value that
///         is no level of its option, with its line; no rows).
MeasuredTable measured_table(const std::string& path, const CsvTable& table, ConfigSpace space,
                             const std::string& objective);

/// A transfer from `source` to the candidates of another space.
TransferProblem problem_from(const MeasuredTable& source, const std::string& objective, ConfigSpace target_space,
                             std::vector<Configuration> candidates);

}  // namespace perfmodel::tools
