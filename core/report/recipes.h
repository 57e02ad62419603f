#pragma once

// How to mend what a check has found, in the forms that its author wrote, with the names of the very
// resource put in.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/report/report.h"

namespace ciswatch {

// A "{{name}}" in a text: what a finding tells by that name is to stand there.
struct Placeholder {
  std::string_view name;  // made of a-z, 0-9 and '_', a letter first
  std::size_t begin, end;
};
// In their order. Braces around anything else are text.
std::vector<Placeholder> placeholders_of(std::string_view text);

// What stands for a name whatever the check: where the finding is; `partition` is that of its region, as
// in ARNs.
const std::vector<std::string>& names_of_every_finding();

// Whether a value of a stranger's stays one value, and no more, wherever it is put: as a word or in
// quotes in a shell, and in quotes in JSON, YAML and HCL; and is no option, file or address to the AWS CLI.
bool is_plain(std::string_view value);

// What a check's author wrote, made ready for many findings. Immutable; any thread.
class Recipes {
 public:
  // `escape` is applied to what the author wrote; plain values need none.
  using Escape = std::function<std::string(std::string_view)>;
  explicit Recipes(const CheckText& check, const Escape& escape = {});

  // (form, text) in the check's order, for a finding of its that failed. A name is one of every
  // finding's or one of its evidence. What is not known or not plain stands as NAME, in capitals, and
  // the form "text" says so.
  [[nodiscard]] std::vector<std::pair<std::string_view, std::string>> fit(const Finding& finding) const;

  // One form; "" if the check has none of that name. Without what the text would say of other forms.
  [[nodiscard]] std::string fit(std::string_view form, const Finding& finding) const;

 private:
  struct Form {
    std::string name;
    std::vector<std::string> parts;  // one more than
    std::vector<std::size_t> names;  // what stands between them, in names_
  };
  struct Values;
  [[nodiscard]] Values values_of(const Finding& finding) const;
  [[nodiscard]] std::string filled(const Form& form, const Values& values) const;

  Escape escape_;
  std::vector<std::string> names_, capitals_;
  std::vector<Form> forms_;
};

// The recipes of all checks of a head, which must outlive it.
class RecipeBook {
 public:
  explicit RecipeBook(const ReportHead& head, const Recipes::Escape& escape = {});

  // Of none if the head does not have the check.
  [[nodiscard]] const Recipes& of(const CheckText* check) const;

 private:
  std::map<const CheckText*, Recipes> recipes_;
  Recipes none_{CheckText{}};
};

}  // namespace ciswatch
