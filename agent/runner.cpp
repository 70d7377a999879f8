#include "agent/runner.hpp"

#include "agent/backoff.hpp"
#include "agent/schedule.hpp"
#include "base/crypto.hpp"
#include "base/log.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>

namespace vg::agent {
namespace {

using std::chrono::steady_clock;

// A probe keeps its deadline by itself; one that does not is cancelled this much later.
constexpr Millis grace{2000};
// A run that begins this soon after its moment on the grid is stamped with that moment: equal steps make the columns of
// times small, and no clock of ours is better than this.
constexpr Millis stamp_tolerance{50};

struct Entry {
    ProbeTask plan;
    std::unique_ptr<probes::Probe> probe;  // exactly one of these two
    std::unique_ptr<probes::Watcher> watcher;
    asio::cancellation_signal cancel;
    bool running = false, waiting = false, cancelled = false;
    Mono cancel_at{};
    // Of a watcher: why it ended last, and since when it runs again. It has recovered when it has run for a while.
    Text trouble;
    Mono since{};
};

// An exception: a fault of ours, or a machine without memory or files to open.
Text words_of(const std::exception_ptr& fault) {
    try {
        std::rethrow_exception(fault);
    } catch (const std::exception& error) {
        return say({"lỗi khi chạy: {}", "fault while running: {}"}, error.what());
    } catch (...) { return say({"lỗi khi chạy", "fault while running"}); }
}

// The probes of one assignment. Coroutines hold it, so it outlives them when the next assignment has come.
struct Generation {
    std::vector<std::unique_ptr<Entry>> entries;
    std::vector<std::size_t> timed;  // entries that the schedule runs, in its order
    std::optional<Schedule> schedule;
    bool stopped = false;
};

}  // namespace

struct Runner::Impl : std::enable_shared_from_this<Runner::Impl> {
    Impl(asio::io_context& io_, Clock& clock_, RunnerOptions options_, probes::Emit emit_)
        : io(io_), clock(clock_), options(std::move(options_)), emit(std::move(emit_)), timer(io_) {}

    asio::io_context& io;
    Clock& clock;
    RunnerOptions options;
    probes::Emit emit;
    asio::steady_timer timer;
    std::shared_ptr<Generation> generation = std::make_shared<Generation>();
    std::deque<Schedule::Due> queue;  // index into entries
    std::size_t running = 0, children = 0;
    bool metered = false, stopping = false;

