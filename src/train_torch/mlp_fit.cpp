#include "train_torch/mlp_fit.h"

#include <ATen/ATen.h>

#include "core/progress.h"
#include "learner/left_out_rows.h"
#include "train_torch/mlp_trainer.h"
#include "train_torch/torch_threads.h"

namespace perfmodel {
namespace {

enum RandomStream : std::uint64_t { kSplitStream, kFoldStream, kFirstMemberStream };

constexpr std::size_t kFolds = 10;

std::vector<SequenceModule> train_members(const MlpData& data, const MlpOptions& options, const Random& random,
                                          const ProgressReporter& reporter) {
  std::vector<SequenceModule> members;
  for (std::size_t m = 0; m < static_cast<std::size_t>(options.members); ++m) {
    members.push_back(train_mlp(data, options, random.fork(kFirstMemberStream + m), reporter));
  }
  return members;
}

/// Mean answer of the members to n x d transformed rows, in the unit of the target.
std::vector<double> answers_of(const MlpData& data, const std::vector<SequenceModule>& members,
                               const at::Tensor& inputs) {
  const at::NoGradGuard no_gradient;
  at::Tensor sum = at::zeros({inputs.size(0)}, at::kDouble);
  for (const SequenceModule& member : members) sum += member.forward(inputs, {});
  at::Tensor answer = sum / static_cast<double>(members.size());
  if (data.target.kind == TargetTransform::Kind::kLog) {
    answer = (data.target.mean + data.target.deviation * answer).exp();
  } else {
    answer = (answer + data.output_offset) / data.target.scale;
  }
  answer = answer.contiguous();
  return {answer.data_ptr<double>(), answer.data_ptr<double>() + answer.numel()};
}

at::Tensor to_matrix(const std::vector<double>& values, std::size_t num_columns) {
  return at::tensor(at::ArrayRef<double>(values), at::kDouble).view({-1, static_cast<std::int64_t>(num_columns)});
}

MlpRows take_rows(const MlpRows& rows, std::size_t num_columns, const std::vector<std::size_t>& which) {
  MlpRows out;
  for (const std::size_t row : which) {
    const double* const begin = rows.features.data() + row * num_columns;
    out.features.insert(out.features.end(), begin, begin + num_columns);
    out.targets.push_back(rows.targets[row]);
  }
  return out;
}

}  // namespace

MlpFit fit_mlp(const Dataset& data, const MlpOptions& options, const FitOptions& fit) {
  const Random random(fit.seed);
  MlpFit out;
  out.data = prepare_mlp_data(data, options.log_target, fit.validation_fraction, random.fork(kSplitStream).bits());
  const SingleTorchThread single_thread;
  ProgressReporter reporter(fit.callbacks, "fitting mlp", 1);
  out.members = train_members(out.data, options, random, reporter);
  reporter.update(1);
  return out;
}

LeftOutAnswers answer_left_out_rows(const Dataset& data, const MlpFit& fit, const MlpOptions& options,
                                    const FitOptions& fit_options) {
  const Random random = Random(fit_options.seed).fork(kFoldStream);
  const SingleTorchThread single_thread;
  const std::size_t width = fit.data.features.num_outputs();
  const Dataset rows = data.subset(fit.data.training_rows);
  const auto folds = left_out_rows(rows.num_rows(), kFolds, random.fork(kSplitStream).bits());
  ProgressReporter reporter(fit_options.callbacks, "calibrating mlp", folds.size());
  std::size_t num_done = 0;
  MlpData rest = fit.data;
  return leave_out(rows.targets(), folds, [&](const auto& kept, const auto& left_out) {
    rest.training = take_rows(fit.data.training, width, kept);
    const std::vector<SequenceModule> members =
        train_members(rest, options, random.fork(kFirstMemberStream + num_done), reporter);
    const MlpRows others = take_rows(fit.data.training, width, left_out);
    std::vector<double> answers = answers_of(fit.data, members, to_matrix(others.features, width));
    reporter.update(++num_done);
    return answers;
  });
}

std::vector<double> forward_in_torch(const MlpFit& fit, MatrixView<const double> rows) {
  const std::size_t width = fit.data.features.num_outputs();
  std::vector<double> values(rows.rows() * width);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    fit.data.features.apply(rows.row(i), Span<double>(values).subspan(i * width, width));
  }
  return answers_of(fit.data, fit.members, to_matrix(values, width));
}

std::shared_ptr<const Evaluator> to_evaluator(const MlpFit& fit) {
  const FeatureTransform& features = fit.data.features;
  std::vector<std::shared_ptr<const Evaluator>> members;
  for (const SequenceModule& network : fit.members) {
    std::vector<NetworkLayer> layers = network.export_layers();
    layers.back().bias[0] += static_cast<float>(fit.data.output_offset);
    members.push_back(
        make_transformed(features, make_sequence_network(features.num_outputs(), std::move(layers)), fit.data.target));
  }
  if (members.size() == 1) return members.front();
  const bool geometric = fit.data.target.kind == TargetTransform::Kind::kLog;
  return make_mean(members, std::vector<double>(members.size(), 1.0), geometric);
}

}  // namespace perfmodel
