#include "random_models.h"

#include <cmath>
#include <vector>

#include "evaluators_for_tests.h"
#include "trees_for_tests.h"

namespace perfmodel {
namespace {

using Row = Span<const double>;

std::size_t size_between(std::int64_t low, std::int64_t high, Random& random) {
  return static_cast<std::size_t>(random.integer(low, high));
}

}  // namespace

RandomModel random_constant(std::size_t num_inputs, Random& random) {
  const double value = random.uniform(-10, 10);
  return {[=] { return make_constant(num_inputs, value); }, [=](Row) { return ReferenceAnswer{value, 0}; }};
}

RandomModel random_network(std::size_t num_inputs, Random& random) {
  const std::vector<NetworkLayer> layers =
      random.chance(0.5) ? resperfnet_layers(num_inputs, 8, random) : random_layers(num_inputs, random);
  return {[=] { return make_sequence_network(num_inputs, layers); },
          [=](Row row) {
            return ReferenceAnswer{reference_answer(layers, row), 0};
          },
          false, true};
}

RandomModel random_tree_sum(std::size_t num_inputs, Random& random) {
  TreeEnsemble trees;
  trees.num_inputs = num_inputs;
  trees.base = random.uniform(-1, 1);
  const bool is_shallow = random.chance(0.5);
  for (std::size_t i = size_between(0, 40, random); i > 0; --i) {
    if (is_shallow) {
      append_shallow_tree(trees, static_cast<int>(random.integer(0, 6)), random);
    } else {
      append_random_tree(trees, static_cast<int>(random.integer(0, 60)), random);
    }
  }
  return {[=] { return make_tree_ensemble(trees); },
          [=](Row row) {
            return ReferenceAnswer{answer_of(trees, row), 0};
          }};
}

RandomModel random_sum(std::size_t num_inputs, Random& random) {
  Polynomial sum;
  sum.num_inputs = num_inputs;
  sum.base = random.uniform(-1, 1);
  sum.first_factor = {0};
  for (std::size_t t = size_between(0, 20, random); t > 0; --t) {
    for (std::size_t f = size_between(0, 3, random); f > 0; --f) {
      sum.factors.push_back({static_cast<std::int32_t>(random.integer(0, static_cast<std::int64_t>(num_inputs) - 1)),
                             static_cast<std::int32_t>(random.integer(1, 3))});
    }
    sum.coefficients.push_back(random.uniform(-1, 1));
    sum.first_factor.push_back(static_cast<std::int32_t>(sum.factors.size()));
  }
  return {[=] { return make_polynomial(sum); },
          [=](Row row) {
            double answer = sum.base;
            for (std::size_t t = 0; t < sum.coefficients.size(); ++t) {
              double term = sum.coefficients[t];
              for (auto f = sum.first_factor[t]; f < sum.first_factor[t + 1]; ++f) {
                const Polynomial::Factor& factor = sum.factors[static_cast<std::size_t>(f)];
                term *= std::pow(row[static_cast<std::size_t>(factor.input)], factor.power);
              }
              answer += term;
            }
            return ReferenceAnswer{answer, 0};
          }};
}

RandomModel random_gaussian_process(std::size_t num_inputs, Random& random) {
  GaussianProcess process = random_process(num_inputs, size_between(1, 40, random), random);
  if (random.chance(0.5)) process.kernel = GaussianProcess::Kernel::kSquaredExponential;
  if (random.chance(0.3)) process.mean_cholesky.clear();
  if (process.mean_cholesky.empty() && random.chance(0.5)) process.slopes.clear();
  if (process.mean_cholesky.empty() && random.chance(0.3)) process.cholesky.clear();
  return {[=] { return make_gaussian_process(process); }, [=](Row row) { return reference_answer(process, row); },
          !process.cholesky.empty()};
}

RandomModel random_part(std::size_t num_inputs, Random& random) {
  constexpr const char* kKinds[] = {"constant", "gaussian_process", "polynomial", "sequence_network", "trees"};
  return random_model(kKinds[random.integer(0, 4)], num_inputs, random);
}

}  // namespace perfmodel
