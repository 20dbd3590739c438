#include "learner/option_json.h"
#include "perfmodel/train/mlp.h"
#include "perfmodel/train/register_learners.h"
#include "perfmodel/train/resperfnet.h"

namespace perfmodel {
namespace {

ResPerfNetOptions network_options(const std::string& learner, const std::string& json) {
  using Loss = ResPerfNetOptions::Loss;
  using Schedule = ResPerfNetOptions::Schedule;
  const OptionReader reader(learner, json, {"preset",           "loss",
                                            "target_scale",     "cost_terms",
                                            "trend_ridge",      "log_ratio_above",
                                            "box_cox_features", "outlier_deviations",
                                            "epochs",           "batch_size",
                                            "learning_rate",    "adam_epsilon",
                                            "schedule",         "decay_every_epochs",
                                            "decay_factor",     "l2",
                                            "weight_decay",     "dropout",
                                            "members",          "patience_epochs"});
  std::string preset = "paper";
  reader.read("preset", preset);
  ResPerfNetOptions options = resperfnet_preset(preset);
  reader.read("loss", options.loss, {{"maple", Loss::kMaple}, {"log_l1", Loss::kLogL1}});
  reader.read("target_scale", options.target_scale);
  reader.read("cost_terms", options.cost_terms);
  reader.read("trend_ridge", options.trend_ridge);
  reader.read("log_ratio_above", options.log_ratio_above);
  reader.read("box_cox_features", options.box_cox_features);
  reader.read("outlier_deviations", options.outlier_deviations);
  reader.read("epochs", options.epochs);
  reader.read("batch_size", options.batch_size);
  reader.read("learning_rate", options.learning_rate);
  reader.read("adam_epsilon", options.adam_epsilon);
  reader.read("schedule", options.schedule, {{"step", Schedule::kStep}, {"cosine", Schedule::kCosine}});
  reader.read("decay_every_epochs", options.decay_every_epochs);
  reader.read("decay_factor", options.decay_factor);
  reader.read("l2", options.l2);
  reader.read("weight_decay", options.weight_decay);
  reader.read("dropout", options.dropout);
  reader.read("members", options.members);
  reader.read("patience_epochs", options.patience_epochs);
  return options;
}

std::unique_ptr<Learner> mlp_from_json(const std::string& json) {
  using Activation = MlpOptions::Activation;
  const OptionReader reader("mlp", json,
                            {"hidden_units", "activation", "log_target", "l2", "max_iterations", "members"});
  MlpOptions options;
  reader.read("hidden_units", options.hidden_units);
  reader.read("activation", options.activation, {{"tanh", Activation::kTanh}, {"relu", Activation::kRelu}});
  reader.read("log_target", options.log_target);
  reader.read("l2", options.l2);
  reader.read("max_iterations", options.max_iterations);
  reader.read("members", options.members);
  return make_mlp_learner(options);
}

}  // namespace

void add_torch_learners(LearnerRegistry& registry) {
  registry.add("mlp", mlp_from_json);
  registry.add("perfnet",
               [](const std::string& json) { return make_perfnet_learner(network_options("perfnet", json)); });
  registry.add("resperfnet",
               [](const std::string& json) { return make_resperfnet_learner(network_options("resperfnet", json)); });
}

}  // namespace perfmodel
