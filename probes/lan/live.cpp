#include "probes/lan/live.hpp"

#include "probes/lan/device_table.hpp"
#include "probes/lan/mac_vendor.hpp"
#include "probes/lan/teller.hpp"
#include "probes/platform/confine.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace vg::probes::lan {
namespace {

namespace asio = boost::asio;

constexpr int most_frames = 256;          // between two looks at what is to be told
constexpr std::size_t most_waiting = 64;  // observations; then the thread lets frames go
constexpr Millis longest_wait = std::chrono::minutes(1);

}  // namespace

struct LiveReader::Shared : std::enable_shared_from_this<LiveReader::Shared> {
    Shared(asio::io_context& io_, Clock& clock_, std::unique_ptr<FrameSource> source_)
        : io(io_), clock(clock_), source(std::move(source_)), news(io_) {}

    asio::io_context& io;
    Clock& clock;
    std::unique_ptr<FrameSource> source;
    std::thread thread;
    std::atomic<bool> wants_all{false};
    asio::steady_timer news;  // the io_context's thread only
    bool stopped = false;     // the same

    std::mutex lock;
    std::deque<wire::Observation> waiting;
    std::optional<Error> trouble;

    void run(const std::vector<std::string>& heard);
    Result<void> read(const std::vector<std::string>& heard);
    void hand_over(wire::Observation observation);
    void wake();
};

void LiveReader::Shared::wake() {
    asio::post(io, [weak = weak_from_this()] {
        if (const auto own = weak.lock()) own->news.cancel();
    });
}

void LiveReader::Shared::hand_over(wire::Observation observation) {
    {
        const std::lock_guard guard(lock);
        waiting.push_back(std::move(observation));
    }
    wake();
}

Result<void> LiveReader::Shared::read(const std::vector<std::string>& heard) {
    if (auto confined = platform::confine_this_thread(); !confined) return confined;
    DeviceTable table;
    Teller teller;
    teller.recall_heard(heard, clock.mono());
    const int type = source->link_type();
    const FrameSource::OnFrame on_frame = [&](Time at, ByteView bytes) {
        table.set_time(at);
        dissect::dissect(type, bytes, table);
    };
    for (;;) {
        const auto now = clock.mono();
        const auto next = teller.next();
        const auto longest = next <= now ? Millis{0} : std::min(longest_wait, next - now);
        const auto waited = source->wait(longest + Millis{1});
        if (waited == Waiting::interrupted) return {};
        if (waited == Waiting::frames && source->read(most_frames, on_frame) == Reading::failed)
            return fail(Errc::unavailable,
                        say({"việc bắt gói đã dừng: {}", "the capture ended: {}"}, source->problem()));
        if (wants_all.exchange(false)) teller.tell_all(table);
        {
            const std::lock_guard guard(lock);
            if (waiting.size() >= most_waiting) continue;  // told when there is room
        }
        if (auto observation = teller.tell(table, clock.mono());
            !observation.facts.empty() || !observation.events.empty())
            hand_over(std::move(observation));
    }
}

void LiveReader::Shared::run(const std::vector<std::string>& heard) {
    auto ended = read(heard);
    if (!ended) {
        const std::lock_guard guard(lock);
        trouble = ended.error();
    }
    wake();
}

LiveReader::LiveReader(asio::io_context& io, Clock& clock, std::unique_ptr<FrameSource> source,
                       std::vector<std::string> heard)
    : shared_(std::make_shared<Shared>(io, clock, std::move(source))) {
    (void)vendor_list();  // a file, which the thread could not open
    shared_->thread = std::thread([own = shared_.get(), heard = std::move(heard)] { own->run(heard); });
}

LiveReader::~LiveReader() {
    shared_->source->interrupt();
    shared_->thread.join();
}

asio::awaitable<Result<wire::Observation>> LiveReader::next() {
    const auto own = shared_;
    for (;;) {
        if (own->stopped) co_return fail(Errc::cancelled, say({"đã dừng", "stopped"}));
        {
            const std::lock_guard guard(own->lock);
            if (!own->waiting.empty()) {
                auto observation = std::move(own->waiting.front());
                own->waiting.pop_front();
                co_return observation;
            }
            if (own->trouble) co_return *own->trouble;
        }
        own->news.expires_at(asio::steady_timer::time_point::max());
        boost::system::error_code ignored;
        co_await own->news.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

void LiveReader::stop() {
    shared_->stopped = true;
    shared_->news.cancel();
}

void LiveReader::tell_all() { shared_->wants_all = true; }

}  // namespace vg::probes::lan
