#pragma once

// What a file of a fix may say (rules/forms.h says it of the others).

#include "rules/forms.h"

namespace ciswatch {

inline constexpr FieldSpec kFixRowFields[] = {
    {"table", Need::required, "a table of the snapshot"},
    {"region", Need::optional, "whose; the call's own if left out"},
    {"target", Need::optional, "what the table's call is asked about, where it is asked of one thing"},
    {"key", Need::optional, "the row's key, in a table of several rows a call"},
    {"every_region", Need::optional, "other regions and accounts that show the row show it so, too",
     Kind::word, &kYesNo},
    {"set", Need::optional, "members of the API's item after the call; null: not there",
     Kind::document},
    {"item", Need::optional, "the whole item that the call makes, where there was none",
     Kind::document},
    {"gone", Need::optional, "the row is gone after the call", Kind::word, &kYesNo}};
inline constexpr Form kFixRowForm{"a changed row", kFixRowFields};

inline constexpr FieldSpec kFixFilledFields[] = {
    {"table", Need::required, "a table of the snapshot"},
    {"region", Need::optional, "whose; the call's own if left out"},
    {"target", Need::optional, "what the table's call is asked about, where it is asked of one thing"},
    {"key", Need::optional, "the row's key, in a table of several rows a call"},
    {"members", Need::required, "members of the API's item right after the call", Kind::document}};
inline constexpr Form kFixFilledForm{"a row that AWS fills in", kFixFilledFields};

inline constexpr FieldSpec kFixUndoFields[] = {
    {"call", Need::required, "service and operation: cloudtrail UpdateTrail"},
    {"params", Need::required, "its parameters, as the API names them", Kind::document},
    {"permissions", Need::required, "the IAM actions that it needs", Kind::texts}};
inline constexpr Form kFixUndoForm{"the undoing call", kFixUndoFields};

inline constexpr FieldSpec kFixLookupFields[] = {
    {"table", Need::required, "a table of the snapshot"},
    {"where", Need::required, "columns and the text that each has there", Kind::document}};
inline constexpr Form kFixLookupForm{"a lookup", kFixLookupFields};

inline constexpr FieldSpec kFixSettlesFields[] = {
    {"minutes", Need::required, "within about how many after the calls", Kind::integer},
    {"what", Need::required, "what AWS shows by then: events arrive in the log group"}};
inline constexpr Form kFixSettlesForm{"what settles", kFixSettlesFields};

inline constexpr FieldSpec kFixStepFields[] = {
    {"id", Need::required, "its name within the fix", Kind::id},
    {"when", Need::optional, "a column of the SQL: only for rows where it is 1"},
    {"region", Need::optional, "where it is made; the row's if left out"},
    {"call", Need::required, "service and operation: cloudtrail UpdateTrail"},
    {"params", Need::required, "its parameters, as the API names them", Kind::document},
    {"permissions", Need::required, "the IAM actions that it needs", Kind::texts},
    {"rows", Need::required, "what of the snapshot it changes", Kind::forms, nullptr, &kFixRowForm},
    {"filled_in", Need::optional,
     "what AWS is documented to fill in by itself: simulate takes it as given, nothing else reads it",
     Kind::forms, nullptr, &kFixFilledForm},
    {"undo", Need::optional, "the call that takes it back", Kind::form, nullptr, &kFixUndoForm},
    {"no_undo", Need::optional, "why it cannot be taken back"},
    {"lookup", Need::optional, "how to find what it made, where AWS chooses the name", Kind::form,
     nullptr, &kFixLookupForm},
    {"answer", Need::optional, "what AWS answers, made up, as far as later steps use it",
     Kind::document}};
inline constexpr Form kFixStepForm{"a step", kFixStepFields};

inline constexpr FieldSpec kExpectedCallFields[] = {
    {"call", Need::required, "service and operation"},
    {"account_id", Need::optional, "where it is made"},
    {"region", Need::optional, "where it is made"},
    {"params", Need::optional, "all of its parameters", Kind::document},
    {"undo", Need::optional, "all parameters of the undoing call", Kind::document}};
inline constexpr Form kExpectedCallForm{"an expected call", kExpectedCallFields};

inline constexpr FieldSpec kFixTestFields[] = {
    {"name", Need::required, "the fact that it proves"},
    {"settings", Need::optional, "settings of the fix", Kind::values},
    {"given", Need::required, "the rows of each table, judged by the checks that name the fix",
     Kind::tables},
    {"expect", Need::required, "all calls of the plan, in their order", Kind::forms, nullptr,
     &kExpectedCallForm},
    {"unplanned", Need::optional, "a part of the reason for each finding that is not planned for",
     Kind::texts}};
inline constexpr Form kFixTestForm{"a fix's test", kFixTestFields};

inline constexpr FieldSpec kFixFields[] = {
    {"id", Need::required, "the file's name without .yaml", Kind::id},
    {"title", Need::required, "what it does"},
    {"cost", Need::required, "what AWS charges for it"},
    {"risk", Need::required, "what it may break"},
    {"settles", Need::optional, "what AWS shows only later, so that the check cannot pass at once", Kind::form,
     nullptr, &kFixSettlesForm},
    {"settings", Need::optional, "what setting('name') tells the SQL", Kind::named, nullptr,
     &kSettingForm},
    {"sql", Need::required,
     "a row for each thing to mend: finding, account_id, region and what the steps use; blocked tells "
     "why it cannot be planned, touches is a JSON list of what else refers to it"},
    {"steps", Need::required, "the calls for a row, in their order", Kind::forms, nullptr,
     &kFixStepForm},
    {"tests", Need::required, "what is planned for what is found", Kind::forms, nullptr,
     &kFixTestForm}};
inline constexpr Form kFixForm{"a fix", kFixFields};

}  // namespace ciswatch
