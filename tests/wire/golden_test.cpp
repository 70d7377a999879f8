#include "tests/wire/golden_cases.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace vg::wire {
namespace {

const std::filesystem::path folder = std::filesystem::path(VONGGAC_SOURCE_DIR) / "tests/wire/golden";

class Golden : public ::testing::TestWithParam<golden::Case> {
protected:
    static Bytes file() {
        std::ifstream in(folder / (GetParam().name + ".hex"));
        return golden::from_file(std::string(std::istreambuf_iterator<char>(in), {}));
    }
};

TEST_P(Golden, WriterMakesTheFile) {
    if (GetParam().compressed) GTEST_SKIP() << "how small it gets is the compression library's matter";
    EXPECT_EQ(crypto::to_hex(GetParam().bytes), crypto::to_hex(file()));
}

TEST_P(Golden, ReaderGivesTheValueBack) {
    const auto again = GetParam().reread(file());
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(crypto::to_hex(*again), crypto::to_hex(GetParam().bytes));
}

INSTANTIATE_TEST_SUITE_P(Files, Golden, ::testing::ValuesIn(golden::cases()),
                         [](const auto& one) { return one.param.name; });

TEST(GoldenFolder, HoldsExactlyTheCases) {
    std::vector<std::string> files, names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path().stem().string());
    for (const auto& one : golden::cases()) names.push_back(one.name);
    EXPECT_THAT(files, ::testing::UnorderedElementsAreArray(names));
}

}  // namespace
}  // namespace vg::wire
