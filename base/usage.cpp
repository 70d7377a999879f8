#include "base/usage.hpp"

#include <algorithm>
#include <array>

namespace vg {
namespace {

struct Row {
    int kind;
    std::string_view vi;
};
constexpr auto rows = std::to_array<Row>({
    {109, "Không hiểu"},
    {106, "Thiếu"},
    {105, "Giá trị không hợp lệ"},
    {104, "Giá trị không đúng kiểu"},
    {114, "Thiếu hoặc thừa giá trị"},
    {108, "Không dùng cùng lúc được"},
    {107, "Cần thêm lựa chọn khác"},
});

// The word of the command line that the sentence is about.
std::string_view subject_of(std::string_view english) {
    if (const auto end = english.find(" is required"); end != std::string_view::npos) return english.substr(0, end);
    if (const auto at = english.find("not expected: "); at != std::string_view::npos) return english.substr(at + 14);
    return english;
}

}  // namespace

std::string usage_mistake(std::string_view program, int kind, std::string_view english) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.kind == kind; });
    const std::string vi(row != rows.end() ? row->vi : "Dòng lệnh không đúng");
    auto subject = std::string(subject_of(english));
    if (subject == "A subcommand") subject = "lệnh con";
    const std::string name(program);
    return name + ": " + vi + ": " + subject + " / " + std::string(english) + "\nXem / see: " + name + " --help\n";
}

}  // namespace vg
