#include "base/fold.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <array>

namespace vg {
namespace {

struct Letter {
    char plain = 0;    // 0: no letter of ours
    char quality = 0;  // '^' â, '(' ă, '+' ơ, '-' đ; 0: none
    char tone = 0;     // '1' to '5'; 0: none
};

struct Vowel {
    char plain, quality;
    std::array<std::string_view, 6> small, capital;  // without a tone, then by tone
};

constexpr std::array<Vowel, 12> vowels{
    Vowel{'a', 0, {"a", "à", "á", "ả", "ã", "ạ"}, {"A", "À", "Á", "Ả", "Ã", "Ạ"}},
    Vowel{'a', '(', {"ă", "ằ", "ắ", "ẳ", "ẵ", "ặ"}, {"Ă", "Ằ", "Ắ", "Ẳ", "Ẵ", "Ặ"}},
    Vowel{'a', '^', {"â", "ầ", "ấ", "ẩ", "ẫ", "ậ"}, {"Â", "Ầ", "Ấ", "Ẩ", "Ẫ", "Ậ"}},
    Vowel{'e', 0, {"e", "è", "é", "ẻ", "ẽ", "ẹ"}, {"E", "È", "É", "Ẻ", "Ẽ", "Ẹ"}},
    Vowel{'e', '^', {"ê", "ề", "ế", "ể", "ễ", "ệ"}, {"Ê", "Ề", "Ế", "Ể", "Ễ", "Ệ"}},
    Vowel{'i', 0, {"i", "ì", "í", "ỉ", "ĩ", "ị"}, {"I", "Ì", "Í", "Ỉ", "Ĩ", "Ị"}},
    Vowel{'o', 0, {"o", "ò", "ó", "ỏ", "õ", "ọ"}, {"O", "Ò", "Ó", "Ỏ", "Õ", "Ọ"}},
    Vowel{'o', '^', {"ô", "ồ", "ố", "ổ", "ỗ", "ộ"}, {"Ô", "Ồ", "Ố", "Ổ", "Ỗ", "Ộ"}},
    Vowel{'o', '+', {"ơ", "ờ", "ớ", "ở", "ỡ", "ợ"}, {"Ơ", "Ờ", "Ớ", "Ở", "Ỡ", "Ợ"}},
    Vowel{'u', 0, {"u", "ù", "ú", "ủ", "ũ", "ụ"}, {"U", "Ù", "Ú", "Ủ", "Ũ", "Ụ"}},
    Vowel{'u', '+', {"ư", "ừ", "ứ", "ử", "ữ", "ự"}, {"Ư", "Ừ", "Ứ", "Ử", "Ữ", "Ự"}},
    Vowel{'y', 0, {"y", "ỳ", "ý", "ỷ", "ỹ", "ỵ"}, {"Y", "Ỳ", "Ý", "Ỷ", "Ỹ", "Ỵ"}},
};

// Of one well-formed character of two or three bytes; these are enough for all that is looked for here.
constexpr char32_t code_point(std::string_view one) {
    const auto bits = [&](std::size_t i, unsigned mask) { return static_cast<unsigned char>(one[i]) & mask; };
    if (one.size() == 2) return bits(0, 0x1f) << 6 | bits(1, 0x3f);
    if (one.size() == 3) return bits(0, 0x0f) << 12 | bits(1, 0x3f) << 6 | bits(2, 0x3f);
    return 0;
}

// Where Unicode keeps them: Latin-1 to Latin Extended-B, and Latin Extended Additional.
constexpr std::size_t places = (0x1b1 - 0xc0) + (0x1efa - 0x1ea0);
constexpr std::size_t place_of(char32_t point) {
    if (point >= 0xc0 && point <= 0x1b0) return point - 0xc0;
    if (point >= 0x1ea0 && point <= 0x1ef9) return point - 0x1ea0 + (0x1b1 - 0xc0);
    return places;
}

constexpr auto letters = [] {
    std::array<Letter, places + 1> out{};
    for (const auto& row : vowels)
        for (std::size_t tone = 0; tone < row.small.size(); ++tone)
            for (const auto one : {row.small[tone], row.capital[tone]})
                out[place_of(code_point(one))] = {row.plain, row.quality,
                                                  tone == 0 ? '\0' : static_cast<char>('0' + tone)};
    out[place_of(code_point("đ"))] = out[place_of(code_point("Đ"))] = {'d', '-', 0};
    out[places] = {};
    return out;
}();

// A mark that stands alone behind its letter.
constexpr Letter combining(char32_t point) {
    switch (point) {
        case 0x300: return {0, 0, '1'};
        case 0x301: return {0, 0, '2'};
        case 0x309: return {0, 0, '3'};
        case 0x303: return {0, 0, '4'};
        case 0x323: return {0, 0, '5'};
        case 0x302: return {0, '^', 0};
        case 0x306: return {0, '(', 0};
        case 0x31b: return {0, '+', 0};
        default: return {};
    }
}

class Folding {
public:
    explicit Folding(Marks marks) : keeps_(marks == Marks::kept) {}

    void add(char c) {
        if (c == ' ') end_word();
        out_ += lower(c);
    }
    void add(std::string_view one) {
        const auto point = code_point(one);
        auto letter = letters[place_of(point)];
        const bool is_mark = letter.plain == 0 && point >= 0x300 && point <= 0x36f;
        if (is_mark) letter = combining(point);
        if (keeps_ && letter.quality != 0) {
            const bool has_letter = is_mark && !out_.empty() && static_cast<unsigned char>(out_.back()) < 0x80;
            out_.insert(out_.size() - (has_letter ? 1 : 0), 1, letter.quality);
        }
        if (keeps_ && letter.tone != 0) (tones_ += '\'') += letter.tone;
        if (letter.plain != 0)
            out_ += letter.plain;
        else if (!is_mark)
            out_ += one;
    }
    std::string take() {
        end_word();
        return std::move(out_);
    }
    void reserve(std::size_t bytes) { out_.reserve(bytes); }

private:
    void end_word() {
        out_ += tones_;
        tones_.clear();
    }

    bool keeps_;
    std::string out_, tones_;
};

}  // namespace

std::string folded(std::string_view text, Marks marks) {
    Folding folding(marks);
    folding.reserve(text.size());
    while (!text.empty()) {
        const auto length = static_cast<unsigned char>(text.front()) < 0x80 ? 1 : utf8_length(text);
        if (length <= 1)
            folding.add(text.front());
        else
            folding.add(text.substr(0, length));
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return folding.take();
}

}  // namespace vg
