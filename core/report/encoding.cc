#include "core/report/encoding.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "core/base/error.h"

namespace ciswatch {
namespace {

constexpr std::size_t kHeader = sizeof(std::uint64_t);  // the size of all, header included
constexpr std::size_t kLongestNumber = 10;              // 64 bits, seven a byte

// Calls `use` with each text of the call; the order is the encoding's.
template <typename Call, typename Use>
void each_text(Call& call, Use use) {
  for (auto* text : {&call.account_id, &call.region, &call.service, &call.operation, &call.target,
                     &call.outcome, &call.code, &call.message, &call.permission, &call.time}) {
    use(*text);
  }
}

// The waiver's texts in the encoding's order.
template <typename AWaiver>
auto texts_of(AWaiver& waiver) {
  return std::array{&waiver.owner, &waiver.reason, &waiver.ticket, &waiver.expires};
}

std::size_t room_for(std::string_view text) { return kLongestNumber + text.size(); }

// At least as many bytes as the finding takes.
std::size_t room_for(const Finding& finding) {
  std::size_t room = kHeader + (6 + finding.call_ids.size()) * kLongestNumber;
  for (const auto* text :
       {&finding.id, &finding.region, &finding.resource, &finding.detail, &finding.first_seen}) {
    room += room_for(*text);
  }
  for (const auto& [name, value] : finding.evidence) room += room_for(name) + room_for(value);
  for (const auto& call : finding.unanswered) {
    each_text(call, [&](const std::string& text) { room += room_for(text); });
  }
  if (finding.waived) {
    const auto& waiver = *finding.waived;
    for (const auto* text : texts_of(waiver)) room += room_for(*text);
  }
  return room;
}

// Writes where room was made before: no check of it for each piece.
class Writer {
 public:
  explicit Writer(char* at) : at_(at) {}

  void number(std::uint64_t number) {
    while (number >= 0x80) {
      *at_++ = static_cast<char>(number | 0x80);
      number >>= 7;
    }
    *at_++ = static_cast<char>(number);
  }

  void text(std::string_view text) {
    number(text.size());
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }

  [[nodiscard]] char* at() const { return at_; }

 private:
  char* at_;
};

// Kept findings come from a file: nothing is read beyond the end, whatever it says.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; at_ != end_ && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    fail();
  }

  // How many things follow, of which each takes a byte at least.
  std::size_t count() {
    const std::size_t number_of = number();
    if (number_of > left()) fail();
    return number_of;
  }

  template <typename Enum>
  Enum one_of(Enum last) {
    const auto value = number();
    if (value > static_cast<std::uint64_t>(last)) fail();
    return static_cast<Enum>(value);
  }

  void text(std::string& out) {
    const std::size_t size = count();
    out.assign(at_, size);
    at_ += size;
  }

  void expect_end() const {
    if (at_ != end_) fail();
  }

 private:
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  [[noreturn]] static void fail() { throw Error("findings that were kept are damaged"); }

  const char* at_;
  const char* end_;
};

}  // namespace

void encode(const Finding& finding, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + room_for(finding));
  Writer to(out.data() + start + kHeader);
  to.number(static_cast<std::uint64_t>(finding.verdict));
  to.number(static_cast<std::uint64_t>(finding.level));
  to.number(finding.waived.has_value() ? 1 : 0);
  for (const auto* text :
       {&finding.id, &finding.region, &finding.resource, &finding.detail, &finding.first_seen}) {
    to.text(*text);
  }
  to.number(finding.evidence.size());
  for (const auto& [name, value] : finding.evidence) {
    to.text(name);
    to.text(value);
  }
  to.number(finding.call_ids.size());
  for (const auto id : finding.call_ids) to.number(static_cast<std::uint64_t>(id));
  to.number(finding.unanswered.size());
  for (const auto& call : finding.unanswered) {
    each_text(call, [&](const std::string& text) { to.text(text); });
  }
  if (finding.waived) {
    for (const auto* text : texts_of(*finding.waived)) to.text(*text);
  }
  const auto size = static_cast<std::uint64_t>(to.at() - out.data()) - start;
  std::memcpy(out.data() + start, &size, kHeader);
  out.resize(start + size);
}

std::size_t encoded_size(std::string_view bytes) {
  std::uint64_t size = 0;
  if (bytes.size() >= kHeader) std::memcpy(&size, bytes.data(), kHeader);
  return size;
}

std::size_t decode(std::string_view bytes, Finding& finding) {
  const auto size = encoded_size(bytes);
  Reader in(size < kHeader || size > bytes.size() ? "" : bytes.substr(kHeader, size - kHeader));
  finding.verdict = in.one_of(Verdict::not_applicable);
  finding.level = in.one_of(Level::critical);
  const bool waived = in.number() != 0;
  for (auto* text : {&finding.id, &finding.region, &finding.resource, &finding.detail,
                     &finding.first_seen}) {
    in.text(*text);
  }
  finding.evidence.resize(in.count());
  for (auto& [name, value] : finding.evidence) {
    in.text(name);
    in.text(value);
  }
  finding.call_ids.resize(in.count());
  for (auto& id : finding.call_ids) id = static_cast<std::int64_t>(in.number());
  finding.unanswered.resize(in.count());
  for (auto& call : finding.unanswered) {
    each_text(call, [&](std::string& text) { in.text(text); });
  }
  finding.waived.reset();
  if (waived) {
    for (auto* text : texts_of(finding.waived.emplace())) in.text(*text);
  }
  in.expect_end();
  return size;
}

}  // namespace ciswatch
