#pragma once

#include <functional>
#include <memory>
#include <string>

#include "perfmodel/core/random.h"
#include "perfmodel/core/span.h"
#include "predict/evaluators.h"

namespace perfmodel {

struct ReferenceAnswer {
  double mean = 0, deviation = 0;
};

/// A model drawn at random, with what it must answer: by plain loops in double precision, from the definitions in
/// evaluators.h.
struct RandomModel {
  std::function<std::shared_ptr<const Evaluator>()> make;  ///< with the instruction set that is chosen then
  std::function<ReferenceAnswer(Span<const double> row)> answer;
  bool has_deviation = false;
  bool is_single = false;  ///< a part of it computes in float32
};

/// A model of that kind (kEvaluatorKinds) on `num_inputs` inputs, for rows of values from 0.3 to 3. What holds others
/// holds such as hold none.
RandomModel random_model(const std::string& kind, std::size_t num_inputs, Random& random);

/// Those that hold no other, and one of these.
RandomModel random_constant(std::size_t num_inputs, Random& random);
RandomModel random_gaussian_process(std::size_t num_inputs, Random& random);
RandomModel random_network(std::size_t num_inputs, Random& random);
RandomModel random_sum(std::size_t num_inputs, Random& random);  ///< a polynomial
RandomModel random_tree_sum(std::size_t num_inputs, Random& random);
RandomModel random_part(std::size_t num_inputs, Random& random);

/// What a Gaussian process answers.
ReferenceAnswer reference_answer(const GaussianProcess& process, Span<const double> row);

}  // namespace perfmodel
