#include "base/yaml.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>

namespace vg::yaml {
namespace {

constexpr std::size_t max_text = 4 * 1024 * 1024;
constexpr std::size_t max_depth = 32;
constexpr std::size_t max_nodes = 200'000;

struct TooMuch {};  // leaves the library's parser when a limit is reached

// The library counts the bytes of a line, people its characters. Asked in the order of the text, each line is counted
// once.
class Places {
public:
    Places(const std::string& file, std::string_view text) : file_(file), text_(text) {
        if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
        for (auto at = std::size_t{0}; at != std::string_view::npos;) {
            lines_.push_back(at);
            at = text_.find('\n', at);
            if (at != std::string_view::npos) ++at;
        }
    }
    [[nodiscard]] Place of(const YAML::Mark& mark) {
        const auto line = static_cast<std::size_t>(mark.line);
        if (mark.line < 0 || mark.column < 0 || line >= lines_.size()) return {file_, mark.line + 1, mark.column + 1};
        const auto from_line = text_.substr(lines_[line]);
        const auto bytes = std::min(static_cast<std::size_t>(mark.column), from_line.size());
        if (line != line_ || bytes < bytes_) line_ = line, bytes_ = characters_ = 0;
        characters_ += characters(from_line.substr(bytes_, bytes - bytes_));
        bytes_ = bytes;
        return {file_, mark.line + 1, static_cast<int>(characters_) + 1};
    }

private:
    const std::string& file_;
    std::string_view text_;
    std::vector<std::size_t> lines_;                     // where they begin
    std::size_t line_ = 0, bytes_ = 0, characters_ = 0;  // the last place that was asked for
};

struct SyntaxWords {
    std::string_view en, vi;
};
// What the library says of the mistakes that people make.
constexpr auto syntax_rows = std::to_array<SyntaxWords>({
    {"end of map not found", "không thấy chỗ kết thúc của nhóm khóa; hãy xem cách thụt dòng"},
    {"end of map flow not found", "thiếu dấu } đóng"},
    {"end of sequence not found", "không thấy chỗ kết thúc của danh sách; hãy xem cách thụt dòng"},
    {"end of sequence flow not found", "thiếu dấu ] đóng"},
    {"illegal map value", "dấu : không được đứng ở đây; hãy đặt giá trị trong ngoặc kép"},
    {"illegal map key", "khóa không được đứng ở đây"},
    {"illegal block entry", "dấu - không được đứng ở đây; hãy xem cách thụt dòng"},
    {"illegal flow end", "dấu } hoặc ] thừa"},
    {"illegal tab when looking for indentation", "thụt dòng bằng phím tab; hãy dùng dấu cách"},
    {"illegal EOF in scalar", "dấu ngoặc kép chưa đóng"},
    {"illegal document indicator in scalar", "dấu ngoặc kép chưa đóng trước dấu --- hoặc ..."},
    {"illegal character in scalar", "ký tự không hợp lệ; hãy đặt giá trị trong ngoặc kép"},
    {"unknown token", "ký tự không hợp lệ ở đây; hãy đặt giá trị trong ngoặc kép"},
    {"unexpected character in block scalar", "ký tự thừa sau dấu | hoặc >"},
    {"unknown escape character: ", "dấu \\ đứng trước một ký tự không hợp lệ"},
    {"alias not found after *", "sau dấu * không có tên; hãy đặt giá trị trong ngoặc kép"},
    {"anchor not found after &", "sau dấu & không có tên; hãy đặt giá trị trong ngoặc kép"},
});

Text syntax_words(const std::string& english) {
    for (const auto& row : syntax_rows)
        if (english.starts_with(row.en)) return {std::string(row.vi), english};
    return value_of(english);
}

// Builds our tree from the parser's events, so no tree of the library's own is ever made.
class Builder final : public YAML::EventHandler {
public:
    Builder(Places& places, Problems& problems) : places_(places), problems_(problems) {}

