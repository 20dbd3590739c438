#include "learner/stepwise_selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/progress.h"
#include "learner/student_t.h"
#include "learner/term_model.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Columns of the features whose product is a term, ascending.
using Term = std::vector<std::size_t>;

/// Main effects first: of steps that are equally good the simplest is taken.
struct SimplerTerm {
  bool operator()(const Term& a, const Term& b) const { return a.size() != b.size() ? a.size() < b.size() : a < b; }
};

/// A column of which a smaller part is new is a combination of the others, as R's lm() takes it.
constexpr double kAliased = 1e-7;
/// As part of the targets' sum of squares: what is left below it is rounding.
constexpr double kNothingLeft = 1e-20;
/// Changes that differ relatively by less are equal: of the terms that make them the first is taken.
constexpr double kEqualChanges = 1e-9;
/// A step must lower the criterion by more, lest rounding lets terms come and go forever.
constexpr double kLeastFall = 1e-7;

class Selection {
 public:
  Selection(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets, const StepwiseOptions& options,
            const Callbacks& callbacks, const std::vector<std::size_t>& groups, std::size_t most_numbers)
      : features_(features),
        options_(options),
        groups_(groups),
        reporter_(callbacks, "selecting terms", 0),
        model_(targets) {
    most_candidates_ =
        std::min(kMostCandidates, most_numbers / std::max<std::size_t>(1, static_cast<std::size_t>(features.rows())));
    nothing_left_ = kNothingLeft * targets.squaredNorm();
    refresh_candidates();
  }

  StepwiseResult run() {
    if (options_.criterion == StepwiseOptions::Criterion::kAic) {
      while (step_by_aic()) {
      }
    } else {
      while (add_significant()) {
        while (remove_insignificant()) {
        }
      }
    }
    drop_small();
    return result();
  }

 private:
  struct Choice {
    Term term;
    double change = 0;  ///< of the residual sum of squares, in size
  };
  struct Candidate {
    double norm = 0;            ///< of its column
    Eigen::VectorXd remainder;  ///< of the column, beside those of the model
  };
  using Candidates = std::map<Term, Candidate, SimplerTerm>;

  double num_rows() const { return static_cast<double>(features_.rows()); }
  double residual_degrees() const { return num_rows() - static_cast<double>(terms_.size()) - 1; }
  /// With the residual sum of squares, and so many terms more.
  double aic(double sum_of_squares, int more_terms) const {
    const double num_coefficients = static_cast<double>(terms_.size()) + 1 + more_terms;
    return num_rows() * std::log(sum_of_squares / num_rows()) + 2 * num_coefficients;
  }
  /// Of a term that changes the sum of squares by `change` to or from `smaller`, the sum with it.
  static double p_value(double change, double smaller, double degrees) {
    if (smaller <= 0) return change > 0 ? 0 : 1;
    return student_t_p_value(std::sqrt(change * degrees / smaller), degrees);
  }

  bool is_in(const Term& term) const { return std::find(terms_.begin(), terms_.end(), term) != terms_.end(); }

  bool has_all_parts(const Term& term) const {
    for (std::size_t k = 0; term.size() > 1 && k < term.size(); ++k) {
      Term part = term;
      part.erase(part.begin() + static_cast<std::ptrdiff_t>(k));
      if (!is_in(part)) return false;
    }
    return true;
  }

  bool is_part_of_another(const Term& term) const {
    return std::any_of(terms_.begin(), terms_.end(), [&](const Term& other) {
      return other.size() > term.size() && std::includes(other.begin(), other.end(), term.begin(), term.end());
    });
  }

  bool has_group_of(const Term& term, std::size_t feature) const {
    return !groups_.empty() &&
           std::any_of(term.begin(), term.end(), [&](std::size_t other) { return groups_[other] == groups_[feature]; });
  }

  Eigen::VectorXd column_of(const Term& term) const {
    Eigen::VectorXd column = Eigen::VectorXd::Ones(features_.rows());
    for (const std::size_t feature : term) column.array() *= features_.col(static_cast<Eigen::Index>(feature)).array();
    return column;
  }

  Candidate make_candidate(const Term& term) const {
    const Eigen::VectorXd column = column_of(term);
    return {column.norm(), model_.remainder_of(column)};
  }

