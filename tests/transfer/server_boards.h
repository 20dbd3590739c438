#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "boards.h"

namespace perfmodel {

/// A program on two imaginary servers, for what the boards do not have: names without an order, an integer with a step,
/// clocks that differ between source and target, and a constraint that forbids the default.
inline ConfigSpace server_space(std::vector<double> clock_levels) {
  return ConfigSpace({Option::categorical("scheduler", {"fair", "fifo", "round"}), Option::integer("batch", 4, 32, 4),
                      Option::ordinal("clock_mhz", std::move(clock_levels)), Option::boolean("turbo")},
                     {"turbo == 0 or batch <= 16"});
}

/// On the source's clocks.
inline double server_ms(const std::vector<double>& values) {
  const double scheduling = values[0] == 1 ? 4 : values[0] == 2 ? 1.5 : 1;
  return scheduling * (2000 / values[2] + 0.4 * values[1]) * (values[3] == 1 ? 0.8 : 1);
}

/// Candidates are two thirds of the target's configurations; the target does as the source at the clock of the same
/// rank, half as slow again, and 5 % by chance.
inline Boards make_server_boards() {
  const ConfigSpace source = server_space({100, 200, 400, 800}), target = server_space({110, 250, 500, 1000});
  Dataset rows({"scheduler", "batch", "clock_mhz", "turbo"}, "time_ms");
  for (const Configuration& configuration : all_configurations(source)) {
    const std::vector<double> values = source.values(configuration);
    rows.add_row(values, server_ms(values));
  }
  Boards boards{{source, target, std::move(rows), {}}, {}};
  std::size_t next = 0;
  for (const Configuration& configuration : all_configurations(target)) {
    if (next++ % 3 == 2) continue;
    boards.problem.candidates.push_back(configuration);
    boards.target_values.push_back(1.5 * server_ms(source.values(configuration)) * wobble(next));
  }
  return boards;
}

/// A problem and its name, for tests of every strategy on each.
struct NamedBoards {
  const char* name;
  Boards (*make)();
};

inline void PrintTo(const NamedBoards& boards, std::ostream* out) {
  *out << boards.name;
}

inline const std::vector<NamedBoards> kAllBoards = {{"Boards", [] { return make_boards(); }},
                                                    {"Servers", make_server_boards}};

/// A strategy on a problem.
class OnAllBoards : public ::testing::TestWithParam<std::tuple<std::string, NamedBoards>> {
 protected:
  const std::string& strategy() const { return std::get<0>(GetParam()); }
  Boards boards() const { return std::get<1>(GetParam()).make(); }
};

inline std::string name_of(const ::testing::TestParamInfo<std::tuple<std::string, NamedBoards>>& test) {
  return std::get<0>(test.param) + "On" + std::get<1>(test.param).name;
}

}  // namespace perfmodel
