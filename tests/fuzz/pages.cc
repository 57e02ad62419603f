#include "tests/fuzz/pages.h"

#include <algorithm>

namespace ciswatch::fuzz {
namespace {

constexpr std::size_t kFileHeader = 100;

struct Page {
  std::size_t begin = 0;   // in the file
  std::size_t header = 0;  // of its B-tree, in the file
  std::size_t end = 0;
};

std::size_t page_size(const Bytes& bytes) {
  const std::size_t size = bytes.size() > 17 ? bytes[16] * 256u + bytes[17] : 0;
  const bool sound = size >= 512 && (size & (size - 1)) == 0;
  return sound ? size : 4096;
}

Page any_page(const Bytes& bytes, Dice& dice) {
  const auto size = page_size(bytes);
  const auto number = dice.below((bytes.size() + size - 1) / size);
  const auto begin = number * size;
  return {begin, begin + (number == 0 ? kFileHeader : 0), std::min(begin + size, bytes.size())};
}

void change_byte(Bytes& bytes, std::size_t at, Dice& dice) {
  if (at >= bytes.size()) return;
  constexpr std::uint8_t kEdges[] = {0x00, 0x01, 0x7F, 0x80, 0x81, 0xFE, 0xFF};
  switch (dice.below(4)) {
    case 0:
      bytes[at] = dice.of(kEdges);
      break;
    case 1:
      bytes[at] = static_cast<std::uint8_t>(dice.below(256));
      break;
    case 2:
      bytes[at] = static_cast<std::uint8_t>(bytes[at] + (dice.one_in(2) ? 1 : 255));
      break;
    default:
      bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 1u << dice.below(8));
      break;
  }
}

void change_file_header(Bytes& bytes, Dice& dice) {
  change_byte(bytes, dice.below(kFileHeader), dice);
}

void change_page_header(Bytes& bytes, Dice& dice) {
  change_byte(bytes, any_page(bytes, dice).header + dice.below(12), dice);
}

// The places of the cells follow the page's header, two bytes each.
void change_cell_pointer(Bytes& bytes, Dice& dice) {
  const auto page = any_page(bytes, dice);
  if (page.header + 5 > bytes.size()) return;
  const std::size_t cells = bytes[page.header + 3] * 256u + bytes[page.header + 4];
  change_byte(bytes, page.header + 8 + dice.below(std::min<std::size_t>(cells * 2 + 4, 800)), dice);
}

// A cell begins with the sizes of its payload and header, then the types of its values.
void change_cell(Bytes& bytes, Dice& dice) {
  const auto page = any_page(bytes, dice);
  if (page.header + 12 > bytes.size()) return;
  const std::size_t cells = bytes[page.header + 3] * 256u + bytes[page.header + 4];
  const auto pointer = page.header + 8 + 2 * dice.below(cells);
  if (pointer + 2 > bytes.size()) return;
  const auto cell = page.begin + bytes[pointer] * 256u + bytes[pointer + 1];
  change_byte(bytes, cell + dice.below(dice.one_in(2) ? 20 : 200), dice);
}

void change_any_byte(Bytes& bytes, Dice& dice) {
  change_byte(bytes, dice.below(bytes.size()), dice);
}

void copy_page(Bytes& bytes, Dice& dice) {
  const auto from = any_page(bytes, dice), to = any_page(bytes, dice);
  const auto size = std::min(from.end - from.begin, to.end - to.begin);
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(from.begin), size,
              bytes.begin() + static_cast<std::ptrdiff_t>(to.begin));
}

void swap_pages(Bytes& bytes, Dice& dice) {
  const auto a = any_page(bytes, dice), b = any_page(bytes, dice);
  const auto size = std::min(a.end - a.begin, b.end - b.begin);
  std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(a.begin),
                   bytes.begin() + static_cast<std::ptrdiff_t>(a.begin + size),
                   bytes.begin() + static_cast<std::ptrdiff_t>(b.begin));
}

void clear_page(Bytes& bytes, Dice& dice) {
  const auto page = any_page(bytes, dice);
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(page.begin),
            bytes.begin() + static_cast<std::ptrdiff_t>(page.end),
            static_cast<std::uint8_t>(dice.one_in(2) ? 0 : 0xFF));
}

void put_number(Bytes& bytes, std::size_t at, std::size_t number) {
  for (std::size_t i = 0; i < 4; ++i)
    bytes[at + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
}

// An interior page whose children are all one page, itself or another: a tree without an end, or
// one that is a thousand times wider than the file. 5 is the kind of a table's, 2 of an index's.
void bend_tree(Bytes& bytes, Dice& dice) {
  const auto page = any_page(bytes, dice);
  const auto size = page_size(bytes);
  if (page.end - page.begin < size) return;
  const auto child = dice.below(bytes.size() / size) + 1;
  constexpr std::size_t kCell = 8;  // a child and a row number
  const auto room = (page.end - page.header - 12) / (kCell + 2);
  const auto cells = dice.below(room);
  bytes[page.header] = 5;
  bytes[page.header + 3] = static_cast<std::uint8_t>(cells >> 8);
  bytes[page.header + 4] = static_cast<std::uint8_t>(cells);
  put_number(bytes, page.header + 8, child);
  for (std::size_t i = 0; i < cells; ++i) {
    const auto cell = page.end - kCell * (i + 1);
    put_number(bytes, cell, child);
    bytes[cell + 4] = static_cast<std::uint8_t>(i & 0x7F);
    const auto place = cell - page.begin, pointer = page.header + 12 + 2 * i;
    bytes[pointer] = static_cast<std::uint8_t>(place >> 8);
    bytes[pointer + 1] = static_cast<std::uint8_t>(place);
  }
}

// The header then says that the file is as long as it is: what was lost is found out later.
void cut(Bytes& bytes, Dice& dice) {
  const auto size = page_size(bytes);
  bytes.resize(dice.one_in(2) ? dice.below(bytes.size()) : dice.below(bytes.size() / size) * size);
  if (bytes.size() >= kFileHeader && !dice.one_in(4)) put_number(bytes, 28, bytes.size() / size);
}

}  // namespace

void change_pages(Bytes& bytes, Dice& dice) {
  constexpr void (*kChanges[])(Bytes&, Dice&) = {
      change_file_header,  change_page_header, change_page_header, change_cell_pointer,
      change_cell_pointer, change_cell,        change_cell,        change_cell,
      change_cell,         change_any_byte,    copy_page,          swap_pages,
      clear_page,          bend_tree,          bend_tree,          cut};
  const auto times = 1 + dice.below(4);
  for (std::size_t i = 0; i < times && bytes.size() > kFileHeader; ++i)
    dice.of(kChanges)(bytes, dice);
}

}  // namespace ciswatch::fuzz
