#pragma once
// Who is who: witnesses with their signals go in, records (one a device) come out. Shared signals speak for one device,
// contradictions and people's pins against it; what holds is joined strongest first, so that the same input always
// gives the same records. Only what a change touches is weighed again. Pure: no I/O, time is an argument; one thread.

#include "base/clock.hpp"
#include "collector/inventory/signals.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::collector::inventory {

struct Reason {
    SignalKind kind{};
    std::string value;
    double weight = 0;
};

struct Link {  // why a witness belongs to its record
    std::string to;
    double score = 0;   // 0..1
    bool held = false;  // its signals no longer say so, and nothing says otherwise
    bool by_person = false;
    std::vector<Reason> reasons;
    bool contested = false;  // another record's claim is as good: it stands because it stood

    // Signals alone would not give it again after a restart.
    [[nodiscard]] bool is_to_be_kept() const { return held || contested; }
};

struct Witness {
    std::string id;  // "SITE/KEY"
    std::string site, key;
    Source source{};
    Slots slots;
    Time first{}, last{};  // its life so far
    bool alive = false;    // an agent that is being heard
    std::vector<Signal> signals;
    std::optional<Link> link;  // nothing: the record stands on it
};

struct Record {
    std::string id;                      // of its strongest, then first, witness
    std::vector<std::string> witnesses;  // the strongest first
    double confidence = 0;               // that it is one device
    bool cloned = false;                 // another live machine has the same identity
};

struct Change {
    enum class What : std::uint8_t { made, merged, split, gone, cloned } what{};
    std::string record;                  // as it is now
    std::vector<std::string> others;     // merged: the records that went into it; split: the one that it came from;
                                         // cloned: the other machine
    std::vector<std::string> witnesses;  // merged, split: those that have changed their record
    std::vector<Reason> reasons;
    double score = 0;
};

// What a person decided about witnesses: all of `left` are (are not) the device of all of `right`.
struct Pin {
    std::vector<std::string> left, right;
    bool together = false;
};

class Identity {
public:
    Identity();
    ~Identity();
    Identity(Identity&&) noexcept;
    Identity& operator=(Identity&&) noexcept;

    static constexpr std::size_t most_witnesses = 300'000;

    // Adds a witness unless it is known. False: there are too many, or the id is no "SITE/KEY".
    bool add(const std::string& witness, Source source, Time first);
    void forget(const std::string& witness);
    // A fact or list entry of is_identifying(); "" takes it away.
    void tell(const std::string& witness, std::string_view fact, std::string_view value);
    void seen(const std::string& witness, Time at);                  // its life reaches to here
    void alive(const std::string& witness, bool is_alive, Time at);  // of a host: its agent is heard, or fell silent
    void set_pins(std::vector<Pin> pins);
    // A link that its signals no longer carry, or not alone, as it was before a restart.
    void hold(const std::string& witness, const std::string& to);

    struct Settled {
        std::vector<Change> changes;
        std::vector<std::string> removed;  // ids of records that are no more
        std::vector<std::string> held;     // witnesses whose link is_to_be_kept() now, or not any more
        std::vector<std::string> touched;  // ids of those that are new, or whose witnesses are others now
    };
    // Weighs what changed. Overlapping lives are counted up to `now`.
    [[nodiscard]] Settled settle(Time now);
    [[nodiscard]] bool has_work(Time now) const;

    [[nodiscard]] const Witness* witness(std::string_view id) const;
    [[nodiscard]] const Record* record_of(std::string_view witness) const;  // null: no such witness
    [[nodiscard]] std::vector<const Record*> records() const;               // in order of id
    [[nodiscard]] std::size_t witnesses() const;
    // Those that have this signal now, at most a few.
    [[nodiscard]] std::vector<const Witness*> having(const Signal& signal) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vg::collector::inventory
