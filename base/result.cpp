#include "base/result.hpp"

#include <stdexcept>

namespace vg {
namespace {

std::string_view kind_in_vietnamese(Errc code) noexcept {
    switch (code) {
        case Errc::invalid_input: return "Dữ liệu chưa đúng";
        case Errc::not_found: return "Không tìm thấy";
        case Errc::refused: return "Bị từ chối";
        case Errc::unauthorised: return "Không có quyền";
        case Errc::conflict: return "Trạng thái đã thay đổi hoặc bị trùng";
        case Errc::unavailable: return "Hiện không trả lời";
        case Errc::timed_out: return "Quá thời hạn";
        case Errc::cancelled: return "Đã dừng";
        case Errc::no_space: return "Hết chỗ lưu trữ";
        case Errc::corrupt: return "Dữ liệu đã lưu bị hỏng";
        case Errc::permission: return "Hệ điều hành không cho phép";
        case Errc::internal: return "Lỗi bên trong phần mềm";
    }
    return "Lỗi bên trong phần mềm";
}

}  // namespace

Text told(const Error& error) {
    if (!error.vi.empty()) return {error.vi, error.message};
    return {std::string(kind_in_vietnamese(error.code)) + ": " + error.message, error.message};
}

const char* to_string(Errc code) noexcept {
    switch (code) {
        case Errc::invalid_input: return "invalid_input";
        case Errc::not_found: return "not_found";
        case Errc::refused: return "refused";
        case Errc::unauthorised: return "unauthorised";
        case Errc::conflict: return "conflict";
        case Errc::unavailable: return "unavailable";
        case Errc::timed_out: return "timed_out";
        case Errc::cancelled: return "cancelled";
        case Errc::no_space: return "no_space";
        case Errc::corrupt: return "corrupt";
        case Errc::permission: return "permission";
        case Errc::internal: return "internal";
    }
    return "internal";
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

}  // namespace vg