    Node take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark&) override {
        open_.clear();
        root_ = Node{};
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { leaf(Kind::null, mark, {}, false); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        problems_.add(places_.of(mark), {"không hỗ trợ bí danh (*tên); hãy viết hẳn giá trị ra",
                                         "aliases (*name) are not supported; write the value out"});
        leaf(Kind::null, mark, {}, false);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
        const bool quoted = tag == "!";
        const bool is_null = !quoted && (value.empty() || value == "~" || value == "null");
        leaf(is_null ? Kind::null : Kind::scalar, mark, is_null ? std::string{} : value, quoted);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        start(Kind::sequence, mark);
    }
    void OnSequenceEnd() override { finish(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
        start(Kind::mapping, mark);
    }
    void OnMapEnd() override { finish(); }

private:
    struct Open {
        Node node;
        Node key;
        bool has_key = false;
    };

    void start(Kind kind, const YAML::Mark& mark) {
        count(mark);
        if (open_.size() >= max_depth) {
            problems_.add(places_.of(mark), {"lồng nhau quá 32 mức; hãy viết phẳng hơn",
                                             "nested deeper than 32 levels; write it flatter"});
            throw TooMuch{};
        }
        Open opened;
        opened.node.kind = kind;
        opened.node.place = places_.of(mark);
        open_.push_back(std::move(opened));
    }
    void finish() {
        Node done = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(done));
    }
    void leaf(Kind kind, const YAML::Mark& mark, std::string text, bool quoted) {
        count(mark);
        Node node;
        node.kind = kind;
        node.scalar = std::move(text);
        node.quoted = quoted;
        node.place = places_.of(mark);
        add(std::move(node));
    }
    void count(const YAML::Mark& mark) {
        if (++nodes_ > max_nodes) {
            problems_.add(places_.of(mark),
                          {"có hơn 200000 giá trị; hãy chia nhỏ tệp", "more than 200000 values; split the file"});
            throw TooMuch{};
        }
    }
    void add(Node node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        if (parent.node.kind == Kind::sequence) {
            parent.node.items.push_back(std::move(node));
        } else if (!parent.has_key) {
            if (node.kind != Kind::scalar)
                problems_.add(node.place, {"khóa phải là một chữ thường, không phải danh sách hay nhóm khóa",
                                           "a key must be a plain text, no list or mapping"});
            parent.key = std::move(node);
            parent.has_key = true;
        } else {
            if (const Node* first = parent.node.find(parent.key.scalar); first != nullptr)
                problems_.add(parent.key.place,
                              {"khóa '{}' ghi hai lần (lần đầu ở dòng {}); hãy bỏ một",
                               "the key '{}' stands twice (first at line {}); remove one"},
                              parent.key.scalar, first->place.line);
            parent.node.entries.emplace_back(std::move(parent.key), std::move(node));
            parent.key = Node{};
            parent.has_key = false;
        }
    }

    Places& places_;
    Problems& problems_;
    std::vector<Open> open_;
    Node root_;
    std::size_t nodes_ = 0;
};

}  // namespace

Node::Node() = default;

const Node* Node::find(std::string_view key) const {
    for (const auto& [name, value] : entries)
        if (name.scalar == key) return &value;
    return nullptr;
}

std::vector<Node> parse(std::string_view text, const std::string& file, Problems& problems) {
    if (text.size() > max_text) {
        problems.add({file, 0, 0}, {"tệp lớn hơn 4 MiB; hãy chia nhỏ tệp", "larger than 4 MiB; split the file"});
        return {};
    }
    std::vector<Node> documents;
    Places places(file, text);
    Builder builder(places, problems);
    try {
        std::istringstream in{std::string(text)};
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(builder)) documents.push_back(builder.take());
    } catch (const TooMuch&) { return {}; } catch (const YAML::Exception& e) {
        problems.add(places.of(e.mark), {"YAML không hợp lệ: {}", "not valid YAML: {}"}, syntax_words(e.msg));
        return {};
    } catch (const std::exception& e) {
        problems.add({file, 0, 0}, {"không đọc được như YAML: {}", "cannot be read as YAML: {}"}, e.what());
        return {};
    }
    return documents;
}

std::vector<Node> parse_file(const std::string& file, Problems& problems) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        problems.add({file, 0, 0}, {"không mở được; hãy xem tệp có tồn tại và có quyền đọc không",
                                    "cannot be opened; check that it exists and may be read"});
        return {};
    }
    std::string text(max_text + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return parse(text, file, problems);
}

std::optional<std::string> as_string(const Node& node, Problems& problems) {
    if (node.kind == Kind::scalar) return node.scalar;
    problems.add(node.place, {"cần một chuỗi chữ", "expected a text"});
    return std::nullopt;
}

void read_string(const Node& node, std::string_view key, std::string& into, Problems& problems) {
    if (const auto* value = node.find(key); value != nullptr)
        if (auto text = as_string(*value, problems); text) into = std::move(*text);
}

std::optional<std::int64_t> as_int(const Node& node, std::int64_t low, std::int64_t high, Problems& problems) {
    const auto value = node.kind == Kind::scalar && !node.quoted ? to_number<std::int64_t>(node.scalar) : std::nullopt;
    if (!value || *value < low || *value > high) {
        problems.add(node.place, {"cần một số nguyên từ {} đến {}", "expected a whole number from {} to {}"}, low,
                     high);
        return std::nullopt;
    }
    return value;
}

std::optional<double> as_number(const Node& node, Problems& problems) {
    const auto value = node.kind == Kind::scalar && !node.quoted ? to_number<double>(node.scalar) : std::nullopt;
    if (!value || !std::isfinite(*value)) {
        problems.add(node.place,
                     {"cần một số, phần thập phân viết sau dấu chấm", "expected a number, with a point for decimals"});
        return std::nullopt;
    }
    return value;
}

std::optional<bool> as_bool(const Node& node, Problems& problems) {
    if (node.kind == Kind::scalar && !node.quoted) {
        if (node.scalar == "true" || node.scalar == "yes") return true;
        if (node.scalar == "false" || node.scalar == "no") return false;
    }
    problems.add(node.place, {"cần true hoặc false", "expected true or false"});
    return std::nullopt;
}

std::optional<std::int64_t> as_duration_ms(const Node& node, Problems& problems) {
    if (node.kind == Kind::scalar) {
        static constexpr std::pair<std::string_view, std::int64_t> units[] = {
            {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
        const auto digits = std::min(node.scalar.find_first_not_of("0123456789"), node.scalar.size());
        const auto count = to_number<std::int64_t>(node.scalar.substr(0, digits));
        for (const auto& [suffix, factor] : units)
            if (count && node.scalar.substr(digits) == suffix && *count <= INT64_MAX / factor) return *count * factor;
    }
    problems.add(node.place, {"cần một khoảng thời gian như 500ms, 5s, 3m, 2h hoặc 30d",
                              "expected a duration such as 500ms, 5s, 3m, 2h or 30d"});
    return std::nullopt;
}

void refuse_unknown_keys(const Node& mapping, const std::vector<std::string_view>& known, Problems& problems) {
    for (const auto& [key, value] : mapping.entries) {
        if (std::find(known.begin(), known.end(), key.scalar) != known.end()) continue;
        problems.add(key.place, {"không có khóa '{}'{}", "unknown key '{}'{}"}, key.scalar,
                     did_you_mean(key.scalar, known));
    }
}

}  // namespace vg::yaml
