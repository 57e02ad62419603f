#include "cli/terraform_root.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/aws/endpoints.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/plan/shell_script.h"

namespace ciswatch {
namespace {

// The provider's first version whose buckets are set by resources of their own, and the next that nobody has tried.
constexpr std::string_view kVersions = R"(terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.5, < 7.0"
    }
  }
}
)";

constexpr std::string_view kRoleVariable = R"(variable "assume_role_arn" {
  type        = string
  default     = null
  description = "A role of the account to take on; without one the credentials are the account's own."
}
)";

std::string words_with_underscores(std::string_view text) {
  std::string name(text);
  std::replace_if(name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

std::string module_name(const BundlePart& part, const Deployment& place) {
  return words_with_underscores(part.id + '_' + place.region);
}

std::string providers(const std::string& account_id, std::span<const ModuleUse> modules) {
  std::set<std::string> regions;
  for (const auto& use : modules) {
    for (const auto* place : use.places) regions.insert(place->region);
  }
  std::string text;
  for (const auto& region : regions) {
    text += fmt::format(R"({0}provider "aws" {{
  alias               = "{1}"
  region              = "{2}"
  allowed_account_ids = ["{3}"]

  dynamic "assume_role" {{
    for_each = var.assume_role_arn[*]
    content {{
      role_arn = assume_role.value
    }}
  }}
}}
)",
                        text.empty() ? "" : "\n", words_with_underscores(region), region, account_id);
  }
  return text;
}

// NAME = VALUE, a line each, as `terraform fmt` aligns them.
std::string arguments(const std::vector<std::pair<std::string, std::string>>& given) {
  std::size_t longest = 0;
  for (const auto& [name, value] : given) longest = std::max(longest, name.size());
  std::string text;
  for (const auto& [name, value] : given) text += fmt::format("  {:<{}} = {}\n", name, longest, value);
  return text;
}

std::string module_call(const ModuleUse& use, const Deployment& place) {
  const auto& part = *use.part;
  std::vector<std::pair<std::string, std::string>> given = {
      {"source", fmt::format("\"../modules/{}\"", part.id)},
      {"providers", fmt::format("{{ aws = aws.{} }}", words_with_underscores(place.region))},
      {"place", fmt::format("{{ account_id = \"{}\", partition = \"{}\", region = \"{}\" }}", place.account_id,
                            partition_of(place.region).name, place.region)}};
  for (const auto& [name, value] : place.parameters) {
    const auto variable = terraform_name(name);
    given.emplace_back(variable, fmt::format("var.{}[\"{}\"].{}", words_with_underscores(part.id), place.region, variable));
  }
  auto text = fmt::format("module \"{}\" {{\n{}", module_name(part, place), arguments(given));
  if (&place != use.places.front()) {
    text += fmt::format("\n  depends_on = [module.{}]\n", module_name(part, *use.places.front()));
  }
  return text + "}\n";
}

std::string module_calls(std::span<const ModuleUse> modules) {
  std::string text;
  for (const auto& use : modules) {
    for (const auto* place : use.places) text += (text.empty() ? "" : "\n") + module_call(use, *place);
  }
  return text;
}

bool is_list(const BundlePart& part, std::string_view parameter) {
  return std::find(part.lists.begin(), part.lists.end(), parameter) != part.lists.end();
}

// The parameters that any of the places has.
std::set<std::string> parameters_of(const ModuleUse& use) {
  std::set<std::string> names;
  for (const auto* place : use.places) {
    for (const auto& [name, value] : place->parameters) names.insert(name);
  }
  return names;
}

std::string variables(std::span<const ModuleUse> modules) {
  std::string text(kRoleVariable);
  for (const auto& use : modules) {
    const auto names = parameters_of(use);
    if (names.empty()) continue;
    std::size_t longest = 0;
    for (const auto& name : names) longest = std::max(longest, terraform_name(name).size());
    text += fmt::format("\nvariable \"{}\" {{\n  type = map(object({{\n", words_with_underscores(use.part->id));
    for (const auto& name : names) {
      text += fmt::format("    {:<{}} = optional({})\n", terraform_name(name), longest,
                          is_list(*use.part, name) ? "list(string)" : "string");
    }
    text += "  }))\n  description = \"By the region of the module.\"\n}\n";
  }
  return text;
}

std::string value_json(const BundlePart& part, const std::string& name, const std::string& value) {
  if (!is_list(part, name)) return json_quote(value);
  std::vector<std::string> items;
  for (const auto& item : split(value, ',')) items.push_back(json_quote(item));
  return '[' + join(items, ", ") + ']';
}

std::string values(std::span<const ModuleUse> modules) {
  std::vector<std::string> parts;
  for (const auto& use : modules) {
    if (parameters_of(use).empty()) continue;
    std::vector<std::string> places;
    for (const auto* place : use.places) {
      std::vector<std::string> given;
      for (const auto& [name, value] : place->parameters) {
        given.push_back(fmt::format("{}: {}", json_quote(terraform_name(name)), value_json(*use.part, name, value)));
      }
      places.push_back(fmt::format("    {}: {{{}}}", json_quote(place->region), join(given, ", ")));
    }
    parts.push_back(fmt::format("  {}: {{\n{}\n  }}", json_quote(words_with_underscores(use.part->id)), join(places, ",\n")));
  }
  return parts.empty() ? "{}\n" : "{\n" + join(parts, ",\n") + "\n}\n";
}

}  // namespace

std::string terraform_name(std::string_view name) { return words_with_underscores(cli_name(name)); }

std::vector<std::pair<std::string, std::string>> terraform_root(const std::string& account_id,
                                                                std::span<const ModuleUse> modules) {
  return {{"versions.tf", std::string(kVersions)},
          {"providers.tf", providers(account_id, modules)},
          {"main.tf", module_calls(modules)},
          {"variables.tf", variables(modules)},
          {"terraform.tfvars.json", values(modules)}};
}

}  // namespace ciswatch
