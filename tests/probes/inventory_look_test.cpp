// A look at the machine that is cancelled in its middle, or that ends by a fault: no value is half told, none is lost.
#include "probes/inventory/inventory.hpp"
#include "tests/probes/running.hpp"

#include <gmock/gmock.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <future>
#include <stdexcept>

namespace vg::probes::inventory {
namespace {

using namespace vg::probes::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What the test and the machine on its thread share.
struct Desk {
    std::atomic<bool> hold = false, fault = false;
    std::promise<void> reached, released;  // of the look that is held
    std::atomic<int> looks = 0;
};

// Has a board, one account and one package; the look at its accounts can be held or fails.
class SlowMachine final : public Machine {
public:
    explicit SlowMachine(std::shared_ptr<Desk> desk) : desk_(std::move(desk)) {}
    std::optional<std::uint64_t> stamp(Part) override { return 1; }
    bool is_for_every_run(Part) const override { return false; }
    bool is_costly(Part) const override { return false; }
    void look(Part part, Reading& into) override {
        ++desk_->looks;
        if (part == Part::board) into.board = {"Dell Inc.", "OptiPlex", "S-1", "desktop", "1", "2021-06-30"};
        if (part == Part::software) into.software = std::vector<Package>{{"bash", "amd64", "5.2"}};
        if (part != Part::accounts) return;
        if (desk_->hold.exchange(false)) {
            desk_->reached.set_value();
            desk_->released.get_future().wait();
        }
        if (desk_->fault.exchange(false)) throw std::runtime_error("no memory");
        into.accounts = std::vector<Account>{{"canbo", 1000, false, true, {}, {}}};
    }
    std::optional<std::string> seen_as_root() override { return {}; }

private:
    std::shared_ptr<Desk> desk_;
};

class InventoryLook : public ::testing::Test {
protected:
    InventoryLook() {
        Problems problems;
        probe = make_inventory(task_of("{ id: kiem-ke, parts: [board, accounts, software] }"), {io, system_clock()},
                               problems, std::make_unique<SlowMachine>(desk));
        EXPECT_TRUE(problems.empty()) << problems.text();
    }
    wire::Observation look() { return run_until_done(io, probe->run(in(5s))); }
    static std::vector<std::string> lists(const wire::Observation& seen) {
        std::vector<std::string> names;
        for (const auto& list : seen.whole) names.push_back(list.name);
        return names;
    }
    static bool has(const wire::Observation& seen, std::string_view name) {
        return fact_of(seen, wire::SubjectKind::device, name) != nullptr;
    }

    asio::io_context io{1};
    std::shared_ptr<Desk> desk = std::make_shared<Desk>();
    std::unique_ptr<Probe> probe;
};

TEST_F(InventoryLook, ListsAreToldOnceAndFactsEachTime) {
    const auto first = look();
    EXPECT_THAT(lists(first), ElementsAre("account/", "software/"));
    EXPECT_TRUE(has(first, "board_model") && has(first, "account/canbo") && has(first, "software/bash"));
    const auto second = look();
    EXPECT_THAT(lists(second), IsEmpty());
    EXPECT_TRUE(has(second, "board_model"));
    EXPECT_EQ(desk->looks, 3);
}

TEST_F(InventoryLook, CancelledInItsMiddleNothingIsToldAndThenEverything) {
    desk->hold = true;
    asio::cancellation_signal cancel;
    std::optional<wire::Observation> cut_short;
    asio::co_spawn(io, probe->run(in(5s)),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr, wire::Observation seen) {
                       cut_short = std::move(seen);
                   }));
    io.poll();
    desk->reached.get_future().wait();  // the board is known by now
    cancel.emit(asio::cancellation_type::terminal);
    io.restart();
    while (!cut_short && io.run_one() > 0) {}
    ASSERT_TRUE(cut_short);
    EXPECT_THAT(cut_short->facts, IsEmpty());
    EXPECT_THAT(cut_short->whole, IsEmpty());
    EXPECT_TRUE(cut_short->error.is_whole());

    const auto meanwhile = look();  // the thread is still held
    EXPECT_THAT(meanwhile.facts, IsEmpty());
    EXPECT_TRUE(meanwhile.error.is_whole());

    desk->released.set_value();
    wire::Observation after;
    do { after = look(); } while (!after.error.empty());
    EXPECT_THAT(lists(after), ElementsAre("account/", "software/"));
    EXPECT_TRUE(has(after, "board_model") && has(after, "account/canbo") && has(after, "software/bash"));
    EXPECT_TRUE(cut_short->facts.empty());  // what ended late went nowhere
}

TEST_F(InventoryLook, APartThatCannotBeReadHidesNoOtherAndIsReadAgain) {
    desk->fault = true;
    const auto first = look();
    EXPECT_TRUE(first.error.is_whole());
    EXPECT_THAT(lists(first), ElementsAre("software/"));
    EXPECT_TRUE(has(first, "board_model") && has(first, "software/bash"));
    EXPECT_FALSE(has(first, "account/canbo"));
    const auto second = look();
    EXPECT_TRUE(second.error.empty());
    EXPECT_THAT(lists(second), ElementsAre("account/"));
    EXPECT_TRUE(has(second, "account/canbo"));
}

}  // namespace
}  // namespace vg::probes::inventory
