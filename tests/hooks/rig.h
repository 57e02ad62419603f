#pragma once

// A folder with programs in it, and hooks that run them.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "core/hooks/hook_run.h"

namespace ciswatch::rig {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "ciswatch-hooks-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error(name, {});
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // A program ./hook of a shell, and the hook that runs it.
  [[nodiscard]] Hook hook(std::string_view script, std::string_view shell = "/bin/sh") const {
    const auto file = path_ / "hook";
    std::ofstream(file) << "#!" << shell << "\n" << script << "\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    Hook hook;
    hook.run = {"./hook"};
    hook.folder = path_;
    return hook;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace ciswatch::rig
