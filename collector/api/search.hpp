#pragma once
// The search of the lists, as the pages do it too (web-ui/src/words/fold.ts): words in any order, case does not count,
// and Vietnamese marks count only where the searcher wrote them.

#include "base/fold.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace vg::collector::api {

class Search {
public:
    explicit Search(std::string_view query);
    [[nodiscard]] bool is_empty() const { return words_.empty(); }
    [[nodiscard]] bool matches(std::string_view text) const;
    // The text of these fields of an item together; "title.vi" is a field of a field.
    [[nodiscard]] bool matches(const boost::json::object& item, std::initializer_list<std::string_view> fields) const;
    // Where the texts are kept without marks already; text() gives them as they were written, and is asked only when
    // marks decide.
    template <class Written>
    [[nodiscard]] bool matches_folded(std::initializer_list<std::string_view> plain, const Written& text) const {
        const auto stands = [&](const Word& word) {
            return std::any_of(plain.begin(), plain.end(), [&](auto one) { return one.find(word.plain) != one.npos; });
        };
        return std::all_of(words_.begin(), words_.end(), stands) && (!has_marks_ || matches(text()));
    }

private:
    struct Word {
        std::string plain, marked;  // marked is empty where no mark was written
    };
    std::vector<Word> words_;
    bool has_marks_ = false;
};

// Is this field of the item this text? What is null is not any.
[[nodiscard]] bool says(const boost::json::object& item, std::string_view field, std::string_view text);

}  // namespace vg::collector::api
