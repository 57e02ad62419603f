// ciswatch checks new: a check file to begin with.

#include <fmt/format.h>

#include "cli/commands.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include "rules/library.h"
#include "rules/skeleton.h"

namespace ciswatch {
namespace {

const TableSpec& wanted_table(const std::string& name) {
  if (const auto* table = find_table(name)) return *table;
  std::vector<std::string> names;
  for (const auto* table : tables()) names.emplace_back(table->name);
  throw Error(fmt::format("--table: there is no table '{}'{} (ciswatch schema lists them)",
                          shortened(printable(name), 80), did_you_mean(name, names)));
}

}  // namespace

int checks_new_command(const NewCheckFlags& flags) {
  auto path = flags.file;
  if (path.extension() != ".yaml") path += ".yaml";
  const auto id = path.stem().string();
  if (!is_id(id)) {
    throw Error(fmt::format("'{}' is no id: it is made of a-z, 0-9, '-', '.' and '_'",
                            shortened(printable(id), 80)));
  }
  const auto text = check_skeleton(id, wanted_table(flags.table));
  if (std::filesystem::exists(path)) {
    throw Error(fmt::format("{} is there already; give another name", path.string()));
  }
  AsideFile file(path);
  file.write(text);
  file.commit();
  fmt::print(stderr, "ciswatch: wrote {0}\n  next: ciswatch checks lint {0} && ciswatch checks test {0}\n",
             path.string());
  return 0;
}

}  // namespace ciswatch
