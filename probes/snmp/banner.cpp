#include "probes/snmp/banner.hpp"

#include "probes/snmp/pattern.hpp"
#include "probes/snmp/shapes.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

namespace vg::probes::snmp {
namespace {

// What has a number and is no version of the device's software.
const std::vector<std::string>& beside_the_point() {
    static const std::vector<std::string> all{
        R"((?i)\b(?:hardware|hw|boot(?:[ _-]?(?:rom|loader|prom|strap|code))?|bootr|u-?boot|rom|kernel|cpld|fpga|bios|board)"
        R"(|pcb|mib|protocol)[ _-]?(?:version|ver|rev|revision|release)?\b\.?[ :=]*(?:version |release |rev )*v?[\d.]+)"
        R"([\w.-]*(?: version \d+)?)",
        R"((?i)\b(?:linux|freebsd|ecos|vxworks|qnx|threadx|nucleus)[ -]v?\d[\w.+-]*)",
        R"((?i)\bsnmp ?v?\d[\w/]*)",
        R"(\b(?:19|20)\d\d[-/]\d\d?[-/]\d\d?\b|(?<![\w.])\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d\b|\b\d\d?:\d\d(?::\d\d)?\b)",
    };
    return all;
}

const std::vector<std::string>& versions() {
    static const std::vector<std::string> all{
        std::string(R"((?i)\b(?:software|firmware|application|system|image|operating system|os|sw|fw|app)[ _-]?)") +
            R"((?:version|vers?|rev|revision|release)\b\.?[ :=#(]*)" + R"((?:(?-i:(?=V0|V\d+R))|v?(?=\d)|)" +
            R"([a-z]\w{0,11},(?=\d)|(?=[a-z]{1,6}\d*[-.]\d))([\w.()/+-]*\d[\w.()/+-]*))",
        std::string(R"((?i)\b(?:version|vers?|firmware)\b\.?[ :=#(]*)") +
            R"((?:(?-i:(?=V0|V\d+R))|v?(?=\d)|(?=[a-z]{1,6}\d*[-.]\w)))" + R"(([\w.()/+-]*\d[\w.()/+-]*))",
        R"((?i)\b(?:release|revision|rev)\b\.?[ :=(]*v?((?:[a-z]{1,3}\.)?\d+\.[\w.()/+-]*))",
        R"((?i)\b(?:fw|sw|software)[ :=]+v?([0-9]+\.[\w.()/+-]*[\w)]))",
        R"(\b[\w-]*(?:OS|OS-[A-Z]|ware)[ -]v?(\d+\.\w[\w.()-]*))",
        R"((?<!\w)(V0\d(?:\.\w+)+|V\d{3}R\d{3}\w*))",
        R"(\b[vV]\.?([0-9]+(?:\.[\w()-]+)+))",
        R"((?<![\w.])([0-9]+(?:\.[0-9]+){2,}[\w()-]*(?:\.\w+)*))",
        R"((?:^|, ?)([A-Z]{1,3}\.\d+(?:\.\w+)+)(?:,|$))",
        R"(\b([A-Z]{1,2}\.[0-9]+(?:\.\w+){2,}))",
        R"((?<![\w.])([0-9]+\.[0-9]+[a-z]?(?:\.\w+)*)\b)",
        R"(\b([A-Z]{1,2}\.?[0-9]+(?:\.\w+){2,}))",
    };
    return all;
}

std::string without_tail(std::string said) {
    while (!said.empty() && std::string_view(".,-/(").find(said.back()) != std::string_view::npos) said.pop_back();
    const bool is_open = std::count(said.begin(), said.end(), '(') < std::count(said.begin(), said.end(), ')');
    if (is_open && said.ends_with(')')) said.pop_back();
    return said;
}

std::string trimmed(const std::string& text) {
    constexpr auto around = " \"'\\<>;,";
    const auto first = text.find_first_not_of(around);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(around) - first + 1);
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> all;
    for (std::string word; in >> word;) all.push_back(word);
    return all;
}

// A word that names a model by itself: "IGS-10020MT", not "24-Port", "V2.0" or "100-240V".
bool is_code(const std::string& word) {
    constexpr std::size_t shortest = 4;
    return word.size() >= shortest && has_pattern("[A-Za-z]", word) && has_pattern(R"(^[A-Z0-9][\w+/-]*$)", word) &&
           digits_in(word) > 0 &&
           !has_pattern(R"((?i)^[vr]\d+(?:[._r]\d+)*\w*$|^snmp|^\d+-?ports?$|^\d+x|^\d+[\d-]*(?:v|va|kva|w|a|hz)$)",
                        word) &&
           !has_pattern(R"((?i)^\d{1,2}\w{0,3}(?:sfp|g|ge|x)\+?\d*$)", word);
}

std::string joined(const std::vector<std::string>& words, std::size_t from) {
    std::string all;
    for (auto i = from; i < words.size(); ++i) all += (i == from ? "" : " ") + words[i];
    return all;
}

// "ACME IGS-10020MT Managed Switch" is an IGS-10020MT: the maker and the kind of device are told elsewhere.
std::string name_of_model(const std::string& part) {
    constexpr auto kind =
        "(?i)^(?:switch|router|camera|gateway|point|ap|printer|controller|firewall|series|device|system|swch)$";
    constexpr auto adjective =
        "(?i)^(?:gigabit|fast|ethernet|smart|managed|l[23]\\+?|layer|industrial|network|poe\\+?|web|ip|wireless|"
        "broadband|lte|security|ptz|dome|fixed|access)$";
    auto words = words_of(trimmed(part));
    if (words.size() > 1 && has_pattern(kind, words.back())) {
        words.pop_back();
        while (words.size() > 1 && has_pattern(adjective, words.back())) words.pop_back();
    }
    const auto code = std::find_if(words.begin(), words.end(), is_code);
    if (words.size() > 1 && words.back().ends_with(')') && joined(words, 0).find('(') == std::string::npos)
        words.back().pop_back();
    const bool has_maker_before =
        code != words.end() && std::none_of(words.begin(), code, [](const auto& w) { return digits_in(w) > 0; });
    return joined(words, has_maker_before ? static_cast<std::size_t>(code - words.begin()) : 0);
}

std::string labelled_model(const std::string& descr) {
    static const std::string label =
        R"((?i)\b(?:device |hardware |product |machine )?(?:model|product|prod|machine type)(?: ?(?:name|number|no\.?|type))?)"
        R"([:=]\s*([^,;>)]+))";
    auto said = find_pattern(label, descr).value_or("");
    if (const auto next = find_pattern(R"(^(.*?) \w+[:=])", said)) said = *next;
    said = trimmed(said);
    const bool is_model =
        said.size() > 2 && has_pattern("[A-Za-z]", said) && !has_pattern(R"(^\d+ ?[A-Za-z]{1,2}$)", said);
    return is_model && !is_filler(said) ? said : "";
}

// At commas and where version, kernel or copyright begin.
std::vector<std::string> parts_of_banner(const std::string& descr) {
    static const std::string end =
        R"([,;]| \(| - | : | running | (?i:(?:software|firmware|hw|sw|fw|os)[ _:]?)?)"
        R"((?:(?i:version|release|revision|rev|ver|firmware|build|s/n|sn)\b)[ .:]?| [vV]\.?\d+\.| \d+\.\d+)"
        R"(|\b(?i:software|sw:|fw:|copyright))";
    std::vector<std::string> all;
    for (const auto& piece : split_at(end, descr)) {
        const auto part = trimmed(piece);
        if (!part.empty() && !has_pattern("(?i)^(?:linux|freebsd|copyright|https?:|built|compiled)", part))
            all.push_back(part);
    }
    return all;
}

}  // namespace