    void retire(Generation& old);
    void start_watchers();
    void plan();
    void start_queued();
    void cancel_late();
    void tell_recovered();
    [[nodiscard]] Mono look_again() const;
    static asio::awaitable<void> run_probe(std::shared_ptr<Impl> own, std::shared_ptr<Generation> of, Entry* entry,
                                           Mono due);
    static asio::awaitable<void> run_watcher(std::shared_ptr<Impl> own, std::shared_ptr<Generation> of, Entry* entry);
    void child_ended();
    void tell_trouble(const Entry& entry, Text why) const;
};

void Runner::Impl::retire(Generation& old) {
    old.stopped = true;
    queue.clear();
    for (auto& entry : old.entries) {
        if (entry->watcher) entry->watcher->stop();
        if (entry->running) entry->cancel.emit(asio::cancellation_type::terminal);
    }
}

void Runner::Impl::tell_trouble(const Entry& entry, Text why) const {
    emit({entry.plan.task.id, clock.mono(), {}, {}, {}, std::move(why)});
}

void Runner::Impl::child_ended() {
    --children;
    timer.cancel();
}

void Runner::Impl::start_watchers() {
    for (auto& entry : generation->entries) {
        if (!entry->watcher) continue;
        ++children;
        entry->running = true;
        asio::co_spawn(
            io, run_watcher(shared_from_this(), generation, entry.get()),
            asio::bind_cancellation_slot(entry->cancel.slot(), [own = shared_from_this(), of = generation,
                                                                at = entry.get()](const std::exception_ptr& fault) {
                if (fault && !of->stopped) log::error("runner", at->plan.task.id + ": fault in a watcher");
                at->running = false;
                own->child_ended();
            }));
    }
}

asio::awaitable<void> Runner::Impl::run_watcher(std::shared_ptr<Impl> own, std::shared_ptr<Generation> of,
                                                Entry* entry) {
    Backoff backoff(own->options.watcher_wait, own->options.watcher_longest);
    asio::steady_timer pause(own->io);
    // Named, not written inside the co_await: GCC 12 destroys such a temporary's captures twice.
    const probes::Emit emit = [own, of, entry](wire::Observation observation) {
        if (of->stopped) return;
        observation.probe = entry->plan.task.id;
        if (observation.error.empty()) observation.error = entry->trouble;
        own->emit(std::move(observation));
    };
    while (!of->stopped) {
        entry->since = own->clock.mono();
        if (!entry->trouble.empty()) own->timer.cancel();  // look again when it has run for a while
        Result<void> ended;
        try {
            ended = co_await entry->watcher->watch(emit);
        } catch (...) { ended = fail(Errc::internal, words_of(std::current_exception())); }
        if (of->stopped) break;
        if (ended.has_error() && ended.error().code == Errc::cancelled) break;
        if (ended.has_error()) {
            entry->trouble = told(ended.error());
            own->tell_trouble(*entry, entry->trouble);
        }
        if (own->clock.mono() - entry->since > own->options.watcher_longest) backoff.reset();
        entry->since = Mono::max();
        pause.expires_after(backoff.next(crypto::random_u64()));
        boost::system::error_code ec;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        if (ec) break;
    }
}

asio::awaitable<void> Runner::Impl::run_probe(std::shared_ptr<Impl> own, std::shared_ptr<Generation> of, Entry* entry,
                                              Mono due) {
    const auto begun = own->clock.mono();
    auto observation = co_await entry->probe->run(steady_clock::now() + entry->plan.timeout);
    if (of->stopped) co_return;
    observation.probe = entry->plan.task.id;
    observation.at = begun - due <= stamp_tolerance ? due : begun;
    own->emit(std::move(observation));
}

void Runner::Impl::plan() {
    if (!generation->schedule) return;
    for (const auto& due : generation->schedule->take(clock.mono())) {
        const auto index = generation->timed[due.index];
        auto& entry = *generation->entries[index];
        // A run that is still on its way stands for this one, too; a burst of late runs helps nobody.
        if (entry.running || entry.waiting || (metered && !entry.plan.kind->cheap_on_metered)) continue;
        entry.waiting = true;
        queue.push_back({index, due.at});
    }
}

void Runner::Impl::start_queued() {
    while (!queue.empty() && running < options.at_once) {
        const auto due = queue.front();
        queue.pop_front();
        auto* entry = generation->entries[due.index].get();
        entry->waiting = false;
        entry->running = true;
        entry->cancelled = false;
        entry->cancel_at = clock.mono() + entry->plan.timeout + grace;
        ++running;
        ++children;
        asio::co_spawn(io, run_probe(shared_from_this(), generation, entry, due.at),
                       asio::bind_cancellation_slot(entry->cancel.slot(), [own = shared_from_this(), of = generation,
                                                                           entry](const std::exception_ptr& fault) {
                           if (fault && !entry->cancelled && !of->stopped) own->tell_trouble(*entry, words_of(fault));
                           entry->running = false;
                           --own->running;
                           own->child_ended();
                       }));
    }
}

void Runner::Impl::cancel_late() {
    for (auto& entry : generation->entries) {
        if (!entry->probe || !entry->running || entry->cancelled || clock.mono() < entry->cancel_at) continue;
        entry->cancelled = true;
        emit({entry->plan.task.id,
              clock.mono(),
              {},
              {},
              {},
              say({"phép dò không kết thúc đúng hạn và đã bị dừng",
                   "the probe did not end in time and was cancelled"})});
        entry->cancel.emit(asio::cancellation_type::terminal);
    }
}

void Runner::Impl::tell_recovered() {
    if (generation->stopped) return;
    for (auto& entry : generation->entries) {
        if (entry->trouble.empty() || entry->since == Mono::max()) continue;
        if (clock.mono() - entry->since < options.watcher_longest) continue;
        entry->trouble = {};
        tell_trouble(*entry, {});
    }
}

Mono Runner::Impl::look_again() const {
    auto at = clock.mono() + std::chrono::hours{1};
    if (generation->schedule)
        if (const auto next = generation->schedule->next(); next) at = std::min(at, *next);
    for (const auto& entry : generation->entries)
        if (entry->probe && entry->running && !entry->cancelled) at = std::min(at, entry->cancel_at);
    for (const auto& entry : generation->entries)
        if (!entry->trouble.empty() && entry->since != Mono::max())
            at = std::min(at, entry->since + options.watcher_longest);
    return at;
}

Runner::Runner(asio::io_context& io, Clock& clock, RunnerOptions options, probes::Emit emit)
    : impl_(std::make_shared<Impl>(io, clock, std::move(options), std::move(emit))) {}
Runner::~Runner() = default;

bool Runner::adopt(const Assignment& assignment, Problems& problems) {
    auto fresh = std::make_shared<Generation>();
    std::vector<Timed> timed;
    const probes::Surroundings around{impl_->io, impl_->clock, impl_->options.state_dir};
    const auto before = problems.list().size();
    for (const auto& plan : assignment.probes) {
        auto entry = std::make_unique<Entry>();
        entry->plan = plan;
        if (plan.kind->make_watcher != nullptr) {
            entry->watcher = plan.kind->make_watcher(plan.task, around, problems);
        } else {
            entry->probe = plan.kind->make_probe(plan.task, around, problems);
            timed.push_back({plan.task.id, plan.every});
            fresh->timed.push_back(fresh->entries.size());
        }
        if (!entry->probe && !entry->watcher && problems.list().size() == before)
            problems.add(plan.place, {"không tạo được phép dò '{}'", "the probe '{}' could not be made"}, plan.task.id);
        fresh->entries.push_back(std::move(entry));
    }
    if (problems.list().size() != before) return false;
    fresh->schedule.emplace(impl_->options.agent_id, timed, impl_->clock.mono());
    impl_->retire(*impl_->generation);
    impl_->generation = std::move(fresh);
    impl_->start_watchers();
    impl_->timer.cancel();
    return true;
}

void Runner::tell_all() {
    for (auto& entry : impl_->generation->entries) {
        if (entry->probe) entry->probe->tell_all();
        if (entry->watcher) entry->watcher->tell_all();
    }
}

void Runner::set_metered(bool metered) { impl_->metered = metered; }

asio::awaitable<void> Runner::run() {
    const auto own = impl_;
    while (!own->stopping || own->children > 0) {
        if (!own->stopping) {
            own->plan();
            own->start_queued();
        }
        own->cancel_late();
        own->tell_recovered();
        own->timer.expires_after(std::max(own->look_again() - own->clock.mono(), Millis{1}));
        boost::system::error_code ignored;
        co_await own->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

void Runner::stop() {
    impl_->stopping = true;
    impl_->retire(*impl_->generation);
    impl_->timer.cancel();
}

}  // namespace vg::agent
