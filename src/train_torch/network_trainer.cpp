#include "train_torch/network_trainer.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "perfmodel/core/error.h"
#include "train_torch/adam.h"

namespace perfmodel {
namespace {

using Loss = ResPerfNetOptions::Loss;

enum RandomStream : std::uint64_t { kWeightStream, kOrderStream, kDropoutStream };

struct Rows {
  at::Tensor features, targets;
};

Rows to_tensors(const NetworkRows& rows) {
  const auto n = static_cast<std::int64_t>(rows.targets.size());
  const std::int64_t width = n == 0 ? 0 : static_cast<std::int64_t>(rows.features.size()) / n;
  // LibTorch wants a pointer to non-const; the clones are what is used.
  return {at::from_blob(const_cast<float*>(rows.features.data()), {n, width}, at::kFloat).clone(),
          at::from_blob(const_cast<float*>(rows.targets.data()), {n}, at::kFloat).clone()};
}

/// Equation 7 without its penalty, or the absolute error on the logarithm.
at::Tensor mean_loss(Loss loss, const at::Tensor& output, const at::Tensor& targets) {
  if (loss == Loss::kLogL1) return (output - targets).abs().mean();
  const at::Tensor log_targets = targets.log1p();
  return ((output.log1p() - log_targets).abs() / log_targets).mean();
}

double mape_pct(const TargetTransform& transform, const at::Tensor& output, const at::Tensor& targets) {
  const at::Tensor ratio = transform.kind == TargetTransform::Kind::kLog
                               ? ((output - targets) * transform.deviation).exp()
                               : output / targets;
  return 100 * (ratio - 1).abs().mean().item<double>();
}

double rate_at(const ResPerfNetOptions& options, int epoch, double epoch_fraction) {
  if (options.schedule == ResPerfNetOptions::Schedule::kStep) {
    return options.learning_rate * std::pow(options.decay_factor, epoch / options.decay_every_epochs);
  }
  constexpr double kPi = 3.14159265358979323846;
  return options.learning_rate * 0.5 * (1 + std::cos(kPi * (epoch + epoch_fraction) / options.epochs));
}

class Training {
 public:
  Training(const TrainingData& data, const NetworkDesign& design, const ResPerfNetOptions& options,
           const Random& random)
      : options_(options),
        transform_(data.target),
        training_(to_tensors(data.training)),
        validation_(to_tensors(data.validation)),
        network_(design.layers(data.features.num_outputs(), options.loss == Loss::kMaple), random.fork(kWeightStream)),
        adam_(network_.parameters(), options.adam_epsilon, options.weight_decay),
        order_random_(random.fork(kOrderStream)),
        dropout_random_(random.fork(kDropoutStream)),
        order_(data.training.targets.size()) {
    std::iota(order_.begin(), order_.end(), 0);
    if (options.loss == Loss::kMaple) wake_output();
  }

  TrainingEpoch run_epoch(int epoch) {
    order_random_.shuffle(Span<std::int64_t>(order_));
    const auto num_rows = static_cast<std::int64_t>(order_.size());
    const at::Tensor order = at::from_blob(order_.data(), {num_rows}, at::kLong);
    double loss_sum = 0;
    for (std::int64_t begin = 0; begin < num_rows; begin += options_.batch_size) {
      const at::Tensor batch = order.narrow(0, begin, std::min<std::int64_t>(options_.batch_size, num_rows - begin));
      const double rate = rate_at(options_, epoch, static_cast<double>(begin) / static_cast<double>(num_rows));
      loss_sum += train_on(batch, rate) * static_cast<double>(batch.numel());
    }
    TrainingEpoch report;
    report.epoch = epoch + 1;
    report.loss = loss_sum / static_cast<double>(num_rows);
    if (!std::isfinite(report.loss)) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("training diverges: the loss is {} in epoch {}, try a learning_rate below {}",
                              report.loss, epoch + 1, options_.learning_rate));
    }
    if (validation_.targets.numel() > 0) report.validation_mape_pct = validate();
    report.best = epochs_since_best_ == 0 && best_weights_.defined();
    return report;
  }

  bool out_of_patience() const { return options_.patience_epochs > 0 && epochs_since_best_ > options_.patience_epochs; }

  SequenceModule finish() {
    const at::NoGradGuard no_gradient;
    if (best_weights_.defined()) network_.parameters().copy_(best_weights_);
    return network_;
  }

 private:
  /// A ReLU at the end answers 0 for every row, and learns nothing, when the sum before it starts below 0.
  void wake_output() {
    const at::NoGradGuard no_gradient;
    const auto num_awake = [this] { return network_.forward(training_.features, {}).gt(0).sum().item<std::int64_t>(); };
    if (2 * num_awake() < training_.targets.numel()) network_.negate_output();
  }

  double train_on(const at::Tensor& batch, double learning_rate) {
    const at::Tensor output = network_.forward(training_.features.index_select(0, batch), draw_dropout(batch.numel()));
    const at::Tensor loss = mean_loss(options_.loss, output, training_.targets.index_select(0, batch));
    loss.backward();
    const at::Tensor gradient = network_.parameters().grad();
    if (options_.l2 > 0) {
      const at::NoGradGuard no_gradient;
      gradient.addcmul_(network_.parameters(), network_.dense_weights(), 2 * options_.l2);
    }
    adam_.step(network_.parameters(), gradient, learning_rate);
    network_.parameters().mutable_grad().reset();
    return loss.item<double>();
  }

  at::Tensor draw_dropout(std::int64_t num_rows) {
    if (options_.dropout == 0) return {};
    at::Tensor factors = at::empty({num_rows, network_.last_width()}, at::kFloat);
    float* next = factors.data_ptr<float>();
    const float kept = static_cast<float>(1 / (1 - options_.dropout));
    for (std::int64_t i = 0; i < factors.numel(); ++i) next[i] = dropout_random_.chance(options_.dropout) ? 0 : kept;
    return factors;
  }

  /// Keeps the weights when they are better on the validation rows than any before.
  double validate() {
    const at::NoGradGuard no_gradient;
    const at::Tensor output = network_.forward(validation_.features, {});
    const double loss = mean_loss(options_.loss, output, validation_.targets).item<double>();
    ++epochs_since_best_;
    if (loss < best_loss_) {
      best_loss_ = loss;
      best_weights_ = network_.parameters().clone();
      epochs_since_best_ = 0;
    }
    return mape_pct(transform_, output, validation_.targets);
  }

  const ResPerfNetOptions& options_;
  const TargetTransform& transform_;
  const Rows training_, validation_;
  SequenceModule network_;
  Adam adam_;
  Random order_random_, dropout_random_;
  std::vector<std::int64_t> order_;
  at::Tensor best_weights_;
  double best_loss_ = std::numeric_limits<double>::infinity();  ///< on the validation rows
  int epochs_since_best_ = 0;
};

}  // namespace

SequenceModule train_network(const TrainingData& data, const NetworkDesign& design, const ResPerfNetOptions& options,
                             const Random& random, const std::function<void(const TrainingEpoch&)>& on_epoch,
                             const std::atomic<bool>& stop) {
  Training training(data, design, options, random);
  for (int epoch = 0; epoch < options.epochs && !stop && !training.out_of_patience(); ++epoch) {
    on_epoch(training.run_epoch(epoch));
  }
  return training.finish();
}

}  // namespace perfmodel
