#include "probes/snmp/walk.hpp"

#include <algorithm>

namespace vg::probes::snmp {
namespace {

constexpr std::size_t values_at_once = 120;  // about 2,500 bytes: two fragments, which every network carries
constexpr int most_rows = 25;
constexpr std::size_t most_columns = 12;
constexpr std::size_t longest_index = 64;
constexpr int most_silent_requests = 3;

int rows_for(std::size_t columns) {
    return std::clamp(static_cast<int>(values_at_once / std::max<std::size_t>(columns, 1)), 4, most_rows);
}

std::size_t weight(const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return 16 + (text ? text->size() : 0);
}

}  // namespace

Walk::Walk(Oid entry, const std::vector<std::uint32_t>& columns, bool can_bulk, Limits limits)
    : entry_(std::move(entry)),
      limits_(limits),
      width_(std::min(columns.size(), most_columns)),
      rows_at_once_(rows_for(std::min(columns.size(), most_columns))),
      bulk_(can_bulk) {
    for (const auto number : columns) columns_.push_back({number, entry_ + number, false});
}

Request Walk::next() {
    Request request;
    asked_.clear();
    const bool is_spent = values_ >= limits_.values || requests_ >= limits_.requests || bytes_ >= limits_.bytes;
    for (std::size_t i = 0; i < columns_.size() && asked_.size() < width_; ++i) {
        if (columns_[i].is_done) continue;
        if (is_spent) {
            is_whole_ = false;
            return request;
        }
        asked_.push_back(i);
        request.oids.push_back(columns_[i].cursor);
    }
    request.ask = bulk_ ? Ask::bulk : Ask::next;
    request.rows = bulk_ ? rows_at_once_ : 0;
    if (!asked_.empty()) ++requests_;
    return request;
}

void Walk::take(const Answer& answer) {
    silences_ = 0;
    if (answer.error != 0)
        take_error(answer);
    else
        take_bindings(answer.bindings);
}

void Walk::take_silence() {
    if (++silences_ >= most_silent_requests)
        give_up();
    else
        ask_for_less();
}

void Walk::take_error(const Answer& answer) {
    if (answer.error == too_big) {
        if (rows_at_once_ <= 1 && width_ <= 1)
            give_up();
        else
            ask_for_less();
        return;
    }
    if (answer.error == no_such_name) {  // v1: the end of that column's part of the tree, or of them all
        const auto position = static_cast<std::size_t>(answer.error_index) - 1;
        if (answer.error_index > 0 && position < asked_.size())
            end_asked(position);
        else if (width_ > 1)
            width_ = 1;
        else
            end_asked(0);
        return;
    }
    if (bulk_) {
        bulk_ = false;
        return;
    }
    if (width_ > 1) {
        width_ = 1;
        return;
    }
    is_whole_ = false;
    end_asked(0);
}

void Walk::take_bindings(const std::vector<Binding>& bindings) {
    std::vector<bool> moved(asked_.size(), false);
    for (const auto& binding : bindings) {
        if (!is_under(binding.oid, entry_)) continue;
        const auto number = binding.oid[entry_.size()];
        for (std::size_t i = 0; i < asked_.size(); ++i) {
            auto& column = columns_[asked_[i]];
            if (column.number == number && keep(column, binding)) moved[i] = true;
        }
    }
    const bool has_any = std::find(moved.begin(), moved.end(), true) != moved.end();
    for (std::size_t i = 0; i < asked_.size(); ++i)  // an answer cut short says nothing of the columns at its end
        if (!moved[i] && (i < bindings.size() || !has_any)) end_asked(i);
}

// Only what lies beyond the cursor counts, so a walk in circles ends.
bool Walk::keep(Column& column, const Binding& binding) {
    if (column.is_done || binding.oid <= column.cursor) return false;
    const auto prefix = static_cast<long>(entry_.size()) + 1;
    Oid index(binding.oid.begin() + prefix, binding.oid.end());
    if (std::holds_alternative<std::monostate>(binding.value) || index.empty() || index.size() > longest_index)
        return false;
    column.cursor = binding.oid;
    if (values_ >= limits_.values || bytes_ >= limits_.bytes) return true;
    ++values_;
    bytes_ += weight(binding.value) + 4 * index.size();
    rows_[std::move(index)][column.number] = binding.value;
    return true;
}

void Walk::ask_for_less() {
    if (bulk_ && rows_at_once_ > 1)
        rows_at_once_ /= 2;
    else if (width_ > 1)
        width_ = (width_ + 1) / 2;
    else
        bulk_ = false;
}

void Walk::give_up() {
    is_whole_ = false;
    for (auto& column : columns_) column.is_done = true;
}

void Walk::end_asked(std::size_t position) {
    if (position < asked_.size()) columns_[asked_[position]].is_done = true;
}

}  // namespace vg::probes::snmp