std::string hardware_in(const std::string& descr) {
    if (auto said = labelled_model(descr); !said.empty()) return said;
    if (has_pattern("^(?:Linux|FreeBSD|Hardware:|Darwin|SunOS|Windows) ", descr)) return {};
    const auto parts = parts_of_banner(descr);
    if (parts.empty()) return {};
    constexpr std::size_t most_parts = 4;
    if (digits_in(parts.front()) == 0 || parts.front().ends_with("latform"))
        for (std::size_t i = 1; i < parts.size() && i < most_parts; ++i) {
            const auto words = words_of(parts[i]);
            if (std::any_of(words.begin(), words.end(), is_code)) return name_of_model(parts[i]);
        }
    return name_of_model(parts.front());
}

std::string version_in(const std::string& descr) {
    auto text = descr;
    if (const auto kernel = kernel_in(descr); !kernel.empty()) text.erase(text.find(kernel), kernel.size());
    for (const auto& pattern : beside_the_point()) text = without_pattern(pattern, text);
    for (const auto& pattern : versions())
        if (const auto found = find_pattern(pattern, text)) return without_tail(*found);
    return {};
}

std::string serial_in(const std::string& descr) {
    static const std::string pattern =
        R"((?i)\b(?:s/?n|serial(?:[ _-]?(?:number|no|num|nr))?)\b\.?[:=#]*\s*((?=[A-Z-]*\d)[A-Z0-9][\w-]{3,}))";
    return find_pattern(pattern, descr).value_or("");
}

std::string kernel_in(const std::string& descr) {
    return find_pattern(R"(^Linux (?:\S+ )?(\d\S*)(?: #| \||$)|^FreeBSD \S+ (\d\S*) )", descr).value_or("");
}

}  // namespace vg::probes::snmp
