#pragma once
// The search of the lists, as the pages do it too (web-ui/src/words/fold.ts): words in any order, case does not count,
// and Vietnamese marks count only where the searcher wrote them.

#include <boost/json.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace vg::collector::api {

// In lower case; without marks, or with the tones behind each word.
[[nodiscard]] std::string folded(std::string_view text, bool with_marks);

class Search {
public:
    explicit Search(std::string_view query);
    [[nodiscard]] bool matches(std::string_view text) const;
    // The text of these fields of an item together; "title.vi" is a field of a field.
    [[nodiscard]] bool matches(const boost::json::object& item, std::initializer_list<std::string_view> fields) const;
    [[nodiscard]] bool is_empty() const { return words_.empty(); }

private:
    struct Word {
        std::string text;
        bool has_marks = false;
    };
    std::vector<Word> words_;
};

// Is this field of the item this text? What is null is not any.
[[nodiscard]] bool says(const boost::json::object& item, std::string_view field, std::string_view text);

}  // namespace vg::collector::api
