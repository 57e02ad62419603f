#pragma once

// What the files of the HTML report share; nobody else includes it.

#include <map>
#include <string>
#include <string_view>

#include "core/report/recipes.h"
#include "core/report/report.h"
#include "reporters/calls.h"
#include "reporters/escape.h"
#include "reporters/output.h"
#include "reporters/sections.h"
#include "reporters/words.h"

namespace ciswatch::html {

// One page being written. Not shared between threads.
struct Page {
  const Report& report;
  Language language;
  Output& out;
  AnsweredCalls& calls;
  const RecipeBook& recipes;
  std::map<std::string_view, std::size_t> fixes = {};  // by check: how many findings have theirs

  [[nodiscard]] std::string_view say(const Words& words) const { return words.in(language); }
};

// The only style sheet; the Content-Security-Policy carries its hash.
std::string_view style_sheet();

// Symbol and word: colour is never the only sign.
std::string chip(const Page& page, Verdict verdict, bool waived = false);
std::string symbol_of(Verdict verdict);

// "2 waived", or nothing for none.
std::string waived_chip(const Page& page, std::size_t waived);

// "Account 111111111111", or what stands for those findings that are of none.
std::string heading_of_account(const Page& page, std::string_view account_id);

// The counts of a summary, large.
void write_tiles(Page& page, const Counts& counts);

// `<th scope="col">` for each of the words.
void write_columns(Page& page, std::initializer_list<Words> words);

// "2026-11-22 02:00:00Z" in a <time>, or the text as it stands if it is no time.
std::string time_element(std::string_view iso8601);

// An account: its counts, what could not be read, its requirements, its findings.
void write_account(Page& page, const AccountPart& part, std::size_t number);

// The kinds of finding that there are, as the class names " critical waived" in the alphabet's
// order; `shelf` leaves out those that stand elsewhere.
enum class Shelf { open, passed, not_applicable };
std::string kinds_in(const Counts& counts);
Counts counts_on(const Counts& counts, Shelf shelf);

// The findings of a section that are wanted, as one table; nothing if there are none. Very many are
// cut, and the page says so.
void write_findings(Page& page, const Section& section, Shelf shelf);

}  // namespace ciswatch::html
