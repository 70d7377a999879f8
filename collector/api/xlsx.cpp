#include "collector/api/xlsx.hpp"

#include "base/crypto.hpp"
#include "base/utf8.hpp"
#include "collector/api/csv.hpp"

#include <xlsxwriter.h>
#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace vg::collector::api {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_cell = 32'767;  // what the format allows
constexpr double width = 18;

void write_cell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const json::value* value) {
    if (value == nullptr || value->is_null()) return;
    if (value->is_bool())
        worksheet_write_boolean(sheet, row, column, value->get_bool() ? 1 : 0, nullptr);
    else if (value->is_number())
        worksheet_write_number(sheet, row, column, value->to_number<double>(), nullptr);
    else {
        const auto text = value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
        worksheet_write_string(sheet, row, column, cut(well_formed(text), longest_cell).c_str(), nullptr);
    }
}

struct Removed {  // the file goes with it
    std::filesystem::path path;
    ~Removed() {
        std::error_code ec;
        std::filesystem::remove(path, ec);
    }
};

}  // namespace

Result<std::string> to_xlsx(const json::array& items, std::span<const std::string_view> columns,
                            std::span<const std::string> headings, const std::string& title) {
    std::error_code ec;
    const auto folder = std::filesystem::temp_directory_path(ec);
    if (ec) return fail(Errc::unavailable, say({"máy chủ không có thư mục tạm", "there is no temporary folder"}));
    const Removed file{folder / ("vonggac-" + crypto::random_text(24) + ".xlsx")};
    auto* book = workbook_new(file.path.string().c_str());
    if (book == nullptr) return fail(Errc::internal, say({"không tạo được tệp Excel", "no workbook can be made"}));
    auto* sheet = workbook_add_worksheet(book, title.substr(0, 31).c_str());
    auto* bold = workbook_add_format(book);
    if (sheet != nullptr && bold != nullptr) {
        format_set_bold(bold);
        for (std::size_t i = 0; i < headings.size(); ++i)
            worksheet_write_string(sheet, 0, static_cast<lxw_col_t>(i), headings[i].c_str(), bold);
        const auto last = static_cast<lxw_col_t>(columns.size() - 1);
        worksheet_set_column(sheet, 0, last, width, nullptr);
        worksheet_freeze_panes(sheet, 1, 0);
        lxw_row_t row = 0;
        for (const auto& item : items) {
            ++row;
            if (const auto* object = item.if_object())
                for (std::size_t i = 0; i < columns.size(); ++i)
                    write_cell(sheet, row, static_cast<lxw_col_t>(i), field_at(*object, columns[i]));
        }
        worksheet_autofilter(sheet, 0, 0, row, last);
    }
    if (const auto failed = workbook_close(book); failed != LXW_NO_ERROR)
        return fail(Errc::internal,
                    say({"không ghi được tệp Excel: {}", "the workbook cannot be written: {}"}, lxw_strerror(failed)));
    std::ifstream in(file.path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace vg::collector::api
