#pragma once

// What the files that people write may say, as data: the loaders read by it, and `ciswatch schema
// --json` tells editors of it.

#include "core/hooks/hook.h"
#include "rules/fields.h"

namespace ciswatch {

using Kind = FieldSpec::Kind;

inline constexpr std::string_view kLevelWords[] = {"warn", "critical"};
inline constexpr WordList kLevels{"level", kLevelWords};
inline constexpr std::string_view kScopeWords[] = {"resource", "region", "account"};
inline constexpr WordList kScopes{"scope", kScopeWords};
inline constexpr std::string_view kCisLevelWords[] = {"1", "2"};
inline constexpr WordList kCisLevels{"CIS level", kCisLevelWords};
inline constexpr std::string_view kVerdictWords[] = {"pass", "warn", "critical", "unknown",
                                                     "not_applicable"};
inline constexpr WordList kVerdictNames{"verdict", kVerdictWords};
inline constexpr std::string_view kYesNoWords[] = {"true", "false"};
inline constexpr WordList kYesNo{"yes or no", kYesNoWords};

inline constexpr FieldSpec kSettingFields[] = {
    {"default", Need::required, "the value where the user sets none", Kind::scalar},
    {"values", Need::optional, "the values allowed; any if left out", Kind::scalars},
    {"doc", Need::optional, "what it does"},
    {"reads", Need::optional, "tables of the SQL, each with the one value that has it read",
     Kind::values}};
inline constexpr Form kSettingForm{"a setting", kSettingFields};

inline constexpr FieldSpec kRemediationFields[] = {
    {"text", Need::required, "how to mend it, in words; in each form {{name}} is a column of the SQL"},
    {"cli", Need::optional, "commands of the AWS CLI"},
    {"cloudformation", Need::optional, "a template"},
    {"terraform", Need::optional, "resources"},
    {"action", Need::optional, "the id of the fix that can mend it (checks/fixes)"},
    {"manual", Need::optional, "in its place: what people decide or do, so that no fix is planned"}};
inline constexpr Form kRemediationForm{"remediation", kRemediationFields};

// Of kFrameworks, of which each has its field.
inline constexpr FieldSpec kRelatedFields[] = {
    {"pci-dss-3.2.1", Need::optional, "PCI DSS 3.2.1", Kind::texts},
    {"pci-dss-4.0", Need::optional, "PCI DSS 4.0", Kind::texts},
    {"nist-800-53-r5", Need::optional, "NIST SP 800-53 r5", Kind::texts},
    {"iso-27001-2022", Need::optional, "ISO/IEC 27001:2022", Kind::texts},
    {"soc-2", Need::optional, "SOC 2", Kind::texts}};
inline constexpr Form kRelatedForm{"related", kRelatedFields};

inline constexpr FieldSpec kExpectedFields[] = {
    {"resource", Need::required, "as the row names it; the region or the account where it names none"},
    {"verdict", Need::required, "what the finding says", Kind::word, &kVerdictNames},
    {"level", Need::optional, "what it is, or would be, if it failed", Kind::word, &kLevels},
    {"account_id", Need::optional, "whose finding it is"},
    {"region", Need::optional, "where it is"},
    {"detail", Need::optional, "a part of its text"},
    {"waived", Need::optional, "whether a waiver covers it", Kind::word, &kYesNo}};
inline constexpr Form kExpectedForm{"an expected finding", kExpectedFields};

inline constexpr FieldSpec kTestFields[] = {
    {"name", Need::required, "the fact that it proves"},
    {"settings", Need::optional, "settings of the check", Kind::values},
    {"given", Need::required, "the rows of each table; columns left out are null", Kind::tables},
    {"expect", Need::required, "all findings, in any order", Kind::forms, nullptr, &kExpectedForm}};
inline constexpr Form kTestForm{"a test", kTestFields};

inline constexpr FieldSpec kCheckFields[] = {
    {"id", Need::required, "the file's name without .yaml", Kind::id},
    {"title", Need::required, "what it proves, as a sentence"},
    {"level", Need::required, "what a fault is", Kind::word, &kLevels},
    {"scope", Need::required, "what a row is about", Kind::word, &kScopes},
    {"why", Need::required, "why it matters"},
    {"settings", Need::optional, "what setting('name') tells the SQL", Kind::named, nullptr,
     &kSettingForm},
    {"sql", Need::required, "returns account_id, region, resource, ok and detail"},
    {"remediation", Need::required, "how to mend it", Kind::form, nullptr, &kRemediationForm},
    {"related", Need::optional, "requirements of other frameworks that it has to do with",
     Kind::form, nullptr, &kRelatedForm},
    {"tests", Need::required, "at least one passes, one fails and one is unknown", Kind::forms,
     nullptr, &kTestForm}};
inline constexpr Form kCheckForm{"a check", kCheckFields};

inline constexpr FieldSpec kRequirementFields[] = {
    {"number", Need::required, "its number in the benchmark, in quotes"},
    {"title", Need::required, "what it asks, in own words"},
    {"cis_level", Need::optional, "the benchmark's level", Kind::word, &kCisLevels},
    {"level", Need::optional, "what a fault is here; the checks' own if left out", Kind::word,
     &kLevels},
    {"checks", Need::required, "the ids of the checks that decide it", Kind::texts}};
inline constexpr Form kRequirementForm{"a requirement", kRequirementFields};

inline constexpr FieldSpec kPackFields[] = {
    {"id", Need::required, "the file's name without .yaml", Kind::id},
    {"title", Need::required, "the benchmark and its edition"},
    {"requirements", Need::required, "in the benchmark's order", Kind::forms, nullptr,
     &kRequirementForm}};
inline constexpr Form kPackForm{"a pack", kPackFields};

inline constexpr FieldSpec kWaiverFields[] = {
    {"check", Need::required, "the id of a check, or PACK/NUMBER for all checks of a requirement"},
    {"account", Need::optional, "12 digits; '*' stands for any text; any account if left out",
     Kind::scalar},
    {"region", Need::optional, "'*' stands for any text; any region if left out"},
    {"resource", Need::optional,
     "as findings name it; '*' stands for any text; any resource if left out"},
    {"owner", Need::required, "who answers for it"},
    {"reason", Need::required, "why it is accepted"},
    {"ticket", Need::optional, "where it was decided"},
    {"expires", Need::required, "its last day, YYYY-MM-DD, in UTC"}};
inline constexpr Form kWaiverForm{"a waiver", kWaiverFields};

inline constexpr FieldSpec kWaiverFileFields[] = {
    {"max_days", Need::optional,
     "how many days after the snapshot a waiver may expire; 180 if left out", Kind::integer},
    {"warn_days", Need::optional,
     "a waiver with so many days left, or fewer, is a finding; 14 if left out", Kind::integer},
    {"max_findings", Need::optional,
     "a waiver of more findings than these is a finding; 100 if left out", Kind::integer},
    {"waivers", Need::required, "who accepts which findings, why and until when", Kind::forms,
     nullptr, &kWaiverForm}};
inline constexpr Form kWaiverFileForm{"a waiver file", kWaiverFileFields};

inline constexpr FieldSpec kAccountFields[] = {
    {"id", Need::required, "12 digits, in quotes", Kind::scalar},
    {"role", Need::optional, "the role to take on in it, by name or ARN; --role's if left out"},
    {"external_id", Need::optional, "what the role's trust policy asks for; --external-id's if left out",
     Kind::scalar},
    {"regions", Need::optional, "read only these; those of --region if left out", Kind::texts},
    {"name", Need::optional, "what people call it", Kind::scalar},
    {"owner", Need::optional, "who answers for it", Kind::scalar},
    {"tags", Need::optional, "what --account-tag chooses by", Kind::values}};
inline constexpr Form kAccountForm{"an account", kAccountFields};

inline constexpr FieldSpec kAccountsFileFields[] = {
    {"accounts", Need::required, "the accounts to read", Kind::forms, nullptr, &kAccountForm}};
inline constexpr Form kAccountsFileForm{"an accounts file", kAccountsFileFields};

inline constexpr FieldSpec kTailoredCheckFields[] = {
    {"check", Need::required, "its id", Kind::id},
    {"level", Need::optional, "what a fault is, whatever packs say", Kind::word, &kLevels},
    {"settings", Need::optional, "as ciswatch checks show names them", Kind::values}};
inline constexpr Form kTailoredCheckForm{"a check's entry", kTailoredCheckFields};

inline constexpr FieldSpec kTailoredRequirementFields[] = {
    {"pack", Need::required, "its id", Kind::id},
    {"number", Need::required, "of the requirement, in quotes"},
    {"level", Need::optional, "what a fault is here", Kind::word, &kLevels},
    {"left_out", Need::optional, "why it is not judged; reports show this"}};
inline constexpr Form kTailoredRequirementForm{"a requirement's entry",
                                               kTailoredRequirementFields};

inline constexpr WordList kHookEventNames{"event", kHookEvents};
inline constexpr FieldSpec kHookFields[] = {
    {"event", Need::required, "when it runs", Kind::word, &kHookEventNames},
    {"run", Need::required,
     "the program and its arguments, for no shell; with a slash it is relative to this file, else it is found in "
     "PATH",
     Kind::texts},
    {"checks", Need::optional, "only for what these find; for all if left out", Kind::texts},
    {"directory", Need::optional, "where it runs, relative to this file; beside it if left out"},
    {"environment", Need::optional, "names of variables that it gets beside PATH, LANG, LC_ALL, TZ and TMPDIR",
     Kind::texts},
    {"seconds", Need::optional, "its time; 30 if left out", Kind::integer},
    {"at_once", Need::optional, "how many of it may run at a time; 4 if left out", Kind::integer}};
inline constexpr Form kHookForm{"a hook", kHookFields};

inline constexpr FieldSpec kTailoringFields[] = {
    {"folders", Need::optional, "of checks and packs of your own, beside this file", Kind::texts},
    {"checks", Need::optional, "what is changed of checks", Kind::forms, nullptr,
     &kTailoredCheckForm},
    {"requirements", Need::optional, "what is changed of requirements", Kind::forms, nullptr,
     &kTailoredRequirementForm},
    {"hooks", Need::optional, "programs that are run where --run-hooks is given", Kind::forms, nullptr,
     &kHookForm}};
inline constexpr Form kTailoringForm{"the configuration", kTailoringFields};

}  // namespace ciswatch
