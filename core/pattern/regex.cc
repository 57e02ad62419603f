#include "core/pattern/regex.h"

#include "core/pattern/characters.h"

namespace ciswatch {

// The instructions that are reached, each once: an instruction is new in a round while its number in
// `round` is not the round's.
struct Regex::States {
  explicit States(std::size_t size) : round(size) {}
  std::vector<std::size_t> characters;  // those that wait for one
  std::vector<std::size_t> open;        // still to be followed
  std::vector<std::size_t> round;
  std::size_t now = 0;
};

bool Regex::takes(const Instruction& instruction, char32_t character) const {
  const auto& set = sets_[instruction.other];
  return character < 128 ? set.ascii[character] : set.others;
}

// Follows all ways from `start` that need no character. True when one ends in the match.
bool Regex::add(States& states, std::size_t start, bool at_begin, bool at_end) const {
  using Kind = Instruction::Kind;
  states.open.push_back(start);
  while (!states.open.empty()) {
    const auto at = states.open.back();
    states.open.pop_back();
    if (states.round[at] == states.now) continue;
    states.round[at] = states.now;
    const auto& instruction = program_[at];
    switch (instruction.kind) {
      case Kind::match: return true;
      case Kind::character: states.characters.push_back(at); break;
      case Kind::begin:
        if (at_begin) states.open.push_back(instruction.next);
        break;
      case Kind::end:
        if (at_end) states.open.push_back(instruction.next);
        break;
      case Kind::split:
        states.open.push_back(instruction.other);
        states.open.push_back(instruction.next);
        break;
    }
  }
  return false;
}

// A byte that begins no character of UTF-8 is taken for one beyond ASCII.
bool Regex::found_in(std::string_view text) const {
  States states(program_.size());
  std::vector<std::size_t> before;
  for (std::size_t at = 0;;) {
    const bool at_end = at == text.size();
    before.swap(states.characters);
    states.characters.clear();
    ++states.now;
    if (at > 0) {
      std::size_t from = at - 1;
      while (from > 0 && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) --from;
      const auto byte = static_cast<unsigned char>(text[from]);
      const char32_t character = byte < 128 ? byte : 128U;
      for (const auto waiting : before) {
        const auto& instruction = program_[waiting];
        if (takes(instruction, character) && add(states, instruction.next, false, at_end)) {
          return true;
        }
      }
    }
    if (add(states, 0, at == 0, at_end)) return true;
    if (at_end) return false;
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
}

}  // namespace ciswatch
