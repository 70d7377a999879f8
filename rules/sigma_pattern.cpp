// Texts with wildcards and networks, as Sigma means them.
#include "base/text.hpp"
#include "rules/sigma_rule.hpp"

#include <algorithm>

namespace vg::rules {
namespace {

bool fits_at(std::string_view text, std::string_view piece) {
    for (std::size_t i = 0; i < piece.size(); ++i)
        if (piece[i] != SigmaPattern::any_one && piece[i] != text[i]) return false;
    return true;
}

std::size_t find_piece(std::string_view text, std::string_view piece, std::size_t from) {
    if (piece.find(SigmaPattern::any_one) == std::string_view::npos) return text.find(piece, from);
    for (std::size_t at = from; at + piece.size() <= text.size(); ++at)
        if (fits_at(text.substr(at), piece)) return at;
    return std::string_view::npos;
}

}  // namespace

SigmaPattern SigmaPattern::parse(std::string_view text, bool open_start, bool open_end) {
    SigmaPattern out;
    out.pieces_.emplace_back();
    const auto is_special = [](char c) { return c == '*' || c == '?' || c == '\\'; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\\' && i + 1 < text.size() && is_special(text[i + 1])) {
            out.pieces_.back() += text[++i];
        } else if (c == '*') {
            out.wild_ = true;
            if (out.pieces_.size() == 1 && out.pieces_[0].empty())
                out.open_start_ = true;
            else if (!out.pieces_.back().empty())
                out.pieces_.emplace_back();
            out.open_end_ = i + 1 == text.size();
        } else if (c == '?') {
            out.wild_ = true;
            out.pieces_.back() += any_one;
        } else {
            out.pieces_.back() += lower(c);
        }
    }
    if (out.pieces_.size() > 1 && out.pieces_.back().empty()) out.pieces_.pop_back();
    out.open_start_ |= open_start;
    out.open_end_ |= open_end;
    out.wild_ |= open_start || open_end;
    return out;
}

bool SigmaPattern::matches(std::string_view text) const {
    if (!wild_) return text == pieces_.front();
    std::size_t at = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        const std::string_view piece = pieces_[i];
        const bool last = i + 1 == pieces_.size();
        if (last && !open_end_) {
            if (text.size() < at + piece.size()) return false;
            const auto begin = text.size() - piece.size();
            if (i == 0 && !open_start_ && begin != 0) return false;
            return fits_at(text.substr(begin), piece);
        }
        if (i == 0 && !open_start_) {
            if (text.size() < piece.size() || !fits_at(text, piece)) return false;
            at = piece.size();
            continue;
        }
        const auto found = find_piece(text, piece, at);
        if (found == std::string_view::npos) return false;
        at = found + piece.size();
    }
    return true;
}

const std::string* SigmaPattern::exact() const { return wild_ ? nullptr : &pieces_.front(); }

}  // namespace vg::rules
