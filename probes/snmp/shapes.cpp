#include "probes/snmp/shapes.hpp"

#include "probes/snmp/pattern.hpp"

#include <algorithm>
#include <set>

namespace vg::probes::snmp {
namespace {

bool is_mac(const std::string& s) {
    return has_pattern("(?i)^(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}$|^[0-9a-f]{4}\\.[0-9a-f]{4}\\.[0-9a-f]{4}$", s);
}

bool has_date(const std::string& s) {
    return has_pattern(R"(\b(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d\b|\d\d:\d\d)",
                       s);
}

bool is_address(const std::string& s) {
    return has_pattern(R"(^[1-9]\d{1,2}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:$|[,/ :]))", s);
}

// "20230131", "20230131120000", "201401201342Z"
bool is_packed_date(const std::string& s) { return has_pattern(R"(^(?:19|20)\d{6}|^\d{12}Z$|^\d{14}$)", s); }

// Of the words that may stand before a version's number.
constexpr auto words = R"((?i)^(?:[a-z][\w-]{0,20}[ _:.-]+){0,3}?)";

}  // namespace

bool is_filler(const std::string& text) {
    if (text.empty() || text.find_first_not_of(" -_.*#?:") == std::string::npos || text == "0" || text == "00")
        return true;
    return has_pattern(
        R"((?i)^(?:n/?a|none|null|\(null\)|nil|no ?name|unknown(?: .*)?|un(?:available|defined|specified|initiali[sz]ed))"
        R"(|f{13,}|undef|unkn|invalid|empty|default(?: string)?|to be filled.*|system serial number|\[?serial[ _-]?(?:number|no\.?)\]?)"
        R"(|not[ _-]?(?:available|applicable|set|specified|defined|supported|present|found|known|configured)"
        R"(|readable|programmed|implemented|installed)\b.*|no (?:serial|information|data|value|model|version)\b.*)"
        R"(|(?:serial|model|version)? ?not available)[.!]?$)",
        text);
}

int digits_in(const std::string& text) {
    return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

Likeness version_likeness(const std::string& s) {
    constexpr std::size_t longest = 60;
    if (s.size() > longest || digits_in(s) == 0 || is_mac(s) || is_filler(s) || is_address(s)) return Likeness::none;
    if (has_pattern(R"(^\d{1,2}\.\d{1,3}$)", s)) return Likeness::faint;
    if (has_pattern(R"(^[-+]?\d+\.\d+(?:E-?\d+| ?(?:%|[a-zA-Z]{2,4}))?$|^(?:\d+\.){5,}\d+$)", s)) return Likeness::none;
    if (has_pattern(R"(^(?:19|20)\d\d[-/.]|^\d\d?[-/]\d\d?[-/]\d\d|^\d+:\d\d)", s)) return Likeness::none;
    static const std::string strong[] = {
        std::string(words) + R"((?:v|ver|version|rev|revision|release|rel|r|build|fw|sw|firmware|software|os)?)"
                             R"([ .:_=-]*\d+(?:[._]\d+){2,})",
        std::string(words) + R"((?:v|ver|version|rev|revision|release|rel|r|fw|sw|firmware|software))"
                             R"([ .:_=-]*\d+(?:[._]\d+)+[\w.-]*\b)",
        R"(^(?:\S+ )?\S*V\d{3}R\d{3})"};
    for (const auto& pattern : strong)
        if (find_pattern(pattern, s)) return Likeness::strong;
    if (has_pattern(R"((?i)^\d+\.\d+[a-z(,/ -]+\w*\d|^[vr]\d+[a-z]?$|^\d+\.\d+[a-z]$|^[A-Z]{1,3}\d?\.\d+)", s))
        return Likeness::faint;
    return Likeness::none;
}

Likeness serial_likeness(const std::string& s) {
    constexpr std::size_t shortest = 7, longest = 22;
    const int digits = digits_in(s);
    if (s.size() < shortest || s.size() > longest || digits < 3 || !has_pattern("^[A-Z0-9][A-Z0-9/-]+$", s))
        return Likeness::none;
    if (is_mac(s) || has_date(s) || is_packed_date(s) || s.starts_with("000000")) return Likeness::none;
    if (std::set<char>(s.begin(), s.end()).size() < 3 || has_pattern("[-/].*[-/].*[-/]", s)) return Likeness::none;
    constexpr std::size_t imei = 15, longest_number = 18;  // IMSI, too
    if (digits == static_cast<int>(s.size()))
        return s.size() <= longest_number && s.size() != imei ? Likeness::likely : Likeness::none;
    if (has_pattern("^[A-Z]?\\d{5,6}-[A-Z0-9]{2,3}$", s)) return Likeness::none;  // a maker's part number
    if (digits == 3) return s.size() >= 9 && has_pattern("[0-9].*[A-Z].*[0-9]", s) ? Likeness::likely : Likeness::none;
    if (s.find_first_of("-/") != std::string::npos)
        return s.size() >= 10 && digits >= 8 ? Likeness::likely : Likeness::faint;
    return s.size() >= 8 && digits >= 5 ? Likeness::strong : Likeness::likely;
}

bool is_model(const std::string& s) {
    constexpr std::size_t shortest = 3, longest = 48;
    return s.size() >= shortest && s.size() <= longest && has_pattern("^[ -~]*[A-Za-z][ -~]*$", s) &&
           digits_in(s) > 0 && !is_filler(s) && version_likeness(s) == Likeness::none && !is_mac(s) && !is_address(s) &&
           !has_date(s) &&
           !has_pattern(
               R"([@\\:,;=]|^[^/]*[^/A-Z0-9-][^/]*/|^/|/[^/]*[^A-Z0-9-]|^[\d. ]+ ?[a-zA-Z%]{1,3}$|\b(?:days?|hours?|min(?:ute)?s?|sec(?:ond)?s?)\b)"
               R"(|\d+\.\d+\.\d+)",
               s) &&
           !has_pattern(
               R"((?i)^(?:slot|port|unit|module|fan|bay|cpu|disk|drive|channel|(?:in|out)put|outlet|sensor|temp\w*|battery|bank)"
               R"(|phase|line|psu|ps|power supply|eth\w*|lan|wan|vlan|user|group|zone|relay|alarm|node|rack)[ _-]?#?\d*\b)",
               s);
}

bool is_name(const std::string& s) {
    constexpr std::size_t shortest = 4, longest = 40;
    return s.size() >= shortest && s.size() <= longest && digits_in(s) == 0 && has_pattern("^[A-Z][\\w -]+$", s) &&
           !is_filler(s) &&
           !has_pattern(
               "(?i)^(?:online|offline|normal|good|bad|okay|active|inactive|enabled?|disabled?|true|false|running|"
               "ready|public"
               "|standby|master|slave|admin\\w*|location|system.*|warning|critical|failed|fault|yes)$",
               s);
}

}  // namespace vg::probes::snmp
