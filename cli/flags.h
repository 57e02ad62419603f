#pragma once

// Flags that several commands have.

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "cli/commands.h"

namespace ciswatch {

// What the command line asks for, once it is read: returns the exit code.
using Run = std::function<int()>;

// Flags of `remediate` and its commands.
struct RemediateFlags {
  RemediationPlanFlags plan;
  RemediationBundleFlags bundle, short_bundle;  // short: without the command's name
  RemediationSimulateFlags simulate;
  RemediationApplyFlags apply;
  RemediationUndoFlags undo;
};
void add_remediate(CLI::App& app, RemediateFlags& flags, Run& run);

void add_library(CLI::App& app, LibraryFlags& flags);
void add_selection(CLI::App& app, SelectionFlags& flags);
void add_pace(CLI::App& app, int& max_in_flight, double& max_rate);
void add_shard(CLI::App& command, std::string& shard);

// What of the accounts decides on the permissions of who reads them.
void add_accounts(CLI::App& app, AccountFlags& flags);

// How accounts are reached.
void add_connection(CLI::App& app, LiveFlags& flags);

// That, and how they are read.
void add_live(CLI::App& app, LiveFlags& flags);

// Refuses the flags of add_live beside one that has nothing read.
void exclude_live(CLI::App& app, CLI::Option& other);

}  // namespace ciswatch
