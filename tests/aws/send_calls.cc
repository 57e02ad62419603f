// Sends calls, also those that change something, for the tests from outside: the client as a program of
// its own, since no command gives it a call. One call a line on stdin ({"region","service","operation",
// "document"}), its answer as one line on stdout.
//
//   send_calls ENDPOINT ACCOUNT      credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "core/aws/client.h"
#include "core/base/json.h"

namespace ciswatch {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

ApiCall call_in(const Json& line, const char* account) {
  ApiCall call;
  call.account_id = account;
  call.region = text_or_empty(line, "region");
  call.service = text_or_empty(line, "service");
  call.operation = text_or_empty(line, "operation");
  call.document = to_text(line["document"]);
  return call;
}

std::string line_of(const ApiAnswer& answer) {
  Json line(rapidjson::kObjectType);
  const bool answered = answer.end == CallEnd::answered;
  set_member(line, "answered", JsonValue(answered), line);
  set_member(line, "code", json_text(answer.error.code, line), line);
  set_member(line, "message", json_text(answer.error.message, line), line);
  if (!answer.pages.empty()) {
    const Json& response = answer.pages.front().response;
    set_member(line, "response", JsonValue(response, line.GetAllocator()), line);
  }
  return to_text(line);
}

void run(const char* endpoint, const char* account) {
  ClientOptions options;
  options.may_write = true;
  options.endpoints.all = endpoint;
  Client client({variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"), ""}, options);
  std::string text;
  while (std::getline(std::cin, text)) {
    std::cout << line_of(call_once(client, call_in(parse_json(text), account))) << std::endl;
  }
}

}  // namespace
}  // namespace ciswatch

int main(int count, char** words) {
  if (count != 3) {
    std::fputs("send_calls ENDPOINT ACCOUNT\n", stderr);
    return 2;
  }
  ciswatch::run(words[1], words[2]);
  return 0;
}
