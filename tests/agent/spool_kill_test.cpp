// The spool under kill -9 at random moments: a child works on it and tells over a pipe what the spool reported as done;
// the parent kills it, and afterwards everything that was reported must be there, once, in one unbroken chain.
#include "agent/spool.hpp"
#include "tests/agent/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <random>

namespace vg::agent {
namespace {

using testing::TemporaryDirectory;

struct Report {
    enum Kind : std::uint32_t { event, sample, delivered } kind = event;
    std::uint32_t boot = 0;
    std::uint64_t number = 0;  // of the event or sample; seq of the batch
    std::uint64_t digest = 0;  // of a delivered body
};

std::uint64_t digest_of(const Bytes& body) {
    const auto digest = crypto::sha256(body);
    std::uint64_t first = 0;
    std::memcpy(&first, digest.data(), sizeof first);
    return first;
}

std::string boot_name(std::uint32_t boot) {
    char text[40];
    std::snprintf(text, sizeof text, "%032x", boot);
    return text;
}

// What the parent knows: the far side of the pipe plays the collector, too.
struct Ledger {
    std::map<std::uint64_t, std::uint64_t> delivered;  // seq → digest
    std::uint64_t events = 0;
    std::map<std::uint32_t, std::uint64_t> samples;  // flushed, per boot
    std::set<std::uint32_t> delivered_in;            // boots in which something was delivered
    int conflicts = 0;
};

[[noreturn]] void work(const std::string& path, std::uint32_t boot, bool deliver, int pipe) {
    ManualClock clock{Time{Millis{1'700'000'000'000}}};
    clock.reboot(boot_name(boot));
    auto opened = Spool::open({path, 64 * 1024 * 1024}, clock);
    if (opened.has_error()) ::_exit(3);
    auto& spool = *opened;
    const auto tell = [&](Report report) {
        if (::write(pipe, &report, sizeof report) != sizeof report) ::_exit(4);
    };
    for (std::uint64_t i = 1;; ++i) {
        clock.advance(Millis{10});
        const wire::Sample sample{{"count", "t", "1"}, static_cast<double>(i)};
        spool.add_samples(clock.mono(), std::span(&sample, 1));
        if (i % 3 == 0) {
            if (spool.flush().has_error()) ::_exit(5);
            tell({Report::sample, boot, i, 0});
        }
        if (i % 7 == 0 && spool.seal_samples().has_error()) ::_exit(6);
        if (i % 5 == 0) {
            const wire::Event event{"e", wire::Severity::info, {}, {{"n", std::to_string(i)}}, clock.mono()};
            auto seq = spool.append_events(std::span(&event, 1));
            if (seq.has_error()) ::_exit(7);
            tell({Report::event, boot, *seq, 0});
        }
        if (deliver && i % 11 == 0) {
            for (const auto batch_class : {wire::BatchClass::events, wire::BatchClass::samples}) {
                auto some = spool.read(batch_class, 1, spool.next_seq(), 3);
                if (some.has_error()) ::_exit(8);
                for (const auto& batch : *some) {
                    tell({Report::delivered, boot, batch.seq, digest_of(batch.body)});
                    if (batch.seq % 2 == 0) continue;  // its ack is lost on the way
                    spool.acknowledge(std::span(&batch.seq, 1));
                }
            }
            if (i % 22 == 0 && spool.settle().has_error()) ::_exit(9);
        }
    }
}

void note(Ledger& ledger, const Report& report) {
    if (report.kind == Report::event) ++ledger.events;
    if (report.kind == Report::sample) ledger.samples[report.boot] = report.number;
    if (report.kind == Report::delivered) {
        const auto [at, is_new] = ledger.delivered.try_emplace(report.number, report.digest);
        if (!is_new && at->second != report.digest) ++ledger.conflicts;
    }
}

// Runs one child until it has reported `reports` things and kills it at whatever it is doing then.
void run_and_kill(const std::string& path, std::uint32_t boot, bool deliver, int reports, Ledger& ledger) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        ::close(ends[0]);
        work(path, boot, deliver, ends[1]);
    }
    ::close(ends[1]);
    Report report;
    for (int i = 0; i < reports && ::read(ends[0], &report, sizeof report) == sizeof report; ++i) note(ledger, report);
    ::kill(child, SIGKILL);
    while (::read(ends[0], &report, sizeof report) == sizeof report) note(ledger, report);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
}

