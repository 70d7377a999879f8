// The auth_log watcher on a file that is written, rotated and truncated under it, and on recorded logs.
#include "probes/auth_log/auth_log.hpp"
#include "base/crypto.hpp"
#include "probes/auth_log/login_line.hpp"
#include "probes/auth_log/pseudonym.hpp"
#include "probes/auth_log/syslog_line.hpp"
#include "tests/probes/running.hpp"

#include <gmock/gmock.h>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace vg::probes {
namespace {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / ("vg-auth-" + crypto::random_text(8))) { fs::create_directory(path_); }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

private:
    fs::path path_;
};

void append(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::app) << text; }

std::string failure(const std::string& user, int n) {
    return "Nov 22 04:05:06 may-01 sshd[" + std::to_string(n) + "]: Failed password for " + user +
           " from 203.0.113.9 port 5" + std::to_string(n) + " ssh2\n";
}

class AuthLogTest : public ::testing::Test {
protected:
    void start(const std::string& options) {
        Problems problems;
        auto documents = yaml::parse(options, "assignment.yaml", problems);
        Task task{"auth", folder_.file("auth.log"), "", documents.empty() ? yaml::Node{} : documents.front()};
        watcher_ = auth_log_kind().make_watcher(task, {io_, system_clock(), folder_.file("state")}, problems);
        ASSERT_TRUE(watcher_) << problems.text();
        asio::co_spawn(io_, watcher_->watch([this](wire::Observation o) {
            for (auto& e : o.events) events_.push_back(std::move(e));
        }),
                       [this](std::exception_ptr error, Result<void> result) {
                           EXPECT_FALSE(error);
                           EXPECT_TRUE(result);
                           ended_ = true;
                       });
        io_.poll();
    }
    void wait_for(std::size_t events) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (events_.size() < events && std::chrono::steady_clock::now() < end) io_.run_one_until(end);
        ASSERT_EQ(events_.size(), events);
    }
    void TearDown() override {
        if (!watcher_) return;
        watcher_->stop();
        while (!ended_) io_.run_one_for(std::chrono::seconds(5));
    }
    [[nodiscard]] std::string field(std::size_t event, const char* name) const {
        for (const auto& [key, value] : events_.at(event).fields)
            if (key == name) return value;
        return {};
    }

    Folder folder_;
    asio::io_context io_;
    std::unique_ptr<Watcher> watcher_;
    std::vector<wire::Event> events_;
    bool ended_ = false;
};

TEST_F(AuthLogTest, SurvivesRotationTruncationAndAFileThatComesLater) {
    const auto path = folder_.file("auth.log");
    start("users: plain");
    append(path, failure("an", 1));
    wait_for(1);
    append(path, failure("binh", 2) + "Nov 22 04:05:06 may-01 sshd[3]: Failed pass");
    wait_for(2);
    append(path, "word for chi from 203.0.113.9 port 53 ssh2\n");
    wait_for(3);
    append(path, failure("dung", 4));
    fs::rename(path, path + ".1");  // with a line that nobody has read yet
    append(path, failure("em", 5));
    wait_for(5);
    std::ofstream(path, std::ios::trunc).close();
    io_.poll();
    append(path, failure("giang", 6));
    wait_for(6);
    EXPECT_EQ(field(2, "user"), "chi");
    EXPECT_EQ(field(3, "user"), "dung");
    EXPECT_EQ(field(4, "user"), "em");
    EXPECT_EQ(field(5, "user"), "giang");
    EXPECT_EQ(field(5, "src_ip"), "203.0.113.9");
    EXPECT_EQ(field(5, "service"), "sshd");
    EXPECT_EQ(field(5, "port"), "56");
    EXPECT_EQ(events_[0].kind, "login.failed");
}

TEST_F(AuthLogTest, OnlyNewLinesUnlessAskedOtherwise) {
    append(folder_.file("auth.log"), failure("an", 1));
    start("users: plain");
    append(folder_.file("auth.log"), failure("binh", 2));
    wait_for(1);
    EXPECT_EQ(field(0, "user"), "binh");
}

