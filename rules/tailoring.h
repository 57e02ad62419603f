#pragma once

// What a user changes of the checks and packs without a copy of them: one YAML file (docs/tailoring.md).

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rules/library.h"

namespace ciswatch {

struct TailoredSetting {
  std::string name, value;
  Place place;
};

struct TailoredCheck {
  std::string check;
  std::optional<Level> level;
  std::vector<TailoredSetting> settings;
  Place place;
};

struct TailoredRequirement {
  std::string pack, number;
  std::optional<Level> level;
  std::string left_out;  // the reason; "" if it is not
  Place place;
};

struct TailoredHook {
  Hook hook;
  Place checks;  // where they are named
};

struct Tailoring {
  std::filesystem::path file;
  std::vector<std::filesystem::path> folders;  // of the user's checks and packs, beside the file
  std::vector<TailoredCheck> checks;
  std::vector<TailoredRequirement> requirements;
  std::vector<TailoredHook> hooks;
};

// Throws Error with the first few mistakes, each as "file:line:column: what".
Tailoring load_tailoring(const std::filesystem::path& file);

// Changes the library's checks and packs, and hands it the hooks; its folders are the caller's to add before. Throws Error as
// above for a check, a setting, a value, a pack or a number that is none.
void tailor(Library& library, const Tailoring& tailoring);

}  // namespace ciswatch
