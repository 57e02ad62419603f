#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/files.h"
#include "core/base/text.h"
#include "rules/forms.h"
#include "rules/loader.h"
#include "rules/waivers.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestPattern = 2048;
constexpr std::size_t kLongestText = 1000;
constexpr int kMostDays = 3650;

std::string shown(std::string_view text) { return shortened(printable(text), 80); }

// What a waiver's file has in common.
struct WaiverFile {
  const std::filesystem::path& path;
  const Library& library;
  Problems& problems;
  WaiverLimits limits = {};
};

const Requirement* find_requirement(const Pack& pack, std::string_view number) {
  const auto found =
      std::find_if(pack.requirements.begin(), pack.requirements.end(),
                   [&](const Requirement& requirement) { return requirement.number == number; });
  return found == pack.requirements.end() ? nullptr : &*found;
}

// "PACK/NUMBER": the checks that the requirement asks for.
std::vector<std::string> checks_of_requirement(std::string_view text, Place place,
                                               const WaiverFile& file) {
  const auto slash = text.find('/');
  const auto pack_id = text.substr(0, slash), number = text.substr(slash + 1);
  const auto* pack = file.library.pack(pack_id);
  std::vector<std::string> known;
  if (pack == nullptr) {
    for (const auto& other : file.library.packs) known.push_back(other.id);
    file.problems.error(place, fmt::format("there is no pack '{}'{}", shown(pack_id),
                                           did_you_mean(pack_id, known)));
    return {};
  }
  const auto* requirement = find_requirement(*pack, number);
  if (requirement != nullptr && !requirement->checks.empty()) return requirement->checks;
  for (const auto& other : pack->requirements) {
    if (!other.checks.empty()) known.push_back(other.number);
  }
  file.problems.error(
      place, requirement != nullptr
                 ? fmt::format("the requirement {} of {} has no check", shown(number), pack->id)
                 : fmt::format("{} has no requirement '{}'{}", pack->id, shown(number),
                               did_you_mean(number, known)));
  return {};
}

std::vector<std::string> read_checks(const std::string& text, Place place, const WaiverFile& file) {
  if (text.empty()) return {};
  if (text.find('/') != std::string::npos) {
    auto checks = checks_of_requirement(text, place, file);
    std::sort(checks.begin(), checks.end());
    return checks;
  }
  if (file.library.check(text) != nullptr) return {text};
  std::vector<std::string> ids;
  for (const auto& check : file.library.checks) ids.push_back(check.id);
  file.problems.error(place, fmt::format("there is no check '{}'{} (a waiver names one check, or one "
                                         "requirement as PACK/NUMBER)",
                                         shown(text), did_you_mean(text, ids)));
  return {};
}

std::string read_pattern(Fields& fields, std::string_view name, const YamlNode& node,
                         Problems& problems) {
  auto pattern = fields.text(name);
  if (pattern.size() > kLongestPattern) {
    problems.error(fields.place(name),
                   fmt::format("'{}' is longer than {} bytes", name, kLongestPattern));
  }
  if (!pattern.empty()) return pattern;
  const auto* given = node.member(name);
  if (given != nullptr && given->kind == YamlNode::Kind::scalar) {
    problems.error(given->place, fmt::format("'{}' is empty; leave it out for any", name));
  }
  return "*";
}

// A name for an account, a region in capitals: such a pattern would silently match nothing.
void refuse_wrong_patterns(const WaiverEntry& entry, const Fields& fields, Problems& problems) {
  const bool glob = entry.account.find('*') != std::string::npos;
  const bool digits = entry.account.find_first_not_of("0123456789*") == std::string::npos;
  if (!digits || (!glob && entry.account.size() != 12)) {
    problems.error(fields.place("account"),
                   fmt::format("'{}' is no account: 12 digits, of which '*' may stand for any",
                               shown(entry.account)));
  }
  constexpr std::string_view kInRegions = "abcdefghijklmnopqrstuvwxyz0123456789-*";
  if (entry.region.find_first_not_of(kInRegions) != std::string::npos) {
    problems.error(fields.place("region"),
                   fmt::format("'{}' is no region: such as us-east-1, or eu-*", shown(entry.region)));
  }
}

// In one line, as reports show it.
std::string read_words(Fields& fields, std::string_view name, Problems& problems) {
  auto words = fields.text(name);
  if (words.size() > kLongestText) {
    problems.error(fields.place(name),
                   fmt::format("'{}' is longer than {} bytes", name, kLongestText));
  }
  std::replace(words.begin(), words.end(), '\n', ' ');
  return words;
}

WaiverEntry read_waiver(const YamlNode& node, const WaiverFile& file) {
  auto& problems = file.problems;
  Fields fields(node, kWaiverForm, problems);
  WaiverEntry entry;
  entry.file = file.path;
  entry.place = node.place;
  entry.limits = file.limits;
  entry.check = fields.text("check");
  entry.checks = read_checks(entry.check, fields.place("check"), file);
  entry.account = read_pattern(fields, "account", node, problems);
  entry.region = read_pattern(fields, "region", node, problems);
  entry.resource = read_pattern(fields, "resource", node, problems);
  refuse_wrong_patterns(entry, fields, problems);
  auto& waiver = entry.waiver;
  waiver.owner = read_words(fields, "owner", problems);
  waiver.reason = read_words(fields, "reason", problems);
  waiver.ticket = read_words(fields, "ticket", problems);
  waiver.expires = fields.text("expires");
  if (const auto day = parse_date(waiver.expires)) {
    entry.last_day = *day;
  } else if (!waiver.expires.empty()) {
    problems.error(fields.place("expires"),
                   fmt::format("'{}' is no day; write it as 2027-01-31", shown(waiver.expires)));
  }
  return entry;
}

