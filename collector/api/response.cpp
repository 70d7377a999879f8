#include "collector/api/response.hpp"

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "collector/api/coded.hpp"
#include "collector/api/csv.hpp"
#include "collector/api/headings.hpp"
#include "collector/api/xlsx.hpp"
#include "collector/http/compress.hpp"
#include "collector/http/headers.hpp"

#include <algorithm>

namespace vg::collector::api {
namespace {

constexpr std::size_t worth_compressing = 1024;

bool put_table(Answer& answer, const http::Request& request, const Route& route, std::string_view format,
               http::Response& response) {
    const auto separator = request.parameter("separator");
    auto items = answer.list->paged ? std::move(answer.list->items)
                 : request.parameter("limit") || request.parameter("offset")
                     ? slice(std::move(answer.list->items), page_of(request))
                     : std::move(answer.list->items);
    auto name = std::string(route.path.substr(1));
    std::erase_if(name, [](char c) { return c == '{' || c == '}'; });
    std::replace(name.begin(), name.end(), '/', '-');
    response.with("Content-Disposition", "attachment; filename=\"" + name + "." + std::string(format) + "\"");
    const auto chosen = request.parameter("lang");
    const auto language = chosen == "vi"   ? std::optional(Language::vi)
                          : chosen == "en" ? std::optional(Language::en)
                                           : std::nullopt;
    const auto names = headings(route.columns, language);
    if (language) put_in_words(items, route.columns, *language);
    if (format == "csv") {
        response.with("Content-Type", "text/csv; charset=utf-8");
        response.body =
            well_formed(to_csv(items, route.columns, names, separator == ";" || separator == "semicolon" ? ';' : ','));
        return true;
    }
    auto book = to_xlsx(items, route.columns, names, name);
    if (!book) {
        log::warning("api", book.error().message);
        return false;
    }
    response.with("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    response.body = std::move(*book);
    return true;
}

}  // namespace

http::Response to_response(Answer answer, const http::Request& request, const Route* route) {
    http::Response response;
    response.status = answer.status;
    for (auto& [name, value] : answer.headers) response.with(name, value);
    response.with("Cache-Control", "no-store");
    const auto format = request.parameter("format").value_or("");
    if (answer.list && (format == "csv" || format == "xlsx")) {
        if (!put_table(answer, request, *route, format, response))
            return to_response(problem(500, "internal", "Không lập được bảng.", "The table cannot be made."), request,
                               nullptr);
    } else {
        if (answer.list) {
            auto items = answer.list->paged ? std::move(answer.list->items)
                                            : slice(std::move(answer.list->items), page_of(request));
            auto body = std::move(answer.list->extra);
            body["items"] = std::move(items);
            body["total"] = answer.list->total;
            answer.body = std::move(body);
        }
        response.with("Content-Type", "application/json; charset=utf-8");
        response.body = well_formed(json::serialize(answer.body));
    }
    if (response.body.size() > worth_compressing && http::accepts_coding(request.header("accept-encoding"), "gzip"))
        if (auto packed = http::gzip(response.body)) {
            response.with("Content-Encoding", "gzip").with("Vary", "Accept-Encoding");
            response.body = std::move(*packed);
        }
    return response;
}

http::Response plain(int status, std::string body, std::string type) {
    http::Response response;
    response.status = status;
    response.with("Content-Type", std::move(type)).with("Cache-Control", "no-store");
    response.body = std::move(body);
    return response;
}

}  // namespace vg::collector::api
