#pragma once

// Reading the members of a YAML map into values, with a diagnostic for each mistake. Reading goes
// on after a mistake, so that an author sees all of them at once.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/yaml_tree.h"

namespace ciswatch {

class Problems {
 public:
  Problems(std::string file, std::vector<Diagnostic>& list) : file_(std::move(file)), list_(list) {}

  void error(Place place, std::string text) { add(place, std::move(text), Severity::error); }
  void warning(Place place, std::string text) { add(place, std::move(text), Severity::warning); }

 private:
  void add(Place place, std::string text, Severity severity) {
    list_.push_back({file_, place.line, place.column, std::move(text), severity});
  }

  std::string file_;
  std::vector<Diagnostic>& list_;
};

enum class Need { required, optional };

// The words that a field takes; `meaning` names one of them in messages: "level".
struct WordList {
  std::string_view meaning;
  std::span<const std::string_view> list;
};

struct Form;

// A field that a map may have: for the loader, and for what tells editors of it.
struct FieldSpec {
  // text; scalar: any single value; scalars, texts: a list of them; values: a map of single values;
  // form: a map; forms: a list of maps; named: a map of maps, by names of the author's; tables: rows
  // of a snapshot's tables; document: a map of anything.
  enum class Kind { text, id, integer, scalar, word, texts, scalars, values, form, forms, named, tables,
                    document };

  std::string_view name;
  Need need;
  std::string_view doc;
  Kind kind = Kind::text;
  const WordList* words = nullptr;  // of a word
  const Form* form = nullptr;    // of form, forms and named: what each map may have
};

// What a map may have; `what` names it in messages: "a check".
struct Form {
  std::string_view what;
  std::span<const FieldSpec> fields;
};

class Fields {
 public:
  // Reports keys that the form does not have, and a node that is no map.
  Fields(const YamlNode& node, const Form& form, Problems& problems);

  // The value of each is empty when the field is missing or wrong; a diagnostic then says so. They
  // take a field's name in the form.
  std::string text(std::string_view name);
  std::optional<std::string> word(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  const YamlNode* map(std::string_view name);
  const YamlNode* sequence(std::string_view name);

  // The place of a field, or of the map where the field is missing.
  [[nodiscard]] Place place(std::string_view name) const;

 private:
  [[nodiscard]] const FieldSpec& spec(std::string_view name) const;
  const YamlNode* get(std::string_view name, YamlNode::Kind kind);

  const YamlNode& node_;
  const Form& form_;
  Problems& problems_;
};

}  // namespace ciswatch
