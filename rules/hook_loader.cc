#include "rules/hook_loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "rules/forms.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostHooks = 100;
constexpr int kMostSeconds = 3600;
constexpr int kMostAtOnce = 64;

HookEvent event_of(std::string_view word) {
  const auto* found = std::find(std::begin(kHookEvents), std::end(kHookEvents), word);
  return static_cast<HookEvent>(found - std::begin(kHookEvents));
}

// exec ends a word at a NUL: what runs would be another than what is read.
void refuse_wrong_words(const std::vector<std::string>& words, Place place, Problems& problems) {
  if (words.empty() || words.front().empty()) {
    problems.error(place, "'run' names no program");
  }
  for (const auto& word : words) {
    if (word.find('\0') != std::string::npos) problems.error(place, "'run' has a NUL in a word");
  }
}

void refuse_wrong_names(const std::vector<std::string>& names, Place place, Problems& problems) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
  for (const auto& name : names) {
    const bool is_name = !name.empty() && name.find_first_not_of(kAllowed) == std::string::npos &&
                         kDigits.find(name.front()) == std::string_view::npos;
    if (is_name) continue;
    problems.error(place, fmt::format("'{}' is no name of a variable",
                                      shortened(printable(name), 60)));
  }
}

TailoredHook read_hook(const YamlNode& node, const std::filesystem::path& file,
                       Problems& problems) {
  Fields fields(node, kHookForm, problems);
  TailoredHook tailored;
  Hook& hook = tailored.hook;
  if (const auto event = fields.word("event")) hook.event = event_of(*event);
  hook.run = fields.texts("run");
  if (node.member("run") != nullptr) refuse_wrong_words(hook.run, fields.place("run"), problems);
  hook.checks = fields.texts("checks");
  tailored.checks = fields.place("checks");
  if (node.member("checks") != nullptr && hook.checks.empty()) {
    problems.error(tailored.checks, "'checks' is empty; leave it out for all");
  }
  hook.folder = file.parent_path();
  hook.directory = fields.text("directory");
  hook.environment = fields.texts("environment");
  refuse_wrong_names(hook.environment, fields.place("environment"), problems);
  if (const auto seconds = fields.integer("seconds", 1, kMostSeconds)) {
    hook.limit = std::chrono::seconds(*seconds);
  }
  if (const auto at_once = fields.integer("at_once", 1, kMostAtOnce)) {
    hook.at_once = static_cast<std::size_t>(*at_once);
  }
  return tailored;
}

}  // namespace

std::vector<TailoredHook> read_hooks(const YamlNode& list, const std::filesystem::path& file,
                                     Problems& problems) {
  std::vector<TailoredHook> hooks;
  for (const auto& node : list.items) {
    if (hooks.size() >= kMostHooks) {
      problems.error(node.place, fmt::format("more than {} hooks", kMostHooks));
      return hooks;
    }
    hooks.push_back(read_hook(node, file, problems));
  }
  return hooks;
}

}  // namespace ciswatch
