#include "collector/losses.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace vg::collector {
namespace {

namespace json = boost::json;

const std::string reason_of_conflict = std::string("refused: ") + wire::to_string(wire::RefuseCode::batch_conflict);
constexpr std::size_t most_ranges = 1000;  // of one agent; beyond, the ones that were told first are forgotten

std::uint64_t length(const wire::SeqRange& range) { return range.last - range.first + 1; }

// The parts of `range` outside of `gone`.
void take_out(std::vector<wire::SeqRange>& parts, const wire::SeqRange& gone) {
    std::vector<wire::SeqRange> rest;
    for (const auto& part : parts) {
        if (gone.last < part.first || gone.first > part.last) {
            rest.push_back(part);
            continue;
        }
        if (part.first < gone.first) rest.push_back({part.first, gone.first - 1});
        if (part.last > gone.last) rest.push_back({gone.last + 1, part.last});
    }
    parts = std::move(rest);
}

std::vector<Loss> pieces(const Loss& whole, const std::vector<wire::SeqRange>& parts) {
    std::vector<Loss> out;
    const auto of = static_cast<double>(length(whole.range.seqs));
    for (const auto& part : parts) {
        out.push_back(whole);
        out.back().range.seqs = part;
        if (part == whole.range.seqs) continue;
        const double share = static_cast<double>(whole.range.items) * static_cast<double>(length(part)) / of;
        out.back().range.items = static_cast<std::uint64_t>(std::llround(share));
    }
    return out;
}

std::uint64_t number(const wire::Event& event, std::string_view name) {
    std::uint64_t out = 0;
    for (const auto& [key, text] : event.fields)
        if (key == name) std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

std::string_view text(const wire::Event& event, std::string_view name) {
    for (const auto& [key, value] : event.fields)
        if (key == name) return value;
    return {};
}

}  // namespace

std::optional<Loss> read_loss(const wire::Event& event) {
    Loss loss;
    loss.epoch = number(event, "epoch");
    loss.range.seqs = {number(event, "first"), number(event, "last")};
    loss.range.items = number(event, "items");
    loss.range.reason = text(event, "reason");
    const auto name = text(event, "class");
    loss.range.batch_class = name == "events"  ? wire::BatchClass::events
                             : name == "facts" ? wire::BatchClass::facts
                                               : wire::BatchClass::samples;
    if (loss.epoch == 0 || loss.range.seqs.first == 0 || loss.range.seqs.last < loss.range.seqs.first)
        return std::nullopt;
    return loss;
}

bool Losses::tell(std::uint64_t epoch, const wire::LostRange& told, const std::vector<wire::SeqRange>& received) {
    if (told.seqs.first == 0 || told.seqs.last < told.seqs.first) return false;
    const auto before = all_;
    // A range that has grown since it was told takes the place of what it was.
    std::erase_if(all_, [&](const Loss& known) {
        return known.epoch == epoch && known.range.seqs.first >= told.seqs.first &&
               known.range.seqs.last <= told.seqs.last;
    });
    std::vector<wire::SeqRange> parts{told.seqs};
    // A number that was used twice is here, and what came under it the second time is lost all the same.
    if (told.reason != reason_of_conflict)
        for (const auto& range : received) take_out(parts, range);
    for (const auto& known : all_)
        if (known.epoch == epoch) take_out(parts, known.range.seqs);
    for (auto& piece : pieces({epoch, told}, parts)) all_.push_back(std::move(piece));
    if (all_.size() > most_ranges) all_.erase(all_.begin(), all_.end() - most_ranges);
    return all_ != before;
}

bool Losses::came(std::uint64_t epoch, std::uint64_t seq) {
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const Loss& known) {
        return known.epoch == epoch && known.range.seqs.first <= seq && seq <= known.range.seqs.last;
    });
    if (found == all_.end()) return false;
    std::vector<wire::SeqRange> parts{found->range.seqs};
    take_out(parts, {seq, seq});
    auto rest = pieces(*found, parts);
    const auto at = all_.erase(found);
    all_.insert(at, std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
    return true;
}

std::string Losses::write() const {
    json::array out;
    for (const auto& [epoch, range] : all_)
        out.push_back(json::array{epoch, range.seqs.first, range.seqs.last, static_cast<int>(range.batch_class),
                                  range.items, range.reason});
    return json::serialize(out);
}

Result<Losses> Losses::read(std::string_view text) {
    boost::system::error_code ec;
    const auto value = json::parse(text, ec);
    const auto damaged = [] {
        return fail(Errc::corrupt,
                    say({"không đọc được một bản ghi mất dữ liệu đã lưu", "a stored record of losses cannot be read"}));
    };
    if (ec || !value.is_array()) return damaged();
    Losses out;
    for (const auto& row : value.get_array()) {
        const auto* fields = row.if_array();
        if (fields == nullptr || fields->size() != 6 || !(*fields)[5].is_string()) return damaged();
        std::uint64_t numbers[5];
        for (std::size_t i = 0; i < 5; ++i) {
            const auto number = json::try_value_to<std::uint64_t>((*fields)[i]);
            if (!number) return damaged();
            numbers[i] = *number;
        }
        const auto [epoch, first, last, batch_class, items] = numbers;
        if (first == 0 || last < first || batch_class < 1 || batch_class > 3) return damaged();
        out.all_.push_back({epoch,
                            {{first, last},
                             static_cast<wire::BatchClass>(batch_class),
                             items,
                             std::string((*fields)[5].get_string())}});
    }
    return out;
}

}  // namespace vg::collector
