#include "collector/register/read.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace vg::collector::registry {
namespace {

struct Cell {
    std::string text;
    bool quoted = false;
    Place place;
};
using Row = std::vector<Cell>;

class Splitter {
public:
    Splitter(std::string_view text, std::string file, Problems& problems)
        : text_(text), file_(std::move(file)), problems_(problems) {
        if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
        const auto header = text_.substr(0, text_.find('\n'));
        separator_ = header.find(';') != std::string_view::npos ? ';' : ',';
    }

    std::vector<Row> rows() {
        std::vector<Row> out;
        while (at_ < text_.size()) {
            Row row = read_row();
            const bool blank = row.size() == 1 && row.front().text.empty() && !row.front().quoted;
            if (!blank) out.push_back(std::move(row));
        }
        return out;
    }

private:
    Row read_row() {
        Row row;
        column_ = 1;
        for (;;) {
            row.push_back(read_cell());
            if (at_ >= text_.size()) return row;
            const char c = text_[at_++];
            ++column_;
            if (c == separator_) continue;
            if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
            ++line_;
            return row;
        }
    }

    [[nodiscard]] bool at_cell_end() const {
        return at_ >= text_.size() || text_[at_] == separator_ || text_[at_] == '\n' || text_[at_] == '\r';
    }

    Cell read_cell() {
        Cell cell{{}, false, {file_, line_, column_}};
        if (at_ < text_.size() && text_[at_] == '"') read_quoted(cell);
        while (!at_cell_end()) {
            if (cell.quoted && text_[at_] != ' ') {
                problems_.add({file_, line_, column_},
                              {"có chữ sau dấu ngoặc kép đóng; dấu ngoặc kép bên trong viết là \"\"",
                               "text after the closing quote; write \"\" for a quote inside"});
                cell.quoted = false;  // once per cell
            }
            cell.text += text_[at_++];
            count(cell.text.back());
        }
        if (!cell.quoted) { cell.text = trim(cell.text, " \t"); }
        return cell;
    }

    void read_quoted(Cell& cell) {
        cell.quoted = true;
        ++at_, ++column_;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            count(c);
            if (c == '\n') ++line_, column_ = 1;
            if (c != '"') {
                cell.text += c;
            } else if (at_ < text_.size() && text_[at_] == '"') {
                cell.text += c;
                ++at_, ++column_;
            } else {
                return;
            }
        }
        problems_.add(cell.place, {"dấu ngoặc kép không được đóng", "the quote is never closed"});
    }

    void count(char byte) { column_ += goes_on(byte) ? 0 : 1; }

    std::string_view text_;
    std::string file_;
    Problems& problems_;
    char separator_ = ',';
    std::size_t at_ = 0;
    int line_ = 1, column_ = 1;
};

yaml::Node scalar(const Cell& cell) {
    yaml::Node node;
    node.kind = yaml::Kind::scalar;
    node.scalar = cell.text;
    node.place = cell.place;
    return node;
}

void put(yaml::Node& mapping, const Cell& header, std::string_view path, const Cell& cell) {
    const auto dot = path.find('.');
    yaml::Node key;
    key.kind = yaml::Kind::scalar;
    key.scalar = std::string(path.substr(0, dot));
    key.place = header.place;
    if (dot == std::string_view::npos) {
        mapping.entries.emplace_back(std::move(key), scalar(cell));
        return;
    }
    for (auto& [name, value] : mapping.entries)
        if (name.scalar == key.scalar) return put(value, header, path.substr(dot + 1), cell);
    yaml::Node inner;
    inner.kind = yaml::Kind::mapping;
    inner.place = cell.place;
    put(inner, header, path.substr(dot + 1), cell);
    mapping.entries.emplace_back(std::move(key), std::move(inner));
}

void refuse_double_columns(const Row& header, Problems& problems) {
    for (std::size_t i = 0; i < header.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (header[i].text == header[j].text)
                problems.add(header[i].place,
                             {"cột '{}' có hai lần; hãy bỏ một", "the column '{}' stands twice; remove one"},
                             header[i].text);
}

}  // namespace

yaml::Node csv_table(std::string_view text, const std::string& file, Problems& problems) {
    yaml::Node table;
    table.kind = yaml::Kind::sequence;
    table.place = {file, 1, 1};
    const auto rows = Splitter(text, file, problems).rows();
    if (rows.empty()) {
        problems.add({file, 0, 0}, {"tệp trống; dòng đầu phải là tên các cột",
                                    "the file is empty; its first line names the columns"});
        return table;
    }
    const Row& header = rows.front();
    refuse_double_columns(header, problems);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const Row& row = rows[i];
        if (row.size() > header.size())
            problems.add(row[header.size()].place,
                         {"nhiều ô hơn số cột; hãy đặt ngoặc kép quanh chữ có chứa dấu phân cách",
                          "more cells than columns; put quotes around a text that holds the separator"});
        yaml::Node record;
        record.kind = yaml::Kind::mapping;
        record.place = row.front().place;
        for (std::size_t c = 0; c < header.size() && c < row.size(); ++c)
            if (!row[c].text.empty()) put(record, header[c], header[c].text, row[c]);
        table.items.push_back(std::move(record));
    }
    return table;
}

}  // namespace vg::collector::registry
