#include "core/collect/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>

#include "core/aws/operations.h"
#include "core/base/text.h"
#include "core/collect/shard.h"
#include "core/tables/table_spec.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestLine = 256u << 20;  // bytes; a line may hold all pages of a call

const JsonValue* member_of(const JsonValue& object, std::string_view name) {
  const JsonValue* value = find(object, fmt::format("/{}", name));
  return value == nullptr || value->IsNull() ? nullptr : value;
}

// Two lines are pages of one call when this is equal. Where an API is global the region does not
// take part: the account's own calls, and a bucket's, whose region is found out.
std::string call_key(const TableSpec& table, std::string_view account, std::string_view region,
                     std::string_view target) {
  const bool global = table.scope == Scope::account || table.service == "s3" || table.global;
  return fmt::format("{}\n{}\n{}\n{}", table.name, account, global ? "" : region,
                     table.scope == Scope::resource ? target : "");
}

// What a recorded call is about.
std::string target_of(const TableSpec& table, const JsonValue* params) {
  if (params == nullptr || table.parameter.empty()) return {};
  const auto second = table.second_parameter.empty()
                          ? std::string_view()
                          : text_or_empty(*params, table.second_parameter);
  return target_text(table, text_or_empty(*params, table.parameter), second);
}

UnixSeconds time_of(const JsonValue& line) {
  const JsonValue* time = member_of(line, "time");
  if (time == nullptr) return 0;
  constexpr double kYear9999 = 253402300799.0;
  if (time->IsNumber() && std::abs(time->GetDouble()) <= kYear9999) {
    return static_cast<UnixSeconds>(time->GetDouble());
  }
  const auto parsed = time->IsString() ? parse_iso8601(time->GetString()) : std::nullopt;
  if (!parsed) throw Error("'time' is neither ISO 8601 with a zone nor epoch seconds");
  return *parsed;
}

std::string required_text(const JsonValue& line, std::string_view name) {
  const auto text = text_or_empty(line, name);
  if (text.empty()) throw Error(fmt::format("'{}' is missing or no text", name));
  return std::string(text);
}

ApiError error_in(const JsonValue& line) {
  const JsonValue& error = *member_of(line, "error");
  const JsonValue* status = member_of(error, "status");
  return {std::string(text_or_empty(error, "code")), std::string(text_or_empty(error, "message")),
          status != nullptr && status->IsInt() ? status->GetInt() : 0};
}

// The continuation tokens that pages hand out and ask with. Each that was handed out must have been
// asked with, or the rest of the answer is missing from the file.
class Tokens {
 public:
  explicit Tokens(const Operation& operation) : paging_(operation.paging) {}

  void see(const JsonValue& line) {
    if (paging_.request.empty()) return;
    if (const JsonValue* params = member_of(line, "params"); params != nullptr) {
      asked_.insert(text(find(*params, fmt::format("/{}", paging_.request))));
    }
    const JsonValue* response = member_of(line, "response");
    if (response == nullptr) return;
    const JsonValue* more =
        paging_.more.empty() ? nullptr : find(*response, paging_.more);
    if (more != nullptr && more->IsFalse()) return;
    const std::string token = text(find(*response, paging_.response));
    if (token.empty() && more != nullptr) lost_ = true;  // there is more, and no way to it
    given_.insert(token);
  }

  [[nodiscard]] bool complete() const {
    return !lost_ && std::all_of(given_.begin(), given_.end(), [&](const std::string& token) {
      return token.empty() || asked_.contains(token);
    });
  }

 private:
  static std::string text(const JsonValue* token) {
    return token != nullptr && token->IsString() ? token->GetString() : "";
  }

  const Paging& paging_;
  std::set<std::string> asked_, given_;
  bool lost_ = false;
};

// The request as the API model types it, with the members that the operation always sends.
JsonValue params_json(const ApiCall& call, Json& document) {
  JsonValue params(rapidjson::kObjectType);
  for (const auto& fixed : find_operation(call.service, call.operation)->fixed) {
    JsonValue value;
    if (fixed.quoted) {
      value = json_text(fixed.value, document);
    } else {
      value.CopyFrom(parse_json(fixed.value), document.GetAllocator());
    }
    set_member(params, fixed.name, std::move(value), document);
  }
  for (const auto& [name, text] : call.params) {
    set_member(params, name, json_text(text, document), document);
  }
  return params;
}

}  // namespace

RecordingSource::RecordingSource(const std::vector<std::filesystem::path>& files,
                                 std::optional<Shard> shard)
    : shard_(shard) {
  for (const auto& file : files) read(file);
}

void RecordingSource::read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    throw Error(fmt::format("cannot read the recording {}: no such file, or no permission",
                            file.string()));
  }
  std::string text;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    if (trim(text).empty()) continue;
    try {
      if (text.size() > kLongestLine) throw Error("the line is longer than 256 MiB");
      add_line(text);
    } catch (const JsonError& error) {
      throw Error(fmt::format("{}:{}: the line is not JSON ({})", file.string(), number,
                              error.what()));
    } catch (const Error& error) {
      throw Error(fmt::format("{}:{}: {}", file.string(), number, error.what()));
    }
  }
}

