// The collector killed at random moments under load, and without room on its disk: nothing that was acknowledged is
// lost, nothing is kept twice, and it goes on by itself.
#include "tests/collector/house.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <random>
#include <set>

namespace vg::collector::test {
namespace {

using wire::FrameType;

// A collector in a process of its own, which can be killed.
class Child {
public:
    explicit Child(const std::string& dir) {
        int ends[2];
        if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
        pid_ = ::fork();
        if (pid_ == 0) {
            House house({}, dir);
            const auto secret = house.token(1000);
            Bytes out;
            Writer writer(out);
            writer.fixed32(house.listener->port());
            writer.text(secret);
            if (::write(ends[1], out.data(), out.size()) < 0) ::_exit(1);
            ::pause();
            ::_exit(0);
        }
        ::close(ends[1]);
        Bytes in(256);
        const auto n = ::read(ends[0], in.data(), in.size());
        ::close(ends[0]);
        Reader reader(ByteView(in).first(n > 0 ? static_cast<std::size_t>(n) : 0));
        port = static_cast<std::uint16_t>(reader.fixed32());
        token = reader.text(200);
    }
    ~Child() {
        ::kill(pid_, SIGKILL);
        int status = 0;
        ::waitpid(pid_, &status, 0);
    }
    std::uint16_t port = 0;
    std::string token;

private:
    pid_t pid_ = 0;
};

int kills() {
    const char* wanted = std::getenv("VONGGAC_KILLS");
    return wanted != nullptr ? std::max(1, std::atoi(wanted)) : 20;
}

TEST(Faults, KilledAtRandomMomentsUnderLoad) {
    std::signal(SIGPIPE, SIG_IGN);
    Folder folder;
    const std::string dir = folder.path.string();
    std::mt19937 random(7);
    std::optional<Credentials> who;
    std::string authority_pem;
    std::set<std::uint64_t> acked;
    std::uint64_t next = 1;
    for (int round = 0; round < kills(); ++round) {
        Child child(dir);
        ASSERT_NE(child.port, 0);
        if (!who) {
            authority_pem = Authority::open(dir, {"127.0.0.1", "localhost"}, system_clock().wall())->certificate_pem();
            who = std::get<Credentials>(enrol(child.port, authority_pem, child.token));
        }
        ScriptedAgent agent(child.port, authority_pem, who->identity);
        auto words = hello(first_boot);
        words.next_seq = next;
        const auto welcome = agent.greet(words);
        ASSERT_TRUE(welcome) << "round " << round;
        ASSERT_TRUE(agent.say(FrameType::names, names()));
        // Everything that was acknowledged is there: the collector does not miss it.
        for (const auto& range : welcome->missing)
            for (auto seq = range.first; seq <= range.last; ++seq) {
                ASSERT_FALSE(acked.contains(seq)) << "seq " << seq << " was acknowledged and is gone";
                ASSERT_TRUE(agent.say(FrameType::batch, samples(seq)));
            }
        const std::size_t enough = acked.size() + random() % 40;
        for (int i = 0; i < 60; ++i) ASSERT_TRUE(agent.say(FrameType::batch, samples(next++)));
        while (acked.size() <= enough) {
            const auto ack = agent.hear<wire::Ack>(FrameType::ack);
            ASSERT_TRUE(ack);
            acked.insert(ack->seqs.begin(), ack->seqs.end());
        }
    }
    auto store = open_sqlite_store(dir + "/vonggac.db").value();
    for (const auto seq : acked) ASSERT_TRUE(store->has(who->id, 7, seq).value());
    // Each batch has two samples a series and its number as the second value of the second one.
    std::uint64_t kept = 0;
    for (const auto& range : store->received(who->id, 7).value()) kept += range.last - range.first + 1;
    const auto series = store->series({.agent = who->id}).value();
    ASSERT_EQ(series.size(), 2u);
    EXPECT_EQ(store->read(series[0].key, Time{}, Time::max(), 0).value().size(), 2 * kept);
}

// A limit on the size of files stands for a full disk: writing beyond it fails.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit now = before_;
        now.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

TEST(Faults, AFullDiskIsRefusedClearlyAndForgottenWhenSpaceReturns) {
    House house;
    const auto who = enrolled(house);
    ScriptedAgent agent(house.listener->port(), house.authority->certificate_pem(), who.identity);
    ASSERT_TRUE(agent.greet(hello()));
    ASSERT_TRUE(agent.say(FrameType::names, names()));
    ASSERT_TRUE(agent.say(FrameType::batch, samples(1)));
    ASSERT_TRUE(agent.hear<wire::Ack>(FrameType::ack));
    {
        const FullDisk full(1);
        ASSERT_TRUE(agent.say(FrameType::batch, samples(2)));
        const auto refuse = agent.hear<wire::Refuse>(FrameType::refuse);
        ASSERT_TRUE(refuse);
        EXPECT_EQ(refuse->code, wire::RefuseCode::store_unavailable);
        EXPECT_EQ(refuse->seq, 2u);
        EXPECT_GT(refuse->retry_after_ms, 0u);
        EXPECT_GE(house.counters.commit_failures, 1u);
    }
    // What was sent after the refused one waits for it.
    ASSERT_TRUE(agent.say(FrameType::batch, samples(3)));
    const auto later = agent.hear<wire::Refuse>(FrameType::refuse);
    ASSERT_TRUE(later);
    EXPECT_EQ(later->code, wire::RefuseCode::store_unavailable);
    EXPECT_EQ(later->seq, 3u);
    for (const std::uint64_t seq : {2u, 3u}) {
        ASSERT_TRUE(agent.say(FrameType::batch, samples(seq)));
        const auto ack = agent.hear<wire::Ack>(FrameType::ack);
        ASSERT_TRUE(ack);
        EXPECT_EQ(ack->seqs, std::vector<std::uint64_t>{seq});
    }
}

TEST(Faults, ADamagedDatabaseIsNamedAtStart) {
    Folder folder;
    const auto path = (folder.path / "vonggac.db").string();
    {
        auto store = open_sqlite_store(path).value();
        ASSERT_TRUE(store->put({"c", "1", std::string(100'000, 'x'), Time{}}));
    }
    std::FILE* file = std::fopen(path.c_str(), "r+b");
    ASSERT_NE(file, nullptr);
    std::fseek(file, 4096, SEEK_SET);
    const std::string rubbish(60'000, '\x5a');
    std::fwrite(rubbish.data(), 1, rubbish.size(), file);
    std::fclose(file);
    const auto opened = open_sqlite_store(path);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::corrupt);
    EXPECT_NE(opened.error().message.find("damaged"), std::string::npos);
}

TEST(Faults, AFileThatIsNoDatabaseIsNamedAtStart) {
    Folder folder;
    const auto path = (folder.path / "vonggac.db").string();
    std::FILE* file = std::fopen(path.c_str(), "wb");
    ASSERT_NE(file, nullptr);
    for (int i = 0; i < 400; ++i) std::fputs("this is no database at all\n", file);
    std::fclose(file);
    const auto opened = open_sqlite_store(path);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::corrupt);
    EXPECT_NE(opened.error().message.find(path), std::string::npos);
}

// What one agent sends from the present boot and from the one before, whatever its clock says in both.
void send_two_boots(House& house, const Credentials& who, std::int64_t wall_at_zero_ms) {
    ScriptedAgent agent(house.listener->port(), house.authority->certificate_pem(), who.identity);
    auto words = hello(first_boot);
    words.boot.device_wall_at_zero_ms = wall_at_zero_ms;
    ASSERT_TRUE(agent.greet(words));
    ASSERT_TRUE(agent.say(FrameType::names, names()));
    auto old = samples(1, 2, second_boot);
    old.boot.device_wall_at_zero_ms = wall_at_zero_ms;
    old.boot.last_mono_ms = 930'000;
    ASSERT_TRUE(agent.say(FrameType::batch, old));
    ASSERT_TRUE(agent.say(FrameType::batch, samples(2)));
    for (std::size_t acked = 0; acked < 2;) {
        const auto ack = agent.hear<wire::Ack>(FrameType::ack);
        ASSERT_TRUE(ack);
        EXPECT_GT(ack->error_ms, 0);
        EXPECT_LE(ack->error_ms, 2'000);
        acked += ack->seqs.size();
    }
}

TEST(Faults, OneAgentInTenAt1970Or2038LosesNoRow) {
    House house;
    const auto now = system_clock().wall().time_since_epoch().count();
    for (int i = 0; i < 20; ++i) {
        const auto who = enrolled(house);
        const std::int64_t wall = i == 3 ? 0 : i == 13 ? 2'147'483'647'000 : now - 1'000'000;
        ASSERT_NO_FATAL_FAILURE(send_two_boots(house, who, wall)) << "agent " << i;
        const auto points = house.in_pipeline([&](Pipeline& p) {
            return p.store()
                .read(p.store().series({.agent = who.id}).value().at(0).key, Time{}, Time::max(), 0)
                .value();
        });
        ASSERT_EQ(points.size(), 4u) << "agent " << i;
        // The older boot lies before the present one began, and the present one where it truly is.
        EXPECT_LE(points[1].at_ms, now - 1'000'000 + 10'000);
        EXPECT_GT(points[0].at_ms, now - 366LL * 86'400'000);
        EXPECT_NEAR(static_cast<double>(points[2].at_ms), static_cast<double>(now - 100'000), 10'000);
        EXPECT_NEAR(static_cast<double>(points[3].at_ms), static_cast<double>(now - 70'000), 10'000);
    }
}

}  // namespace
}  // namespace vg::collector::test
