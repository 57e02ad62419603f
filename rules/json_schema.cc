#include "rules/json_schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/tables/table_spec.h"
#include "rules/fix_forms.h"
#include "rules/forms.h"
#include "rules/loader.h"

namespace ciswatch {
namespace {

// Members are added in their order; those of members stand deeper.
class Object {
 public:
  Object& raw(std::string_view name, const std::string& json) {
    members_.push_back(json_quote(name) + ": " + json);
    return *this;
  }
  Object& text(std::string_view name, std::string_view value) { return raw(name, json_quote(value)); }

  [[nodiscard]] std::string json() const {
    if (members_.empty()) return "{}";
    std::string inside = join(members_, ",\n");
    for (std::size_t at = 0; (at = inside.find('\n', at)) != std::string::npos; at += 3) {
      inside.insert(at + 1, "  ");
    }
    return "{\n  " + inside + "\n}";
  }

 private:
  std::vector<std::string> members_;
};

std::string list_of(const std::vector<std::string>& jsons) {
  return "[" + join(jsons, ", ") + "]";
}

constexpr std::string_view kScalar = R"(["string", "number", "boolean"])";
constexpr std::string_view kScalarOrNull = R"(["string", "number", "boolean", "null"])";

// YAML makes numbers and booleans of some words.
std::string words_json(const WordList& words) {
  std::vector<std::string> jsons;
  for (const auto word : words.list) {
    const bool literal = word == "true" || word == "false" || (word[0] >= '0' && word[0] <= '9');
    if (literal) jsons.emplace_back(word);
    jsons.push_back(json_quote(word));
  }
  return list_of(jsons);
}

std::string form_json(const Form& form, std::string_view doc);

std::string array_json(Object array, const std::string& items) {
  return array.text("type", "array").raw("items", items).json();
}

std::string column_json(Type type) {
  switch (type) {
    case Type::json:
    case Type::document: return "{}";
    case Type::boolean:
    case Type::enabled: return R"({"enum": [0, 1, true, false, null]})";
    case Type::integer:
    case Type::digits: return R"({"type": ["integer", "null"]})";
    case Type::real: return R"({"type": ["number", "null"]})";
    case Type::text:
    case Type::timestamp: break;
  }
  return fmt::format(R"({{"type": {}}})", kScalarOrNull);
}

std::string row_json(const std::string& table) {
  Object columns;
  for (const auto& column : columns_of(table)) columns.raw(column.name, column_json(column.type));
  Object row;
  row.text("type", "object").raw("additionalProperties", "false").raw("properties", columns.json());
  return array_json({}, row.json());
}

std::string tables_json(Object map) {
  Object tables;
  for (const auto& table : table_names()) {
    tables.raw(table, fmt::format(R"({{"$ref": "#/$defs/{}"}})", table));
  }
  return map.text("type", "object")
      .raw("additionalProperties", "false")
      .raw("properties", tables.json())
      .json();
}

std::string field_json(const FieldSpec& field) {
  Object about;
  about.text("description", field.doc);
  switch (field.kind) {
    case FieldSpec::Kind::text:
      about.text("type", "string");
      if (field.need == Need::required) about.raw("minLength", "1");
      return about.json();
    case FieldSpec::Kind::id: return about.text("type", "string").text("pattern", "^[a-z0-9._-]+$").json();
    case FieldSpec::Kind::integer: return about.text("type", "integer").json();
    case FieldSpec::Kind::scalar: return about.raw("type", std::string(kScalar)).json();
    case FieldSpec::Kind::word: return about.raw("enum", words_json(*field.words)).json();
    case FieldSpec::Kind::texts: return array_json(about, R"({"type": "string"})");
    case FieldSpec::Kind::scalars: return array_json(about, fmt::format(R"({{"type": {}}})", kScalar));
    case FieldSpec::Kind::values:
      return about.text("type", "object")
          .raw("additionalProperties", fmt::format(R"({{"type": {}}})", kScalar))
          .json();
    case FieldSpec::Kind::form: return form_json(*field.form, field.doc);
    case FieldSpec::Kind::forms: return array_json(about, form_json(*field.form, field.form->what));
    case FieldSpec::Kind::named:
      return about.text("type", "object")
          .raw("additionalProperties", form_json(*field.form, field.form->what))
          .json();
    case FieldSpec::Kind::tables: return tables_json(about);
    case FieldSpec::Kind::document: return about.text("type", "object").json();
  }
  return "{}";
}

void add_form(Object& schema, const Form& form, std::string_view doc) {
  Object properties;
  std::vector<std::string> required;
  for (const auto& field : form.fields) {
    properties.raw(field.name, field_json(field));
    if (field.need == Need::required) required.push_back(json_quote(field.name));
  }
  schema.text("description", doc)
      .text("type", "object")
      .raw("additionalProperties", "false")
      .raw("required", list_of(required))
      .raw("properties", properties.json());
}

std::string form_json(const Form& form, std::string_view doc) {
  Object schema;
  add_form(schema, form, doc);
  return schema.json();
}

// Of the tables, which only tests of checks name.
std::string definitions() {
  Object tables;
  for (const auto& table : table_names()) tables.raw(table, row_json(table));
  return tables.json();
}

struct FileKind {
  std::string_view name;
  const Form* form;
};
constexpr FileKind kFileKinds[] = {{"check", &kCheckForm},
                                   {"pack", &kPackForm},
                                   {"fix", &kFixForm},
                                   {"config", &kTailoringForm},
                                   {"waivers", &kWaiverFileForm},
                                   {"accounts", &kAccountsFileForm}};

}  // namespace

std::vector<std::string> schema_kinds() {
  std::vector<std::string> names;
  for (const auto& kind : kFileKinds) names.emplace_back(kind.name);
  return names;
}

std::string json_schema(std::string_view kind) {
  const auto* known = std::find_if(std::begin(kFileKinds), std::end(kFileKinds),
                                   [&](const FileKind& file) { return file.name == kind; });
  if (known == std::end(kFileKinds)) {
    const auto names = schema_kinds();
    throw Error(fmt::format("there is no schema of '{}'{} (there are {})",
                            shortened(printable(kind), 60), did_you_mean(kind, names),
                            join(names, ", ")));
  }
  Object schema;
  schema.text("$schema", "https://json-schema.org/draft/2020-12/schema")
      .text("title", fmt::format("ciswatch: {}", known->form->what));
  add_form(schema, *known->form, fmt::format("{} of ciswatch", known->form->what));
  if (known->form == &kCheckForm || known->form == &kFixForm) schema.raw("$defs", definitions());
  return schema.json() + "\n";
}

}  // namespace ciswatch