void RecordingSource::add_line(const std::string& text) {
  const Json line = parse_json(text);
  if (!line.IsObject()) throw Error("the line is no JSON object");
  const auto account = required_text(line, "account");
  const auto service = required_text(line, "service");
  const auto operation = required_text(line, "operation");
  const auto region = required_text(line, "region");
  const JsonValue* response = member_of(line, "response");
  const JsonValue* error = member_of(line, "error");
  const JsonValue* params = member_of(line, "params");
  if ((response == nullptr) == (error == nullptr)) {
    throw Error("a call has either a 'response' or an 'error'");
  }
  if (!(response == nullptr ? error : response)->IsObject()) {
    throw Error(fmt::format("'{}' is no object", response == nullptr ? "error" : "response"));
  }
  if (params != nullptr && !params->IsObject()) throw Error("'params' is no object");
  const auto time = time_of(line);
  if (time != 0) {
    earliest_ = earliest_ == 0 ? time : std::min(earliest_, time);
    latest_ = std::max(latest_, time);
  }
  auto& regions = regions_[account];
  if (shard_ && !is_of(*shard_, account)) return;
  const TableSpec* table = find_table(service, operation);
  if (table == nullptr) return;
  if (table->scope == Scope::region) regions.insert(region);
  calls_[call_key(*table, account, region, target_of(*table, params))].push_back(
      {text, region, time});
}

std::vector<std::string> RecordingSource::accounts() const {
  std::vector<std::string> ids;
  for (const auto& entry : regions_) ids.push_back(entry.first);
  return ids;
}

std::vector<std::string> RecordingSource::known_regions(const std::string& account_id) const {
  const auto& regions = regions_.at(account_id);
  return {regions.begin(), regions.end()};
}

void RecordingSource::send(ApiCall call, Done done) {
  queue_.emplace_back(std::move(call), std::move(done));
}

void RecordingSource::run(const std::function<void()>& tick) {
  for (std::size_t count = 0; !queue_.empty(); ++count) {
    auto [call, done] = std::move(queue_.front());
    queue_.pop_front();
    done(answer(call));
    if (count % 100 == 0) tick();
  }
}

ApiAnswer RecordingSource::answer(const ApiCall& call) const {
  const TableSpec& table = *find_table(call.service, call.operation);
  const std::string key = call.params.empty() ? "" : call.params.front().second;
  const std::string second = call.params.size() < 2 ? "" : call.params[1].second;
  const auto found = calls_.find(call_key(table, call.account_id, call.region,
                                          key.empty() ? "" : target_text(table, key, second)));
  ApiAnswer answer;
  answer.region = call.region;
  if (found == calls_.end()) {
    answer.error.message = "the recording does not have this call";
    return answer;
  }
  answer.end = CallEnd::answered;
  Tokens tokens(*find_operation(call.service, call.operation));
  for (const auto& line : found->second) {
    Json json = parse_json(line.text);
    tokens.see(json);
    answer.region = line.region;
    answer.time = std::max(answer.time, line.time == 0 ? latest_ : line.time);
    ++answer.attempts;
    // Of a call recorded twice, once with an error, the error counts: it may have lost something.
    if (member_of(json, "error") != nullptr) {
      answer.end = CallEnd::error;
      answer.error = error_in(json);
    } else {
      Json response;
      response.CopyFrom(*member_of(json, "response"), response.GetAllocator());
      answer.pages.push_back({call, std::move(response)});
    }
  }
  if (answer.end == CallEnd::answered && !tokens.complete()) {
    answer.end = CallEnd::error;
    answer.error = {"IncompleteRecording", "the recording lacks further pages of this call", 0};
  }
  return answer;
}

void RecordingTap::send(ApiCall call, Done done) {
  inner_.send(call, [this, call, done = std::move(done)](ApiAnswer answer) {
    write(call, answer);
    done(std::move(answer));
  });
}

void RecordingTap::write(const ApiCall& call, const ApiAnswer& answer) {
  std::string account = call.account_id;
  if (account.empty() && !answer.pages.empty()) {  // GetCallerIdentity tells it
    account = text_or_empty(answer.pages.front().response, "Account");
  }
  const auto write_line = [&](const ApiCall& sent, const std::string& member) {
    Json document(rapidjson::kObjectType);
    file_.write(fmt::format(
        R"({{"account":{},"region":{},"service":"{}","operation":"{}","params":{},{},"time":"{}"}})"
        "\n",
        json_quote(account), json_quote(answer.region), call.service, call.operation,
        to_text(params_json(sent, document)), member, iso8601(answer.time)));
  };
  for (const auto& page : answer.pages) {
    write_line(page.call, fmt::format(R"("response":{})", to_text(page.response)));
  }
  if (answer.end == CallEnd::error) {
    write_line(call, fmt::format(R"("error":{{"code":{},"message":{},"status":{}}})",
                                 json_quote(answer.error.code), json_quote(answer.error.message),
                                 answer.error.status));
  }
}

}  // namespace ciswatch
