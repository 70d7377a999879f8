#pragma once
// A store whose disk is as slow as the test wants: a commit waits at the gate until it is let through.

#include "collector/store.hpp"

#include <condition_variable>
#include <mutex>

namespace vg::collector::test {

class Gate {
public:
    void close() {
        const std::lock_guard lock(mutex_);
        tickets_ = 0;
    }
    void let(std::int64_t commits) {
        const std::lock_guard lock(mutex_);
        tickets_ += commits;
        changed_.notify_all();
    }
    void open() { let(INT32_MAX); }
    void pass() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.wait(lock, [this] { return tickets_ > 0; });
        --waiting_;
        --tickets_;
    }
    [[nodiscard]] bool is_waited_at() {
        const std::lock_guard lock(mutex_);
        return waiting_ > 0;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::int64_t tickets_ = INT32_MAX;
    int waiting_ = 0;
};

class GatedStore final : public Store {
public:
    GatedStore(std::unique_ptr<Store> inner, std::shared_ptr<Gate> gate)
        : inner_(std::move(inner)), gate_(std::move(gate)) {}

    Result<void> commit(Commit& commit) override {
        if (!commit.batches.empty()) gate_->pass();
        return inner_->commit(commit);
    }
    Result<std::vector<wire::SeqRange>> received(const std::string& agent, std::uint64_t epoch) override {
        return inner_->received(agent, epoch);
    }
    Result<bool> has(const std::string& agent, std::uint64_t epoch, std::uint64_t seq) override {
        return inner_->has(agent, epoch, seq);
    }
    Result<std::optional<std::uint64_t>> digest(const std::string& agent, std::uint64_t epoch,
                                                std::uint64_t seq) override {
        return inner_->digest(agent, epoch, seq);
    }
    Result<std::vector<wire::SeqRange>> missing(const std::string& agent, std::uint64_t epoch,
                                                std::uint64_t below) override {
        return inner_->missing(agent, epoch, below);
    }
    Result<std::vector<SeriesInfo>> series(const SeriesQuery& query) override { return inner_->series(query); }
    Result<std::vector<Point>> read(SeriesKey series, Time from, Time to, std::int64_t step_ms) override {
        return inner_->read(series, from, to, step_ms);
    }
    Result<std::vector<StoredEvent>> events(const EventQuery& query) override { return inner_->events(query); }
    Result<std::vector<StoredFact>> fact_history(const rules::SubjectId& subject, const std::string& name, Time from,
                                                 Time to) override {
        return inner_->fact_history(subject, name, from, to);
    }
    Result<std::vector<StoredFact>> latest_facts() override { return inner_->latest_facts(); }
    Result<std::vector<std::pair<rules::SubjectId, Time>>> told_late(Time received_from, Millis late) override {
        return inner_->told_late(received_from, late);
    }
    Result<std::vector<ListEntry>> entries(const std::string& subject, const std::string& list) override {
        return inner_->entries(subject, list);
    }
    Result<std::vector<std::pair<std::string, std::int64_t>>> count_entries(const std::string& subject) override {
        return inner_->count_entries(subject);
    }
    Result<std::vector<FactChange>> changes(const std::string& subject, const std::string& name,
                                            std::size_t limit) override {
        return inner_->changes(subject, name, limit);
    }
    Result<std::vector<Life>> lives() override { return inner_->lives(); }
    Result<std::vector<rules::Gap>> gaps(const GapQuery& query) override { return inner_->gaps(query); }
    Result<std::vector<std::pair<Time, rules::Transition>>> gap_history(std::int64_t id) override {
        return inner_->gap_history(id);
    }
    Result<std::int64_t> next_gap_id() override { return inner_->next_gap_id(); }
    Result<ChainHead> chain_head(const std::string& agent, std::uint64_t epoch) override {
        return inner_->chain_head(agent, epoch);
    }
    Result<std::vector<SeriesInfo>> series_of(const std::string& agent, std::uint64_t epoch) override {
        return inner_->series_of(agent, epoch);
    }
    Result<void> put(const Document& document) override { return inner_->put(document); }
    Result<void> erase(const std::string& collection, const std::string& id) override {
        return inner_->erase(collection, id);
    }
    Result<std::vector<Document>> documents(const std::string& collection) override {
        return inner_->documents(collection);
    }
    Result<std::optional<Document>> document(const std::string& collection, const std::string& id) override {
        return inner_->document(collection, id);
    }
    Result<bool> tidy(Time now) override { return inner_->tidy(now); }
    Result<void> backup_to(const std::string& path) override { return inner_->backup_to(path); }

private:
    std::unique_ptr<Store> inner_;
    std::shared_ptr<Gate> gate_;
};

}  // namespace vg::collector::test
