#pragma once

// A checksum behind the last page of an SQLite file. SQLite reads no further than its pages, so that
// any program can open a sealed file. One that changes it changes SQLite's own count of changes too,
// or cuts the seal off: such a file is read as one without a seal. What a bad disk or a bad copy
// does shows as a wrong checksum. It is no signature: whoever means to deceive can seal again.

#include <filesystem>

namespace ciswatch {

// Appends the seal to a finished file that is not open for writing. Throws Error.
void seal(const std::filesystem::path& file);

// Cuts a seal off, also half a one, so that the file can be written on; nothing from a file without
// one. Throws Error for a file whose seal is broken.
void unseal(const std::filesystem::path& file);

// False when the file's seal is broken: its bytes are not those that were written. Reads all of it.
// Throws Error when it cannot.
bool is_intact(const std::filesystem::path& file);

}  // namespace ciswatch