  void require_few(std::size_t num_candidates) const {
    if (num_candidates <= most_candidates_) return;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("stepwise regression over {} rows and {} features with {} terms in it has more than {} "
                            "terms that might be next, fewer rows, features or a lower option 'max_order' than {} are "
                            "allowed",
                            features_.rows(), features_.cols(), terms_.size(), most_candidates_, options_.max_order));
  }

  /// Terms that marginality lets in: each comes from one that is in (or from none) and a later feature.
  std::set<Term, SimplerTerm> next_terms() const {
    std::set<Term, SimplerTerm> next;
    const auto num_features = static_cast<std::size_t>(features_.cols());
    std::vector<Term> stems = terms_;
    stems.emplace_back();
    for (const Term& stem : stems) {
      if (stem.size() >= static_cast<std::size_t>(options_.max_order)) continue;
      for (std::size_t feature = stem.empty() ? 0 : stem.back() + 1; feature < num_features; ++feature) {
        Term term = stem;
        term.push_back(feature);
        if (has_group_of(stem, feature) || is_in(term) || !has_all_parts(term)) continue;
        require_few(next.size() + 1);
        next.insert(std::move(term));
      }
    }
    return next;
  }

  void refresh_candidates() {
    const std::set<Term, SimplerTerm> next = next_terms();  // all of them before any takes memory
    Candidates kept = std::move(candidates_);
    candidates_.clear();
    for (const Term& term : next) {
      const auto known = kept.find(term);
      candidates_[term] = known != kept.end() ? std::move(known->second) : make_candidate(term);
    }
  }

  void add(const Term& term) {
    model_.add(column_of(term));
    terms_.push_back(term);
    candidates_.erase(term);
    for (auto& [other, candidate] : candidates_) model_.update_remainder(candidate.remainder);
    refresh_candidates();
  }

  void remove(const Term& term) {
    const auto found = std::find(terms_.begin(), terms_.end(), term);
    model_.remove(static_cast<std::size_t>(found - terms_.begin()));
    terms_.erase(found);
    candidates_.clear();
    refresh_candidates();
  }

  /// The candidate that lowers the residual sum of squares most.
  std::optional<Choice> best_addition() const {
    std::optional<Choice> best;
    if (residual_degrees() < 2 || model_.residual_sum_of_squares() <= nothing_left_) return best;
    for (const auto& [term, candidate] : candidates_) {
      const double norm = candidate.remainder.norm();
      if (norm <= kAliased * candidate.norm) continue;
      const double part = candidate.remainder.dot(model_.residual()) / norm;
      const double change = part * part;
      if (!best || change > best->change * (1 + kEqualChanges)) best = Choice{term, change};
    }
    return best;
  }

  /// The term in the model that matters least, among those that are no part of another.
  std::optional<Choice> best_removal() const {
    std::optional<Choice> best;
    const std::vector<double> increases = model_.increases();
    for (std::size_t k = 0; k < terms_.size(); ++k) {
      if (is_part_of_another(terms_[k])) continue;
      if (!best || increases[k] < best->change * (1 - kEqualChanges)) best = Choice{terms_[k], increases[k]};
    }
    return best;
  }

  bool step_by_aic() {
    reporter_.throw_if_cancelled();
    const double now = model_.residual_sum_of_squares();
    if (now <= nothing_left_) return false;
    const std::optional<Choice> removal = best_removal(), addition = best_addition();
    constexpr double kNever = std::numeric_limits<double>::infinity();
    const double without = removal ? aic(now + removal->change, -1) : kNever;
    const double with = addition ? aic(std::max(now - addition->change, nothing_left_), 1) : kNever;
    if (std::min(without, with) >= aic(now, 0) - kLeastFall) return false;
    if (without <= with) {
      remove(removal->term);
    } else {
      add(addition->term);
    }
    return true;
  }

  bool add_significant() {
    reporter_.throw_if_cancelled();
    const std::optional<Choice> addition = best_addition();
    if (!addition) return false;
    const double with = std::max(model_.residual_sum_of_squares() - addition->change, 0.0);
    if (p_value(addition->change, with, residual_degrees() - 1) >= options_.significance) return false;
    add(addition->term);
    return true;
  }

  bool remove_insignificant() {
    reporter_.throw_if_cancelled();
    const std::optional<Choice> removal = best_removal();
    if (!removal) return false;
    if (p_value(removal->change, model_.residual_sum_of_squares(), residual_degrees()) <= options_.significance) {
      return false;
    }
    remove(removal->term);
    return true;
  }

  void drop_small() {
    for (std::size_t k = 0; k < terms_.size();) {
      const bool is_small =
          std::abs(model_.coefficients()[static_cast<Eigen::Index>(k) + 1]) < options_.min_coefficient;
      if (is_small && !is_part_of_another(terms_[k])) {
        remove(Term(terms_[k]));
        k = 0;
      } else {
        ++k;
      }
    }
  }

  StepwiseResult result() const {
    StepwiseResult result;
    const Eigen::VectorXd coefficients = model_.coefficients();
    const std::vector<double> increases = model_.increases();
    result.intercept = coefficients[0];
    result.residual_sum_of_squares = model_.residual_sum_of_squares();
    result.aic = aic(result.residual_sum_of_squares, 0);
    std::vector<std::size_t> order(terms_.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return increases[a] > increases[b]; });
    for (const std::size_t k : order) {
      result.terms.push_back({terms_[k], coefficients[static_cast<Eigen::Index>(k) + 1],
                              p_value(increases[k], result.residual_sum_of_squares, residual_degrees())});
    }
    return result;
  }

  const Eigen::MatrixXd& features_;
  const StepwiseOptions& options_;
  const std::vector<std::size_t>& groups_;
  ProgressReporter reporter_;  ///< asked whether the caller cancelled; steps are too many to foresee
  TermModel model_;
  std::size_t most_candidates_ = 0;
  double nothing_left_ = 0;
  std::vector<Term> terms_;  ///< in the model, in the order of its columns
  Candidates candidates_;
};

}  // namespace

StepwiseResult select_terms(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                            const StepwiseOptions& options, const Callbacks& callbacks,
                            const std::vector<std::size_t>& groups, std::size_t most_numbers) {
  return Selection(features, targets, options, callbacks, groups, most_numbers).run();
}

}  // namespace perfmodel
