#include "collector/core.hpp"

#include "base/log.hpp"

#include <utility>

namespace vg::collector {
namespace {

constexpr std::chrono::milliseconds tick_every{200};

}  // namespace

Result<std::unique_ptr<Core>> Core::start(asio::any_io_executor io, Pipeline::Parts parts, Counters& counters) {
    Clock& clock = *parts.clock;
    const Group most{parts.max_group_batches, parts.max_group_bytes};
    auto pipeline = Pipeline::make(std::move(parts), counters);
    if (!pipeline) return pipeline.error();
    return std::unique_ptr<Core>(new Core(std::move(io), std::move(*pipeline), clock, counters, most));
}

Core::Core(asio::any_io_executor io, std::unique_ptr<Pipeline> pipeline, Clock& clock, Counters& counters, Group most)
    : io_(std::move(io)),
      pipeline_(std::move(pipeline)),
      clock_(clock),
      counters_(counters),
      ticker_(context_),
      most_(most) {
    pipeline_->on_post([this](std::vector<Post> posts) { send(std::move(posts)); });
    tick();
    thread_ = std::thread([this] { context_.run(); });
}

Core::~Core() { stop(); }

void Core::stop() {
    if (!thread_.joinable()) return;
    asio::post(context_, [this] {
        stopping_ = true;
        ticker_.cancel();
    });
    work_.reset();
    thread_.join();
}

void Core::submit(Delivery delivery) {
    {
        const std::lock_guard lock(mutex_);
        inbox_.push_back(std::move(delivery));
        if (inbox_.size() > 1) return;  // somebody before us woke the pipeline
    }
    asio::post(context_, [this] { drain(); });
}

// Takes what waits: while one group is being written, the next one gathers. After a slow disk that may be more than
// one turn should hold in memory.
void Core::drain() {
    std::vector<Delivery> group;
    {
        const std::lock_guard lock(mutex_);
        std::size_t bytes = 0;
        while (!inbox_.empty() && group.size() < most_.batches && bytes < most_.bytes) {
            bytes += inbox_.front().charge.bytes();
            group.push_back(std::move(inbox_.front()));
            inbox_.pop_front();
        }
        if (!inbox_.empty()) asio::post(context_, [this] { drain(); });
    }
    send(pipeline_->turn(std::move(group)));
}

Time Core::heard_until() {
    const std::lock_guard lock(mutex_);
    return inbox_.empty() ? Time::max() : inbox_.front().received;
}

void Core::send(std::vector<Post> posts) {
    if (posts.empty()) return;
    asio::post(io_, [posts = std::move(posts)]() mutable {
        for (auto& post : posts)
            if (const auto mailbox = post.mailbox.lock()) mailbox->deliver(std::move(post.replies));
    });
}

void Core::tick() {
    if (stopping_) return;
    ticker_.expires_after(tick_every);
    ticker_.async_wait([this](boost::system::error_code ec) {
        if (ec) return;
        pipeline_->tick(heard_until());
        tick();
    });
}

}  // namespace vg::collector
