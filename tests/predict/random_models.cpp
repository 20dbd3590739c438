#include "random_models.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "evaluators_for_tests.h"

namespace perfmodel {
namespace {

using Row = Span<const double>;

std::size_t size_between(std::int64_t low, std::int64_t high, Random& random) {
  return static_cast<std::size_t>(random.integer(low, high));
}

RandomModel random_mean(std::size_t num_inputs, Random& random) {
  std::vector<RandomModel> members;
  std::vector<double> weights;
  bool has_deviation = true, is_single = false;
  for (std::size_t i = size_between(1, 4, random); i > 0; --i) {
    members.push_back(random.chance(0.5) ? random_gaussian_process(num_inputs, random)
                                         : random_part(num_inputs, random));
    weights.push_back(random.uniform(0.1, 3));
    has_deviation = has_deviation && members.back().has_deviation;
    is_single = is_single || members.back().is_single;
  }
  const bool geometric = !is_single && random.chance(0.5);  // the logarithm of what is near 0 shows every rounding
  return {[=] {
            std::vector<std::shared_ptr<const Evaluator>> made;
            for (const RandomModel& member : members) made.push_back(member.make());
            return make_mean(std::move(made), weights, geometric);
          },
          [=](Row row) {
            double total = 0, mean = 0, deviation = 0;
            for (std::size_t m = 0; m < members.size(); ++m) {
              ReferenceAnswer answer = members[m].answer(row);
              if (geometric) answer.mean = std::max(answer.mean, std::numeric_limits<double>::min());
              total += weights[m];
              mean += weights[m] * (geometric ? std::log(answer.mean) : answer.mean);
              deviation += weights[m] * (geometric ? answer.deviation / answer.mean : answer.deviation);
            }
            mean = geometric ? std::exp(mean / total) : mean / total;
            return ReferenceAnswer{mean, has_deviation ? deviation / total * (geometric ? mean : 1) : 0};
          },
          has_deviation, is_single};
}

double transformed_value(const ColumnTransform& column, double value) {
  switch (column.shape) {
    case ColumnTransform::Shape::kIdentity:
      break;
    case ColumnTransform::Shape::kLog:
      value = std::log(value);
      break;
    case ColumnTransform::Shape::kBoxCox:
      value = (std::pow(value, column.lambda) - 1) / column.lambda;
      break;
  }
  return (value - column.mean) / column.deviation;
}

TargetTransform random_target(std::size_t num_inputs, std::size_t num_used, Random& random) {
  TargetTransform target;
  if (random.chance(0.5)) {
    target.scale = random.uniform(-3, -0.5);
    return target;
  }
  target.kind = TargetTransform::Kind::kLog;
  target.mean = random.uniform(-1, 1);
  target.deviation = random.uniform(-0.1, 0.1);
  target.trend_bias = random.uniform(-1, 1);
  if (random.chance(0.5)) target.trend.assign(num_used, 0.1);
  if (random.chance(0.5)) target.costs.assign(num_inputs, random.uniform(0, 2));
  return target;
}

RandomModel random_transformed(std::size_t num_inputs, Random& random) {
  std::vector<ColumnTransform> columns(num_inputs);
  std::size_t num_used = 0;
  for (std::size_t j = 0; j < num_inputs; ++j) {
    columns[j] = {static_cast<ColumnTransform::Shape>(random.integer(0, 2)), random.uniform(0.2, 2),
                  random.uniform(-1, 1), random.uniform(0.5, 2), j == 0 || random.chance(0.7)};
    num_used += columns[j].used ? 1 : 0;
  }
  const RandomModel inner =
      random.chance(0.5) ? random_gaussian_process(num_used, random) : random_network(num_used, random);
  const TargetTransform target = random_target(num_inputs, num_used, random);
  return {[=] { return make_transformed(FeatureTransform(columns), inner.make(), target); },
          [=](Row row) {
            std::vector<double> values;
            for (std::size_t j = 0; j < row.size(); ++j) {
              if (columns[j].used) values.push_back(transformed_value(columns[j], row[j]));
            }
            const ReferenceAnswer y = inner.answer(values);
            if (target.kind == TargetTransform::Kind::kScale) {
              return ReferenceAnswer{y.mean / target.scale, y.deviation / std::abs(target.scale)};
            }
            double exponent = target.mean + target.deviation * y.mean + target.trend_bias, costs = 0;
            for (std::size_t j = 0; j < target.trend.size(); ++j) exponent += target.trend[j] * values[j];
            for (std::size_t j = 0; j < target.costs.size(); ++j) costs += target.costs[j] * row[j];
            const double mean =
                std::exp(exponent) * (target.costs.empty() ? 1 : std::max(costs, TargetTransform::kSmallestCost));
            return ReferenceAnswer{mean, mean * std::abs(target.deviation) * y.deviation};
          },
          inner.has_deviation, inner.is_single};
}

RandomModel random_stack(std::size_t num_inputs, Random& random) {
  const RandomModel inner = random_part(num_inputs, random);
  const bool keep_row = random.chance(0.5), log_inner = !inner.is_single && random.chance(0.5);
  const std::size_t width = keep_row ? num_inputs + 1 : 1;
  const RandomModel outer = random.chance(0.5) ? random_gaussian_process(width, random) : random_sum(width, random);
  return {[=] { return make_stacked(inner.make(), outer.make(), keep_row, log_inner); },
          [=](Row row) {
            std::vector<double> values(row.begin(), keep_row ? row.end() : row.begin());
            const double answer = inner.answer(row).mean;
            values.push_back(log_inner ? std::log(std::max(answer, std::numeric_limits<double>::min())) : answer);
            return outer.answer(values);
          },
          outer.has_deviation, inner.is_single};
}

RandomModel random_remapped(std::size_t num_inputs, Random& random) {
  const std::size_t width = size_between(1, 4, random);
  std::vector<std::int32_t> inputs;
  std::vector<InputMap> maps(width);
  for (InputMap& map : maps) {
    inputs.push_back(static_cast<std::int32_t>(random.integer(0, static_cast<std::int64_t>(num_inputs) - 1)));
    for (std::size_t k = size_between(0, 4, random); k > 0; --k) {
      map.from.push_back((map.from.empty() ? 0 : map.from.back()) + random.uniform(0.1, 1));
      map.to.push_back(random.uniform(-2, 2));
    }
  }
  const RandomModel inner = random.chance(0.5) ? random_gaussian_process(width, random) : random_sum(width, random);
  const auto mapped = [](const InputMap& map, double value) {
    for (std::size_t k = 0; k < map.from.size(); ++k) {
      if (value > map.from[k]) continue;
      if (k == 0) return map.to[0];
      const double share = (map.from[k] - value) / (map.from[k] - map.from[k - 1]);
      return share * map.to[k - 1] + (1 - share) * map.to[k];
    }
    return map.to.empty() ? value : map.to.back();
  };
  return {[=] { return make_remapped(num_inputs, inputs, maps, inner.make()); },
          [=](Row row) {
            std::vector<double> values;
            for (std::size_t j = 0; j < maps.size(); ++j) {
              values.push_back(mapped(maps[j], row[static_cast<std::size_t>(inputs[j])]));
            }
            return inner.answer(values);
          },
          inner.has_deviation, inner.is_single};
}

RandomModel random_floored(std::size_t num_inputs, Random& random) {
  const RandomModel inner = random_part(num_inputs, random);
  std::vector<double> floors;
  for (std::size_t j = 0; j < num_inputs; ++j) floors.push_back(random.chance(0.5) ? 0 : random.uniform(0, 5));
  return {[=] { return make_floored(inner.make(), floors); },
          [=](Row row) {
            ReferenceAnswer answer = inner.answer(row);
            for (std::size_t j = 0; j < row.size(); ++j) {
              if (floors[j] > 0) answer.mean = std::max(answer.mean, floors[j] * row[j]);
            }
            return answer;
          },
          inner.has_deviation, inner.is_single};
}

}  // namespace

RandomModel random_model(const std::string& kind, std::size_t num_inputs, Random& random) {
  if (kind == "constant") return random_constant(num_inputs, random);
  if (kind == "floored") return random_floored(num_inputs, random);
  if (kind == "gaussian_process") return random_gaussian_process(num_inputs, random);
  if (kind == "mean") return random_mean(num_inputs, random);
  if (kind == "polynomial") return random_sum(num_inputs, random);
  if (kind == "remapped") return random_remapped(num_inputs, random);
  if (kind == "sequence_network") return random_network(num_inputs, random);
  if (kind == "stacked") return random_stack(num_inputs, random);
  if (kind == "transformed") return random_transformed(num_inputs, random);
  if (kind == "trees") return random_tree_sum(num_inputs, random);
  ADD_FAILURE() << "no random model of " << kind;
  return random_constant(num_inputs, random);
}

}  // namespace perfmodel
