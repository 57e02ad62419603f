#include "cli/flags.h"

namespace ciswatch {
namespace {

void add_live_accounts(CLI::App& app, AccountFlags& flags) {
  app.add_option("--accounts", flags.file, "read the accounts of this file, CSV or YAML")
      ->type_name("FILE");
  add_accounts(app, flags);
  app.get_option("--organization")->excludes("--accounts");
  app.add_option("--external-id", flags.external_id, "what the role's trust policy asks for");
  app.add_option("--role-session-name", flags.session_name,
                 "how CloudTrail names who took on the role (default ciswatch)");
  app.add_option("--role-duration", flags.duration, "seconds that a session lasts; it is renewed")
      ->check(CLI::Range(900u, 43'200u));
}

}  // namespace

void add_library(CLI::App& app, LibraryFlags& flags) {
  app.add_option("--checks-dir", flags.folders, "a folder of your own checks and packs (repeatable)")
      ->type_name("DIR");
  app.add_option("--config", flags.config,
                 "levels, settings, what is left out, folders (default ciswatch.yaml, if it is here)")
      ->type_name("FILE");
}

void add_selection(CLI::App& app, SelectionFlags& flags) {
  add_library(app, flags.library);
  app.add_option("--pack", flags.packs, "benchmark to judge by, or a section of one (default cis-aws-1.2.0)")
      ->type_name("PACK[:SECTION]");
  app.add_option("--check", flags.checks, "a check by id, or a file with one of your own")
      ->type_name("ID|FILE");
}

void add_pace(CLI::App& app, int& max_in_flight, double& max_rate) {
  app.add_option("--max-in-flight", max_in_flight,
                 "requests on the wire at a time (default 512; with --endpoint-url 16)")
      ->check(CLI::Range(1, 20'000));
  app.add_option("--max-rate", max_rate,
                 "requests a second of the whole run; the quotas of AWS are kept anyway")
      ->check(CLI::Range(0.1, 100'000.0));
}

void add_accounts(CLI::App& app, AccountFlags& flags) {
  app.add_option("--role", flags.role,
                 "take on this role in each account of --accounts or --organization; by its ARN, to "
                 "read its account alone")
      ->type_name("NAME|ARN");
  app.add_option("--session-tag", flags.session_tags, "a tag of the role's session (repeatable)")
      ->type_name("KEY=VALUE");
  auto* organization = app.add_flag("--organization", flags.organization,
                                    "read the accounts of the organization, as its management account "
                                    "or a delegated administrator lists them");
  app.add_option("--ou", flags.units,
                 "only those of this organizational unit and of all below it (repeatable)")
      ->type_name("OU-ID")
      ->needs(organization);
  app.add_option("--account-tag", flags.tags, "only accounts that have this tag (repeatable: all of them)")
      ->type_name("KEY=VALUE");
}

void add_connection(CLI::App& app, LiveFlags& flags) {
  app.add_option("--profile", flags.profile, "profile of the AWS configuration files");
  app.add_option("--region", flags.regions,
                 "read only this region (repeatable); the others become unknown");
  app.add_option("--endpoint-url", flags.endpoint_url, "send every call here instead of to AWS")
      ->type_name("URL");
  add_pace(app, flags.max_in_flight, flags.max_rate);
  add_live_accounts(app, flags.accounts);
}

void add_live(CLI::App& app, LiveFlags& flags) {
  add_connection(app, flags);
  auto* record =
      app.add_option("--record", flags.record, "also write every call and its answer as JSON Lines")
          ->type_name("FILE");
  app.add_flag("--resume", flags.resume,
               "go on with what an earlier run of the same left in OUTPUT.part, and ask again only what "
               "was not answered; begins where nothing was left")
      ->excludes(record)
      ->needs("--output");
  app.add_option("--deadline", flags.deadline,
                 "read for so many minutes at most; what is not read by then is unknown")
      ->type_name("MINUTES")
      ->check(CLI::Range(0.001, 100'000.0));
}

void add_shard(CLI::App& command, std::string& shard) {
  command
      .add_option("--shard", shard,
                  "only the accounts of this part, such as 1/8 to 8/8, by their ids alone; auto or auto/8: "
                  "the number is the task's of a Kubernetes, AWS Batch or Slurm array")
      ->type_name("NUMBER/COUNT");
}

void exclude_live(CLI::App& app, CLI::Option& other) {
  for (const auto* name :
       {"--profile", "--region", "--endpoint-url", "--record", "--max-in-flight", "--max-rate",
        "--resume", "--deadline", "--accounts", "--organization", "--account-tag", "--role", "--external-id",
        "--role-session-name", "--role-duration", "--session-tag"}) {
    app.get_option(name)->excludes(&other);
  }
}

}  // namespace ciswatch
