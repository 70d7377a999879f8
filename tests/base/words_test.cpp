#include "base/sqlite.hpp"
#include "base/system_words.hpp"
#include "base/x509.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <system_error>

namespace vg {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Words, TheSystemsAnswersHaveASentenceInBothLanguages) {
    for (const int number : {EPERM, ENOENT, EIO, EACCES, ENOSPC, EROFS, EMFILE, ENETUNREACH, EHOSTUNREACH, ECONNREFUSED,
                             ECONNRESET, ETIMEDOUT, EADDRINUSE}) {
        const auto words = system_words(number);
        EXPECT_TRUE(words.is_whole()) << words.en;
        EXPECT_THAT(words.en, ::testing::Not(HasSubstr(std::to_string(number)))) << "known by words, not by number";
        EXPECT_EQ(system_words(std::error_code(number, std::system_category())), words);
        EXPECT_EQ(system_words(boost::system::error_code(number, boost::system::system_category())), words);
    }
    EXPECT_TRUE(system_words(ENOTEMPTY).is_whole());
    EXPECT_THAT(system_words(ENOTEMPTY).vi, HasSubstr(std::to_string(ENOTEMPTY)));
}

TEST(Words, AReasonFollowsInItsOwnLanguage) {
    const auto words = because(value_of("spool.db"), system_words(ENOSPC));
    EXPECT_EQ(words.vi, "spool.db: hết chỗ trên ổ đĩa");
    EXPECT_EQ(words.en, "spool.db: no space is left on the disk");
    const auto error = fail(Errc::no_space, words);
    EXPECT_EQ(say({"không ghi được: {}", "cannot write: {}"}, error).vi, "không ghi được: " + words.vi);
}

TEST(Words, TroubleWithADatabaseIsToldInBothLanguages) {
    const auto missing = sqlite::Database::open("/nowhere/at/all.db");
    ASSERT_TRUE(missing.has_error());
    EXPECT_THAT(missing.error().vi, HasSubstr("/nowhere/at/all.db"));
    EXPECT_THAT(missing.error().message, HasSubstr("cannot open the database /nowhere/at/all.db"));
    auto database = sqlite::Database::open(":memory:").value();
    ASSERT_TRUE(database.run("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)").has_value());
    const auto twice = database.run("INSERT INTO t VALUES (1)");
    ASSERT_TRUE(twice.has_error());
    EXPECT_THAT(twice.error().vi, StartsWith("cơ sở dữ liệu báo lỗi"));
    EXPECT_THAT(twice.error().message, HasSubstr("UNIQUE"));
}

TEST(Words, TroubleWithKeysIsToldInBothLanguages) {
    for (const auto& error : {x509::make_request("no key", "x").error(), x509::inspect("no certificate").error(),
                              x509::request_key_sha256("no request").error()})
        EXPECT_TRUE(told(error).is_whole() && !error.vi.empty()) << error.message;
}

}  // namespace
}  // namespace vg