TEST_F(AuthLogTest, NamesArePseudonymsThatStayTheSame) {
    const auto key = folder_.file("pseudonym.key");
    append(folder_.file("auth.log"), failure("nguyenvana", 1) + failure("root", 2) + failure("nguyenvana", 3));
    start("{ pseudonym_key_file: " + key + ", from_start: true }");
    wait_for(3);
    EXPECT_THAT(field(0, "user"), ::testing::MatchesRegex("u-[0-9a-f]{16}"));
    EXPECT_EQ(field(0, "user"), field(2, "user"));
    EXPECT_EQ(field(1, "user"), "root");
    EXPECT_EQ(fs::status(key).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    const auto again = auth_log::Names::with_key_file(key);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->shown("nguyenvana"), field(0, "user"));
}

TEST_F(AuthLogTest, TheKeyOfPseudonymsStandsInTheStateFolder) {
    fs::create_directory(folder_.file("state"));
    append(folder_.file("auth.log"), failure("nguyenvana", 1));
    start("from_start: true");
    wait_for(1);
    const auto again = auth_log::Names::with_key_file(folder_.file("state/pseudonym.key"));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->shown("nguyenvana"), field(0, "user"));
}

TEST(AuthLogOptions, WrongUsersIsAProblem) {
    asio::io_context io;
    Problems problems;
    const auto documents = yaml::parse("users: hidden", "a.yaml", problems);
    const Task task{"auth", "x", "", documents.front()};
    EXPECT_FALSE(auth_log_kind().make_watcher(task, {io, system_clock()}, problems));
    EXPECT_EQ(problems.list().size(), 1u);
}

// The recordings of ssh in the shared corpus name source and user of every failed line.
TEST(AuthLogCorpus, RecordedSshLines) {
    const char* shared = std::getenv("VONGGAC_SHARED");
    const fs::path corpora = fs::path(shared ? shared : VONGGAC_SOURCE_DIR "/../shared") / "corpora";
    if (!fs::exists(corpora / "unpack.sh")) GTEST_SKIP() << "no corpora in " << corpora;
    Folder folder;
    const auto unpack = (corpora / "unpack.sh").string() + " " + folder.file("c") + " logs/crowdsec";
    ASSERT_EQ(std::system(("bash " + unpack).c_str()), 0);
    std::size_t expected = 0, found = 0;
    for (const auto& entry : fs::directory_iterator(folder.file("c") + "/logs/crowdsec")) {
        std::ifstream in(entry.path() / "expected.json");
        if (!in) continue;
        std::stringstream text;
        text << in.rdbuf();
        const auto answer = boost::json::parse(text.str()).as_object();
        std::vector<std::string> lines;
        std::ifstream log(entry.path() / std::string(answer.at("log_file").as_string()));
        for (std::string line; std::getline(log, line);) lines.push_back(line);
        for (const auto& item : answer.at("events").as_array()) {
            const auto& e = item.as_object();
            const auto* type = e.if_contains("log_type");
            if (!type || !type->is_string() ||
                (type->as_string() != "ssh_failed-auth" && type->as_string() != "ssh_success"))
                continue;
            const auto number = static_cast<std::size_t>(e.at("line").to_number<std::int64_t>());
            if (number < 1 || number > lines.size()) continue;
            // Some of them are remarks on connections in which nobody has tried to log in.
            if (!e.if_contains("user") || !e.at("user").is_string()) continue;
            ++expected;
            const auto parts = auth_log::parse_syslog(lines[number - 1]);
            const auto login = auth_log::parse_login(parts.program, parts.message);
            const bool same =
                login && login->address == e.at("source_ip").as_string() && login->user == e.at("user").as_string();
            if (same) ++found;
            EXPECT_TRUE(same) << entry.path() << ":" << number << ": " << lines[number - 1];
        }
    }
    EXPECT_GT(expected, 10u);
    EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace vg::probes
