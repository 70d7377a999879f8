#pragma once
// What one agent says that it lost, as exact ranges of each of its spools (epochs). A batch that an agent gave up may
// be here all the same, because only the ack was lost, or may still come: it is taken out. Pure; pipeline thread.

#include "base/result.hpp"
#include "wire/messages.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::collector {

struct Loss {
    std::uint64_t epoch = 0;
    wire::LostRange range;  // items: shared out by length where a part of what was told is here
    bool operator==(const Loss&) const = default;
};

// What an event "spool.lost" tells; nothing where it cannot be read.
[[nodiscard]] std::optional<Loss> read_loss(const wire::Event& event);

class Losses {
public:
    // `received`: what is here of the epoch, sorted. True: something changed.
    bool tell(std::uint64_t epoch, const wire::LostRange& told, const std::vector<wire::SeqRange>& received);
    // A batch came. True: it had been told as lost and is so no more.
    bool came(std::uint64_t epoch, std::uint64_t seq);
    [[nodiscard]] const std::vector<Loss>& all() const { return all_; }

    [[nodiscard]] std::string write() const;  // JSON, as the store keeps it
    [[nodiscard]] static Result<Losses> read(std::string_view text);

private:
    std::vector<Loss> all_;  // disjoint within an epoch, in the order in which they were told
};

}  // namespace vg::collector
