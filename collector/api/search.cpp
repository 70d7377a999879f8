#include "collector/api/search.hpp"

#include "base/text.hpp"
#include "collector/api/csv.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace vg::collector::api {
namespace {

// A letter as it is searched: without marks, with the mark of its quality, and its tone (0: none).
struct Letter {
    char plain = 0;
    std::string quality;
    char tone = 0;
};

struct Row {
    char plain;
    std::array<std::string_view, 6> small, capital;
};

constexpr std::array<Row, 12> vowels{
    Row{'a', {"a", "à", "á", "ả", "ã", "ạ"}, {"A", "À", "Á", "Ả", "Ã", "Ạ"}},
    Row{'a', {"ă", "ằ", "ắ", "ẳ", "ẵ", "ặ"}, {"Ă", "Ằ", "Ắ", "Ẳ", "Ẵ", "Ặ"}},
    Row{'a', {"â", "ầ", "ấ", "ẩ", "ẫ", "ậ"}, {"Â", "Ầ", "Ấ", "Ẩ", "Ẫ", "Ậ"}},
    Row{'e', {"e", "è", "é", "ẻ", "ẽ", "ẹ"}, {"E", "È", "É", "Ẻ", "Ẽ", "Ẹ"}},
    Row{'e', {"ê", "ề", "ế", "ể", "ễ", "ệ"}, {"Ê", "Ề", "Ế", "Ể", "Ễ", "Ệ"}},
    Row{'i', {"i", "ì", "í", "ỉ", "ĩ", "ị"}, {"I", "Ì", "Í", "Ỉ", "Ĩ", "Ị"}},
    Row{'o', {"o", "ò", "ó", "ỏ", "õ", "ọ"}, {"O", "Ò", "Ó", "Ỏ", "Õ", "Ọ"}},
    Row{'o', {"ô", "ồ", "ố", "ổ", "ỗ", "ộ"}, {"Ô", "Ồ", "Ố", "Ổ", "Ỗ", "Ộ"}},
    Row{'o', {"ơ", "ờ", "ớ", "ở", "ỡ", "ợ"}, {"Ơ", "Ờ", "Ớ", "Ở", "Ỡ", "Ợ"}},
    Row{'u', {"u", "ù", "ú", "ủ", "ũ", "ụ"}, {"U", "Ù", "Ú", "Ủ", "Ũ", "Ụ"}},
    Row{'u', {"ư", "ừ", "ứ", "ử", "ữ", "ự"}, {"Ư", "Ừ", "Ứ", "Ử", "Ữ", "Ự"}},
    Row{'y', {"y", "ỳ", "ý", "ỷ", "ỹ", "ỵ"}, {"Y", "Ỳ", "Ý", "Ỷ", "Ỹ", "Ỵ"}},
};

const std::map<std::string_view, Letter>& letters() {
    static const auto table = [] {
        std::map<std::string_view, Letter> out;
        for (const auto& row : vowels)
            for (std::size_t tone = 0; tone < row.small.size(); ++tone) {
                const Letter letter{row.plain, std::string(row.small.front()), static_cast<char>('0' + tone)};
                out.emplace(row.small[tone], letter);
                out.emplace(row.capital[tone], letter);
            }
        out.emplace("đ", Letter{'d', "đ", '0'});
        out.emplace("Đ", Letter{'d', "đ", '0'});
        return out;
    }();
    return table;
}

std::size_t length_at(std::string_view text, std::size_t i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    return std::min(length, text.size() - i);
}

}  // namespace

// "Hòa" and "Hoà" are one word written in two ways: with marks, the tones stand behind the word.
std::string folded(std::string_view text, bool with_marks) {
    std::string out, tones;
    for (std::size_t i = 0; i < text.size();) {
        const auto one = text.substr(i, length_at(text, i));
        i += one.size();
        const auto found = letters().find(one);
        if (one == " ") {
            out += tones + ' ';
            tones.clear();
        } else if (found == letters().end()) {
            out += one.size() == 1 ? std::string(1, lower(one.front())) : std::string(one);
        } else if (!with_marks) {
            out += found->second.plain;
        } else {
            out += found->second.quality;
            if (found->second.tone != '0') tones += '\'' + std::string(1, found->second.tone);
        }
    }
    return out + tones;
}

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
        auto plain = folded(word, false);
        auto marked = folded(word, true);
        const bool has_marks = plain != marked;
        words_.push_back({has_marks ? std::move(marked) : std::move(plain), has_marks});
    }
}

bool Search::matches(std::string_view text) const {
    if (words_.empty()) return true;
    const auto plain = folded(text, false), marked = folded(text, true);
    return std::all_of(words_.begin(), words_.end(), [&](const Word& word) {
        return (word.has_marks ? marked : plain).find(word.text) != std::string::npos;
    });
}

bool Search::matches(const boost::json::object& item, std::initializer_list<std::string_view> fields) const {
    if (words_.empty()) return true;
    std::string text;
    for (const auto field : fields) add_text(text, field_at(item, field));
    return matches(text);
}

}  // namespace vg::collector::api