void read_file_fields(const YamlNode& root, WaiverFile& file, std::vector<WaiverEntry>& entries) {
  auto& problems = file.problems;
  Fields fields(root, kWaiverFileForm, problems);
  auto& limits = file.limits;
  if (const auto days = fields.integer("max_days", 0, kMostDays)) {
    limits.max_days = static_cast<int>(*days);
  }
  if (const auto days = fields.integer("warn_days", 0, kMostDays)) {
    limits.warn_days = static_cast<int>(*days);
  }
  if (const auto findings = fields.integer("max_findings", 0, 1'000'000'000)) {
    limits.max_findings = static_cast<std::size_t>(*findings);
  }
  const auto* list = fields.sequence("waivers");
  if (list == nullptr) return;
  for (const auto& node : list->items) {
    if (entries.size() >= kMostWaivers) {
      problems.error(node.place, fmt::format("more than {} waivers in all", kMostWaivers));
      return;
    }
    entries.push_back(read_waiver(node, file));
  }
}

// Whether all that `b` waives is waived by `a` too.
bool covers(const WaiverEntry& a, const WaiverEntry& b) {
  return matches_glob(a.resource, b.resource) && matches_glob(a.account, b.account) &&
         matches_glob(a.region, b.region) &&
         std::includes(a.checks.begin(), a.checks.end(), b.checks.begin(), b.checks.end());
}

// "" or what makes one of two waivers one too many; `later` stands after `earlier`.
std::string_view conflict(const WaiverEntry& earlier, const WaiverEntry& later) {
  const bool all_of_later = covers(earlier, later), all_of_earlier = covers(later, earlier);
  if (all_of_later && all_of_earlier) {
    const auto& a = earlier.waiver;
    const auto& b = later.waiver;
    const bool same = a.owner == b.owner && a.reason == b.reason && a.ticket == b.ticket &&
                      a.expires == b.expires;
    return same ? "this waiver is there already"
                : "another waiver of the same findings says something else of them";
  }
  if (all_of_later) return "another waiver waives all that this one does, and more";
  return all_of_earlier ? "this waives all that another waiver does, and more" : "";
}

// The waivers up to one, of which each may be in conflict with the next: there may be thousands, most
// of them of one resource, and comparing all with all takes long.
class Earlier {
 public:
  explicit Earlier(std::span<const WaiverEntry> entries) : entries_(entries) {}

  // nullptr if there is none.
  const WaiverEntry* conflicting(const WaiverEntry& later) const {
    const auto& resource = later.resource;
    const auto same = by_resource_.find(resource);
    const WaiverEntry* first = same == by_resource_.end() ? nullptr : among(same->second, later);
    const auto* other = among(is_pattern(resource) ? all_ : patterns_, later);
    return first == nullptr || (other != nullptr && other < first) ? other : first;
  }

  void add(std::size_t index) {
    const auto& resource = entries_[index].resource;
    all_.push_back(index);
    if (is_pattern(resource)) {
      patterns_.push_back(index);
    } else {
      by_resource_[resource].push_back(index);
    }
  }

 private:
  static bool is_pattern(std::string_view text) { return text.find('*') != std::string_view::npos; }

  const WaiverEntry* among(std::span<const std::size_t> some, const WaiverEntry& later) const {
    const auto found = std::find_if(some.begin(), some.end(), [&](std::size_t index) {
      return !conflict(entries_[index], later).empty();
    });
    return found == some.end() ? nullptr : &entries_[*found];
  }

  std::span<const WaiverEntry> entries_;
  std::vector<std::size_t> all_, patterns_;
  std::map<std::string_view, std::vector<std::size_t>> by_resource_;
};

void refuse_conflicts(std::span<const WaiverEntry> entries, std::vector<Diagnostic>& diagnostics) {
  Earlier earlier(entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& entry = entries[i];
    if (entry.checks.empty()) continue;  // is told of already
    if (const auto* other = earlier.conflicting(entry)) {
      diagnostics.push_back({entry.file.string(), entry.place.line, entry.place.column,
                             fmt::format("{}: {}:{}:{}; keep one of them", conflict(*other, entry),
                                         other->file.string(), other->place.line,
                                         other->place.column),
                             Severity::error});
    }
    earlier.add(i);
  }
}

}  // namespace

std::vector<WaiverEntry> read_waivers(std::span<const std::filesystem::path> files,
                                      const Library& library,
                                      std::vector<Diagnostic>& diagnostics) {
  std::vector<WaiverEntry> entries;
  for (const auto& path : files) {
    Problems problems(path.string(), diagnostics);
    WaiverFile file{path, library, problems};
    const auto text = read_file(path, kLongestFile);
    try {
      read_file_fields(parse_yaml(text), file, entries);
    } catch (const YamlError& error) {
      problems.error(error.place(), error.what());
    }
  }
  refuse_conflicts(entries, diagnostics);
  return entries;
}

std::vector<WaiverEntry> load_waivers(std::span<const std::filesystem::path> files,
                                      const Library& library) {
  std::vector<Diagnostic> diagnostics;
  auto entries = read_waivers(files, library, diagnostics);
  throw_on_errors(diagnostics);
  return entries;
}

std::string name_of(const WaiverEntry& entry) {
  return fmt::format("{}:{}", entry.file.string(), entry.place.line);
}

}  // namespace ciswatch
