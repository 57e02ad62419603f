#pragma once

// The program's commands: one function each, given its flags, returning the exit code. They throw
// Error for what the user has to mend (exit code 2).

#include <filesystem>
#include <string>
#include <vector>

namespace ciswatch {

inline constexpr int kExitUsage = 2;

struct LibraryFlags {
  std::vector<std::filesystem::path> folders;  // of the user's own checks and packs
  std::filesystem::path config;                // "": ./ciswatch.yaml, if it is there
};

struct SelectionFlags {
  std::vector<std::string> packs;   // ids, or PACK:SECTION
  std::vector<std::string> checks;  // ids, or files of the user's own
  LibraryFlags library = {};
};

// Which accounts are read, and the role that is taken on in each; nothing: the credentials' own.
struct AccountFlags {
  std::filesystem::path file;      // "" : none
  bool organization = false;       // those that AWS Organizations lists
  std::vector<std::string> units;  // of it
  std::vector<std::string> tags;   // KEY=VALUE: only accounts that have all of them
  std::vector<std::string> only;   // ids, by a plan: these, and all of them; none: whatever is chosen
  std::string role, external_id, session_name;
  unsigned duration = 0;  // seconds; 0: the service's default
  std::vector<std::string> session_tags;  // KEY=VALUE
};

struct LiveFlags {
  std::string profile, endpoint_url;
  std::vector<std::string> regions;
  std::filesystem::path record;  // "" for none
  std::string shard;             // NUMBER/COUNT or auto; "": every account
  int max_in_flight = 0;         // 0: what ClientOptions says
  double max_rate = 0;           // requests a second; 0: what AWS's quotas allow
  bool resume = false;           // go on with what stands in `<out>.part`
  double deadline = 0;           // minutes that reading may take; 0: any time
  AccountFlags accounts;
};

struct CollectFlags {
  SelectionFlags selection;
  LiveFlags live;
  std::filesystem::path out;
};

struct PlanFlags {
  SelectionFlags selection;
  std::vector<std::string> regions;  // none: the usual ones
  std::size_t accounts = 1;
  std::filesystem::path accounts_file;          // "": so many
  std::filesystem::path snapshot;               // an earlier one; "": counts of a usual account
  std::vector<std::filesystem::path> policies;  // of the identity that will collect
  int max_in_flight = 0;                        // as of LiveFlags, both
  double max_rate = 0;
  std::string format = "text";  // or json
};

struct ImportFlags {
  std::vector<std::filesystem::path> recordings;
  std::string shard;  // as of LiveFlags
  std::filesystem::path out;
};

struct MergeFlags {
  std::vector<std::filesystem::path> snapshots;
  std::filesystem::path out;
  bool force = false;
  bool allow_missing = false;
  unsigned jobs = 0;  // 0: as many threads as there are cores
};

struct ScanFlags {
  SelectionFlags selection;
  LiveFlags live;
  std::filesystem::path snapshot;  // "" : collect first
  std::filesystem::path previous;  // an earlier snapshot; "": judge everything
  std::filesystem::path out;       // keep what is collected here; "" : do not keep it
  std::vector<std::string> reports;  // FORMAT[=PATH]
  std::string fail_on = "critical";
  bool allow_unknown = false;
  double min_coverage = 0;  // percent
  std::string language = "en";
  unsigned jobs = 0;
  unsigned check_seconds = 60;
  std::vector<std::string> settings;  // CHECK.NAME=VALUE
  std::vector<std::string> closed_regions;
  std::vector<std::filesystem::path> waivers;  // files
  bool run_hooks = false;
};

struct WaiversFlags {
  std::vector<std::filesystem::path> files;
  std::filesystem::path snapshot;  // "": judged by today
};

struct PermissionsFlags {
  SelectionFlags selection;
  std::string format = "json";     // or terraform, cloudformation
  std::filesystem::path snapshot;  // "": print the policy; else compare with what happened there
  bool remediate = false;          // of who mends what the checks find
  std::filesystem::path plan;      // of who does this plan; "": none
  AccountFlags accounts;  // with a role: the policy of who takes it on
};

struct SqlFlags {
  LibraryFlags library;
  std::filesystem::path snapshot;
  std::string statement;         // "": read statements from stdin
  std::string format = "table";  // or json
};

struct ExplainFlags {
  LibraryFlags library;
  std::string check;               // an id, or a file of the user's own
  std::filesystem::path snapshot;  // "": without a result
};

struct RemediationPlanFlags {
  SelectionFlags selection;
  std::filesystem::path snapshot;
  std::filesystem::path out;           // "-": stdout
  std::vector<std::string> accounts;   // only findings of these; none: of all
  std::vector<std::string> settings;   // FIX.NAME=VALUE
  std::vector<std::filesystem::path> waivers;
};

struct RemediationBundleFlags {
  RemediationPlanFlags plan;  // out: the folder
  std::string format;         // cli, cloudformation or terraform
};

struct RemediationSimulateFlags {
  SelectionFlags selection;  // nothing: every check
  std::filesystem::path plan, snapshot;
  std::filesystem::path out;     // the changed copy; "": not kept
  std::string format = "text";  // or json
};

struct NewCheckFlags {
  std::filesystem::path file;  // ID or PATH/ID.yaml
  std::string table;
};

struct RemediationApplyFlags {
  LibraryFlags library;
  LiveFlags live;  // of who writes
  std::string reader_profile, reader_role;  // of who collects again; "": the same
  std::filesystem::path plan, journal;      // journal "": PLAN.journal
  std::string approve;                      // the plan's hash; "": only show
  std::size_t max_changes = 50;
  double max_age = 24;                // hours since the snapshot was collected
  std::vector<std::string> settings;  // CHECK.NAME=VALUE, as the plan's findings were judged with
  bool auto_undo = false;
  bool run_hooks = false;
  std::string format = "text";  // or json
};

struct RemediationUndoFlags {
  LiveFlags live;
  std::filesystem::path journal;
  std::string format = "text";  // or json
};

int collect_command(const CollectFlags& flags);
int plan_command(const PlanFlags& flags);
int import_command(const ImportFlags& flags);
int merge_command(const MergeFlags& flags);
int scan_command(const ScanFlags& flags);
int permissions_command(const PermissionsFlags& flags);
int remediation_plan_command(const RemediationPlanFlags& flags);
int remediation_simulate_command(const RemediationSimulateFlags& flags);
int remediation_bundle_command(const RemediationBundleFlags& flags);
int sql_command(const SqlFlags& flags);
int schema_command(const std::string& json);  // a kind of file, or "": the tables
int checks_list_command(const LibraryFlags& flags, bool markdown);
int checks_show_command(const LibraryFlags& flags, const std::string& id);
int checks_explain_command(const ExplainFlags& flags);
int checks_new_command(const NewCheckFlags& flags);
int checks_lint_command(const std::vector<std::filesystem::path>& paths);
int checks_test_command(const std::vector<std::filesystem::path>& paths);

int remediation_apply_command(const RemediationApplyFlags& flags);
int remediation_undo_command(const RemediationUndoFlags& flags);

int waivers_lint_command(const WaiversFlags& flags);

}  // namespace ciswatch
