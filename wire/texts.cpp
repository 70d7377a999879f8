#include "wire/texts.hpp"

namespace vg::wire {

void TextWriter::write(std::string_view text) {
    const auto clipped = clip(text);
    const auto [at, is_new] = known_.try_emplace(clipped, known_.size() + 1);
    out_.varint(is_new ? 0 : at->second);
    if (is_new) out_.text(clipped);
}

std::string TextReader::read(const char* field) {
    const auto number = in_.varint(field);
    if (number > known_.size()) in_.refuse(field, "names a text that was not given");
    if (!in_.ok()) return {};
    if (number == 0) known_.push_back(in_.text(field));
    const auto& text = number == 0 ? known_.back() : known_[static_cast<std::size_t>(number - 1)];
    total_ += text.size();
    if (total_ > limits::max_body) in_.refuse(field, "makes the texts too long in all");
    return in_.ok() ? text : std::string{};
}

}  // namespace vg::wire
