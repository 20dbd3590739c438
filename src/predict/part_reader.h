#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/archive.h"
#include "predict/evaluator.h"

namespace perfmodel {

/// Bounds how many parts (evaluators and network layers) one model may have.
class PartCount {
 public:
  static constexpr std::size_t kMax = 1000;
  void add(const std::string& path);  ///< @throws Error kCorrupt: more than kMax; names the path

 private:
  std::size_t count_ = 0;
};

/// Readers of the evaluators that have no others inside, each from its JSON and the tensors under `path`/.
/// @throws Error kCorrupt: whatever does not follow docs/formats.md.
std::shared_ptr<const Evaluator> read_constant(const nlohmann::json& part, const std::string& path);
std::shared_ptr<const Evaluator> read_sequence_network(const nlohmann::json& part, const ArchiveReader& archive,
                                                       const std::string& path, PartCount& count);
std::shared_ptr<const Evaluator> read_trees(const nlohmann::json& part, const ArchiveReader& archive,
                                            const std::string& path);
std::shared_ptr<const Evaluator> read_polynomial(const nlohmann::json& part, const ArchiveReader& archive,
                                                 const std::string& path);
std::shared_ptr<const Evaluator> read_gaussian_process(const nlohmann::json& part, const ArchiveReader& archive,
                                                       const std::string& path);

/// Members of a part.
/// @throws Error kCorrupt: missing, of another type, or more inputs than any model has.
std::size_t read_num_inputs(const nlohmann::json& part, const std::string& path);
std::vector<double> read_numbers(const nlohmann::json& part, const char* key, const std::string& path);

}  // namespace perfmodel
