#pragma once

// A sound-looking SQLite file in which reading one table has no end: its root becomes the top of a
// tower of pages, each of which names the next one hundreds of times.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/store/database.h"

namespace ciswatch {

inline void put_number(std::string& bytes, std::size_t at, std::size_t number, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    bytes[at + i] = static_cast<char>(number >> 8 * (width - 1 - i) & 0xFF);
  }
}

// An interior page of a table: `child` hundreds of times.
inline std::string page_of(std::size_t child, std::size_t size) {
  constexpr std::size_t kHeader = 12, kCell = 5, kCells = 400;
  std::string page(size, '\0');
  page[0] = 5;
  put_number(page, 3, kCells, 2);
  put_number(page, 5, size - kCells * kCell, 2);
  put_number(page, 8, child, 4);
  for (std::size_t i = 0; i < kCells; ++i) {
    const std::size_t cell = size - (i + 1) * kCell;
    put_number(page, kHeader + 2 * i, cell, 2);
    put_number(page, cell, child, 4);
    page[cell + 4] = 1;
  }
  return page;
}

inline void make_endless(const std::filesystem::path& path, const std::string& table) {
  std::size_t root = 0, size = 0;
  {
    auto database = Database::open_immutable(path.string());
    auto row = database.prepare("select rootpage from sqlite_schema where name = '" + table + "'");
    row.step();
    root = static_cast<std::size_t>(row.integer(0));
    auto pragma = database.prepare("pragma page_size");
    pragma.step();
    size = static_cast<std::size_t>(pragma.integer(0));
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::size_t pages = bytes.size() / size;
  bytes.resize(pages * size);  // without its seal
  bytes += bytes.substr((root - 1) * size, size);
  std::size_t child = ++pages;
  for (int level = 0; level < 6; ++level) {
    bytes += page_of(child, size);
    child = ++pages;
  }
  bytes.replace((root - 1) * size, size, page_of(child, size));
  put_number(bytes, 28, pages, 4);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace ciswatch
