#include "wire/refuse_words.hpp"

namespace vg::wire {
namespace {

const char* vietnamese(RefuseCode code) {
    switch (code) {
        case RefuseCode::malformed_frame: return "không đọc được khung tin";
        case RefuseCode::oversized_frame: return "khung tin dài quá mức cho phép";
        case RefuseCode::wrong_version: return "trung tâm dùng phiên bản giao thức khác";
        case RefuseCode::unknown_message: return "loại tin này không dùng được lúc này";
        case RefuseCode::too_slow: return "tin không đến kịp thời hạn";
        case RefuseCode::no_certificate: return "trạm gác không đưa chứng thư; hãy đăng ký trước";
        case RefuseCode::foreign_certificate: return "chứng thư không phải do trung tâm này cấp";
        case RefuseCode::revoked_certificate: return "chứng thư đã bị thu hồi hoặc thay thế; hãy đăng ký lại";
        case RefuseCode::expired_certificate: return "chứng thư đã hết hạn; hãy đăng ký lại";
        case RefuseCode::key_in_use: return "một máy khác đang dùng khóa này; máy nhân bản ổ đĩa phải đăng ký riêng";
        case RefuseCode::token_unknown: return "mã đăng ký không đúng";
        case RefuseCode::token_expired: return "mã đăng ký đã hết hạn";
        case RefuseCode::token_used_up: return "mã đăng ký đã dùng hết số lần";
        case RefuseCode::bad_request: return "không đọc được yêu cầu cấp chứng thư, hoặc yêu cầu không hợp lệ";
        case RefuseCode::request_not_allowed: return "yêu cầu này không được phép";
        case RefuseCode::unknown_series: return "gói số liệu dùng chuỗi số đo chưa có tên";
        case RefuseCode::malformed_body: return "không đọc được nội dung gói số liệu";
        case RefuseCode::batch_conflict: return "gói số liệu cùng số thứ tự đã đến trước với nội dung khác";
        case RefuseCode::store_unavailable: return "trung tâm tạm thời không ghi được dữ liệu";
        case RefuseCode::shutting_down: return "trung tâm đóng kết nối này: đang dừng, hoặc trạm gác đã kết nối lại";
        case RefuseCode::overloaded: return "trung tâm đang quá tải";
    }
    return "không rõ lý do";
}

}  // namespace

Text in_words(const Refuse& refuse) {
    return {vietnamese(refuse.code), refuse.sentence.empty() ? to_string(refuse.code) : refuse.sentence};
}

}  // namespace vg::wire
