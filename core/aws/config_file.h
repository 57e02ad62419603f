#pragma once

// The INI dialect of ~/.aws/config and ~/.aws/credentials.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace ciswatch {

// Key → value. The keys of a nested block ("s3 =" and indented lines) are joined by a dot:
// "s3.endpoint_url". Keys are in lower case.
using ConfigSection = std::map<std::string, std::string, std::less<>>;

// Section title, as written but for surrounding and repeated blanks and for quotes around the last
// word ("default", "profile audit", "services dev") → its keys.
using ConfigFile = std::map<std::string, ConfigSection, std::less<>>;

// Throws Error "path:line: …" for a line that is neither title, key, comment nor blank, for a key
// before the first title, for a title or key that is there twice. Values are not repeated in it.
ConfigFile parse_config(std::string_view text, const std::filesystem::path& path);

// An absent file is an empty one. Throws Error when it cannot be read, too.
ConfigFile read_config(const std::filesystem::path& path);

}  // namespace ciswatch
