// Hostile model files whose checksums are right: each is refused for what is wrong with it, not for its checksum.

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "core/file.h"
#include "expect_error.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {
namespace {

const std::string kFolder = PERFMODEL_FUZZ_CORPUS;
const std::string kHostile = "hostile_";

struct HostileFile {
  const char* name;
  const char* says;
};

constexpr HostileFile kHostileFiles[] = {
    {"tree_child_out_of_range", "node 0: left child 1000"},
    {"tree_child_negative", "node 0: left child -2147483647"},
    {"tree_cycle", "node 2: left child 0"},
    {"tree_shared_child", "node 3 is reached in two ways"},
    {"tree_root_out_of_range", "root 35 is not one of 35 nodes"},
    {"tree_feature_out_of_range", "node 0: feature 3 is not one of 3"},
    {"tree_leaf_nan", "node 6: nan is not finite"},
    {"network_weight_nan", "layer 1: weights must be finite"},
    {"process_weight_nan", "weight 3 is nan"},
    {"process_diagonal_zero", "element 0 of the diagonal is 0"},
    {"polynomial_power", "factor 0: the power is 1000, allowed is 1 to 64"},
    {"polynomial_offset", "offset 1 is 9"},
    {"trees_2_60", "'model/roots' is I32 [5], not I32 [1152921504606846976]"},
    {"tree_nodes_2_60", "'model/feature' is I32 [35], not I32 [1152921504606846976]"},
    {"process_points_2_60", "'model/points' is F64 [7, 3], not F64 [1152921504606846976, 3]"},
    {"process_triangle_that_wraps", "'model/points' is F64 [7, 3]"},
    {"network_sizes_that_wrap", "'model/layer1/weights' is F32"},
    {"network_of_another_rank", "'model/layer0/weights' is F32 [3, 1, 8], not F32 [1, 8]"},
    {"inputs_2_20", "a model of 3 features whose evaluator 'constant' takes 1048576"},
    {"nested_20_deep", "parts are nested deeper than 8"},
    {"parts_1001", "more than 1000 parts"},
    {"map_of_nothing", "map 1: knot 1 at 1 does not come after 1"},
    {"floor_negative", "a floor is -1, it must be finite and >= 0"},
    {"floors_too_few", "2 floors for 3 inputs"},
};

TEST(ModelCorpus, RefusesHostileFilesForWhatIsWrongWithThem) {
  for (const HostileFile& hostile : kHostileFiles) {
    SCOPED_TRACE(hostile.name);
    EXPECT_PM_ERROR(Model::load(kFolder + "/" + kHostile + hostile.name), ErrorCode::kCorrupt, hostile.says);
  }
}

TEST(ModelCorpus, LoadsAllOthersAndKnowsAllHostileOnes) {
  std::set<std::string> known;
  for (const HostileFile& hostile : kHostileFiles) known.insert(kHostile + hostile.name);
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    SCOPED_TRACE(name);
    if (name.compare(0, kHostile.size(), kHostile) == 0) {
      EXPECT_EQ(known.count(name), 1U) << "not in the list of this test";
    } else {
      EXPECT_NO_THROW(Model::load(entry.path().string()));
    }
  }
}

// The target asks these for rows without values too.
TEST(ModelCorpus, HasModelsThatTakeMissingValues) {
  for (const char* name : {"imported_json", "imported_ubj", "missing_values", "xgboost"}) {
    EXPECT_TRUE(Model::load(kFolder + "/" + name).takes_missing_values()) << name;
  }
  EXPECT_FALSE(Model::load(kFolder + "/gp").takes_missing_values());
}

}  // namespace
}  // namespace perfmodel
