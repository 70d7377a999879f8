#include "collector/api/search.hpp"

#include "base/text.hpp"
#include "collector/api/csv.hpp"

namespace vg::collector::api {
namespace {

void add_text(std::string& text, const boost::json::value* value) {
    if (value == nullptr || value->is_null()) return;
    text += value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
    text += ' ';
}

}  // namespace

bool says(const boost::json::object& item, std::string_view field, std::string_view text) {
    const auto* value = item.if_contains(field);
    return value != nullptr && value->is_string() && std::string_view(value->get_string()) == text;
}

Search::Search(std::string_view query) {
    while (!query.empty()) {
        const auto word = next_piece(query, ' ');
        if (word.empty()) continue;
        Word one{folded(word, Marks::dropped), folded(word, Marks::kept)};
        if (one.plain == one.marked) one.marked.clear();
        has_marks_ = has_marks_ || !one.marked.empty();
        words_.push_back(std::move(one));
    }
}

bool Search::matches(std::string_view text) const {
    if (words_.empty()) return true;
    const auto plain = folded(text, Marks::dropped);
    const auto marked = has_marks_ ? folded(text, Marks::kept) : std::string();
    return std::all_of(words_.begin(), words_.end(), [&](const Word& word) {
        return word.marked.empty() ? plain.find(word.plain) != plain.npos : marked.find(word.marked) != marked.npos;
    });
}

bool Search::matches(const boost::json::object& item, std::initializer_list<std::string_view> fields) const {
    if (words_.empty()) return true;
    std::string text;
    for (const auto field : fields) add_text(text, field_at(item, field));
    return matches(text);
}

}  // namespace vg::collector::api
