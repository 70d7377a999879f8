#include "base/sqlite.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

using namespace vg;

namespace {
std::string scratch(const std::string& name) {
    return (std::filesystem::temp_directory_path() / (name + std::to_string(::getpid()))).string();
}
}  // namespace

TEST(Sqlite, RoundTripsEveryType) {
    auto db = sqlite::Database::open(":memory:").value();
    ASSERT_TRUE(db.run("CREATE TABLE t(a,b,c,d,e)").has_value());
    auto insert = db.prepare("INSERT INTO t VALUES(?,?,?,?,?)").value();
    const Bytes blob{0, 1, 255};
    insert.bind(1, std::int64_t{1} << 40)
        .bind(2, 1.5)
        .bind(3, std::string_view("Hòa An"))
        .bind(4, ByteView(blob))
        .bind_null(5);
    ASSERT_TRUE(insert.run().has_value());
    auto select = db.prepare("SELECT * FROM t").value();
    ASSERT_TRUE(select.step().value());
    EXPECT_EQ(select.integer(0), std::int64_t{1} << 40);
    EXPECT_EQ(select.real(1), 1.5);
    EXPECT_EQ(select.text(2), "Hòa An");
    EXPECT_EQ(Bytes(select.blob(3).begin(), select.blob(3).end()), blob);
    EXPECT_TRUE(select.is_null(4));
    EXPECT_FALSE(select.step().value());
}

TEST(Sqlite, ATransactionThatIsNotCommittedLeavesNothing) {
    auto db = sqlite::Database::open(":memory:").value();
    ASSERT_TRUE(db.run("CREATE TABLE t(a)").has_value());
    {
        auto transaction = sqlite::Transaction::begin(db).value();
        ASSERT_TRUE(db.run("INSERT INTO t VALUES(1)").has_value());
    }
    auto count = db.prepare("SELECT count(*) FROM t").value();
    ASSERT_TRUE(count.step().value());
    EXPECT_EQ(count.integer(0), 0);
}

TEST(Sqlite, ADamagedFileIsCorruptAndNamed) {
    const auto path = scratch("vg_corrupt_");
    std::ofstream(path) << std::string(8192, 'x');
    auto db = sqlite::Database::open(path).value();
    const auto checked = db.check();
    ASSERT_TRUE(checked.has_error());
    EXPECT_EQ(checked.error().code, Errc::corrupt);
    EXPECT_NE(checked.error().message.find(path), std::string::npos);
    std::filesystem::remove(path);
}

TEST(Sqlite, BackupHoldsTheSameRows) {
    const auto path = scratch("vg_backup_");
    auto db = sqlite::Database::open(":memory:").value();
    ASSERT_TRUE(db.run("CREATE TABLE t(a); INSERT INTO t VALUES(42)").has_value());
    ASSERT_TRUE(db.backup_to(path).has_value());
    auto copy = sqlite::Database::open(path, sqlite::Access::read_only).value();
    auto select = copy.prepare("SELECT a FROM t").value();
    ASSERT_TRUE(select.step().value());
    EXPECT_EQ(select.integer(0), 42);
    EXPECT_EQ(std::filesystem::status(path).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::remove(path);
}
