#include "train_torch/resperfnet_fit.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <future>
#include <mutex>
#include <string>

#include "core/progress.h"
#include "learner/cost_trend.h"
#include "train_torch/network_trainer.h"
#include "train_torch/torch_threads.h"

namespace perfmodel {
namespace {

enum RandomStream : std::uint64_t { kSplitStream, kFirstMemberStream };

/// What the training threads share with the thread that waits for them.
class MembersProgress {
 public:
  void add_epoch(const TrainingEpoch& epoch) {
    const std::lock_guard<std::mutex> lock(mutex_);
    untold_.push_back(epoch);
  }

  /// Tells, in the calling thread, of the epochs that were added since.
  void report_to(ProgressReporter& reporter, const std::function<void(const TrainingEpoch&)>& on_epoch) {
    std::vector<TrainingEpoch> epochs;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      epochs.swap(untold_);
    }
    if (epochs.empty()) return;
    num_epochs_ += epochs.size();
    if (on_epoch) std::for_each(epochs.begin(), epochs.end(), on_epoch);
    reporter.update(num_epochs_, note_of(epochs.back()));
  }

 private:
  static std::string note_of(const TrainingEpoch& epoch) {
    std::string note = fmt::format("loss {:.4f}", epoch.loss);
    if (!std::isnan(epoch.validation_mape_pct)) {
      note += fmt::format(", validation MAPE {:.1f} %", epoch.validation_mape_pct);
    }
    return note;
  }

  std::mutex mutex_;
  std::vector<TrainingEpoch> untold_;
  std::size_t num_epochs_ = 0;
};

/// Ends and joins the threads on every way out.
struct Workers {
  std::atomic<bool> stop{false};
  std::vector<std::future<void>> futures;
  ~Workers() { stop = true; }  // the futures of std::async then wait for their threads
};

}  // namespace

ResPerfNetFit fit_networks(const Dataset& data, const NetworkDesign& design, const ResPerfNetOptions& options,
                           const FitOptions& fit) {
  const Random random(fit.seed);
  ResPerfNetFit out;
  out.data =
      prepare_training_data(data, options, fit.validation_fraction, random.fork(kSplitStream).bits(), design.name);

  const int num_workers = std::min(fit.num_threads, options.members);
  const SingleTorchThread single_thread;
  ProgressReporter reporter(fit.callbacks, fmt::format("fitting {}", design.name),
                            static_cast<std::size_t>(options.members) * static_cast<std::size_t>(options.epochs));
  MembersProgress progress;
  std::vector<std::unique_ptr<SequenceModule>> members(static_cast<std::size_t>(options.members));
  std::atomic<std::size_t> next_member{0};
  Workers workers;
  for (int i = 0; i < num_workers; ++i) {
    workers.futures.push_back(std::async(std::launch::async, [&] {
      for (std::size_t m = next_member++; m < members.size() && !workers.stop; m = next_member++) {
        const auto add_epoch = [&progress, m](TrainingEpoch epoch) {
          epoch.member = static_cast<int>(m);
          progress.add_epoch(epoch);
        };
        members[m] = std::make_unique<SequenceModule>(
            train_network(out.data, design, options, random.fork(kFirstMemberStream + m), add_epoch, workers.stop));
      }
    }));
  }
  for (std::future<void>& future : workers.futures) {
    constexpr auto kReportEvery = std::chrono::milliseconds(50);
    while (future.wait_for(kReportEvery) != std::future_status::ready) {
      progress.report_to(reporter, options.on_epoch);
      reporter.throw_if_cancelled();
    }
    future.get();
  }
  progress.report_to(reporter, options.on_epoch);
  for (const auto& member : members) out.members.push_back(*member);
  return out;
}

std::vector<double> forward_in_torch(const ResPerfNetFit& fit, MatrixView<const double> rows) {
  const at::NoGradGuard no_gradient;
  const FeatureTransform& features = fit.data.features;
  const TargetTransform& target = fit.data.target;
  const bool is_log = target.kind == TargetTransform::Kind::kLog;
  const auto n = static_cast<std::int64_t>(rows.rows()), width = static_cast<std::int64_t>(features.num_outputs());
  at::Tensor inputs = at::empty({n, width}, at::kFloat);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    features.apply(rows.row(i),
                   Span<float>(inputs.data_ptr<float>() + i * features.num_outputs(), features.num_outputs()));
  }
  at::Tensor sum = at::zeros({n}, at::kDouble);
  for (const SequenceModule& member : fit.members) sum += member.forward(inputs, {}).to(at::kDouble);
  at::Tensor answer = sum / static_cast<double>(fit.members.size());
  if (is_log) {
    const at::Tensor slopes = at::tensor(at::ArrayRef<double>(target.trend), at::kDouble);
    const at::Tensor trend = at::mv(inputs.to(at::kDouble), slopes) + target.trend_bias;
    answer = (target.mean + target.deviation * answer + trend).exp();
  } else {
    answer = answer / target.scale;
  }
  answer = answer.contiguous();
  std::vector<double> out(answer.data_ptr<double>(), answer.data_ptr<double>() + n);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] *= cost_of_row(target.costs, rows.row(i));
  return out;
}

std::shared_ptr<const Evaluator> to_evaluator(const ResPerfNetFit& fit) {
  const FeatureTransform& features = fit.data.features;
  std::vector<std::shared_ptr<const Evaluator>> members;
  for (const SequenceModule& network : fit.members) {
    members.push_back(make_sequence_network(features.num_outputs(), network.export_layers()));
  }
  // Members see the same transformed features. The mean of their answers is a geometric one of targets under a
  // logarithm.
  const std::vector<double> alike(members.size(), 1.0);
  auto mean = members.size() == 1 ? members.front() : make_mean(std::move(members), alike, false);
  return make_transformed(features, std::move(mean), fit.data.target);
}

}  // namespace perfmodel