// ./dev soak asks for more.
std::uint32_t kills(std::uint32_t usual) {
    const char* wanted = std::getenv("VONGGAC_KILLS");
    return wanted != nullptr ? static_cast<std::uint32_t>(std::max(1, std::atoi(wanted))) : usual;
}

TEST(SpoolKill, NothingReportedIsLostOrDoubledAndTheChainHolds) {
    const TemporaryDirectory directory;
    const auto path = directory.file("spool.db");
    Ledger ledger;
    std::mt19937 chance(20261122);
    for (std::uint32_t boot = 1; boot <= kills(60); ++boot) {
        run_and_kill(path, boot, true, std::uniform_int_distribution<int>(1, 120)(chance), ledger);
        if (HasFatalFailure()) return;
    }
    EXPECT_EQ(ledger.conflicts, 0);

    ManualClock clock{Time{Millis{1'700'000'000'000}}};
    clock.reboot(boot_name(9999));
    auto spool = Spool::open({path, 64 * 1024 * 1024}, clock).value();
    EXPECT_FALSE(spool.damage());

    // Every number below next_seq is in the spool or was delivered; the bytes of a number never changed.
    std::map<std::uint64_t, StoredBatch> held;
    for (const auto batch_class : {wire::BatchClass::events, wire::BatchClass::samples})
        for (auto& batch : spool.read(batch_class, 1, spool.next_seq(), 1'000'000).value())
            held.emplace(batch.seq, std::move(batch));
    for (std::uint64_t seq = 1; seq < spool.next_seq(); ++seq) {
        const auto delivered = ledger.delivered.find(seq);
        const auto here = held.find(seq);
        ASSERT_TRUE(delivered != ledger.delivered.end() || here != held.end()) << seq << " is gone";
        if (delivered != ledger.delivered.end() && here != held.end()) {
            EXPECT_EQ(delivered->second, digest_of(here->second.body)) << seq;
        }
    }
    for (const auto& [seq, digest] : ledger.delivered) EXPECT_LT(seq, spool.next_seq());

    // Events that are still here form one chain; what was delivered between them fits by its index.
    std::uint64_t index = 0;
    crypto::Digest head{};
    for (const auto& [seq, batch] : held) {
        if (batch.batch_class != wire::BatchClass::events) continue;
        const auto body = wire::decode_events(batch.body).value();
        EXPECT_GT(body.first_index, index);
        if (body.first_index == index + 1 && index != 0) { EXPECT_EQ(body.before, head) << seq; }
        head = body.before;
        for (const auto& event : body.events) head = wire::chain(head, event);
        index = body.first_index + body.events.size() - 1;
    }
    EXPECT_GE(index, ledger.events);

    // A sample of a boot is in one batch only.
    std::map<std::string, std::map<std::int64_t, int>> seen;
    for (const auto& [seq, batch] : held) {
        if (batch.batch_class != wire::BatchClass::samples) continue;
        const auto body = wire::decode_samples(batch.body).value();
        for (const auto& column : body.columns)
            for (const auto at : column.at_ms) EXPECT_EQ(++seen[batch.boot.boot_id][at], 1);
    }
    EXPECT_GT(seen.size(), 1U);
}

// Nothing is delivered here, so that every flushed sample must be found again.
TEST(SpoolKill, EveryFlushedSampleComesBackOnce) {
    const TemporaryDirectory directory;
    const auto path = directory.file("spool.db");
    Ledger ledger;
    std::mt19937 chance(7);
    for (std::uint32_t boot = 1; boot <= kills(25); ++boot) {
        run_and_kill(path, boot, false, std::uniform_int_distribution<int>(1, 60)(chance), ledger);
        if (HasFatalFailure()) return;
    }
    ManualClock clock{Time{Millis{1'700'000'000'000}}};
    clock.reboot(boot_name(9999));
    auto spool = Spool::open({path, 64 * 1024 * 1024}, clock).value();
    std::map<std::string, std::map<double, int>> seen;
    for (const auto& batch : spool.read(wire::BatchClass::samples, 1, spool.next_seq(), 1'000'000).value()) {
        const auto body = wire::decode_samples(batch.body).value();
        for (const double value : body.columns.at(0).values) ++seen[batch.boot.boot_id][value];
    }
    for (const auto& [boot, flushed] : ledger.samples)
        for (std::uint64_t i = 1; i <= flushed; ++i)
            EXPECT_EQ(seen[boot_name(boot)][static_cast<double>(i)], 1) << boot << " " << i;
}

}  // namespace
}  // namespace vg::agent
