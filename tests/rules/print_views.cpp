// Writes the generated section of docs/rules.md anew: print_views docs/rules.md, after a fact or column was added.
#include "rules/views.hpp"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: print_views docs/rules.md\n", stderr);
        return 2;
    }
    std::ostringstream text;
    text << std::ifstream(argv[1]).rdbuf();
    auto doc = text.str();
    const auto begin = doc.find('\n', doc.find("<!-- views: begin")) + 1;
    const auto end = doc.find("<!-- views: end -->");
    if (end == std::string::npos || begin > end) {
        std::fputs("the file has no section of views\n", stderr);
        return 1;
    }
    doc.replace(begin, end - begin, vg::rules::views_markdown());
    std::ofstream(argv[1]) << doc;
    return 0;
}
