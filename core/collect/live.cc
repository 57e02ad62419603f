#include "core/collect/live.h"

#include <fmt/format.h>

#include <utility>

#include "core/aws/endpoints.h"
#include "core/aws/retry.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kAsksWho = "GetCallerIdentity";
// In front of an account's id: a session that has not yet told whose it is signs for nobody else.
constexpr std::string_view kUnproven = "new ";
// Longer than any call takes with its retries; the shortest session of a role is 15 minutes.
constexpr UnixSeconds kBeforeTheEnd = 5 * 60;
// Who cannot renew now is not asked by every call.
constexpr UnixSeconds kBetweenAttempts = 30;

std::string in_words(const ApiError& error) {
  if (error.code.empty()) return printable(error.message);
  return fmt::format("{}: {}", printable(error.code), printable(error.message));
}

ApiAnswer not_tried(const ApiCall& call, const ApiError& why) {
  ApiAnswer answer;
  answer.region = call.region;
  answer.error = why;
  return answer;
}

}  // namespace

LiveSource::LiveSource(Client& client, std::string home, OwnAccount& own,
                       std::vector<LiveAccount> accounts)
    : client_(client), home_(std::move(home)), own_(own) {
  for (auto& account : accounts) {
    ids_.push_back(account.id);
    doors_[account.id].account = std::move(account);
  }
}

std::vector<std::string> LiveSource::accounts() const { return ids_; }

void LiveSource::send(ApiCall call, Done done) {
  const auto door = doors_.find(call.account_id);
  if (door != doors_.end()) return enter(door->second, {std::move(call), std::move(done)});
  if (call.operation != kAsksWho) return client_.send(std::move(call), std::move(done));
  client_.send(std::move(call), [this, done = std::move(done)](ApiAnswer answer) {
    if (answer.end == CallEnd::answered) {
      own_.tell(std::string(text_or_empty(answer.pages.front().response, "Account")));
    }
    done(std::move(answer));
  });
}

void LiveSource::run(const std::function<void()>& tick) {
  do {
    end_refused();
    client_.run([&] {
      end_refused();
      tick();
    });
  } while (!ended_.empty());
}

void LiveSource::end_refused() {
  while (!ended_.empty()) {
    auto [done, answer] = std::move(ended_.front());
    ended_.pop_front();
    done(std::move(answer));
  }
}

void LiveSource::enter(Door& door, Waiting waiting) {
  if (door.state == State::refused) {
    auto answer = not_tried(waiting.call, door.trouble);
    ended_.emplace_back(std::move(waiting.done), std::move(answer));
    return;
  }
  const UnixSeconds now = client_.time();
  const bool is_ending =
      door.expires != 0 && now >= door.expires - kBeforeTheEnd && now >= door.next_attempt;
  if (door.state == State::open && !is_ending) return pass(door, std::move(waiting));
  door.waiting.push_back(std::move(waiting));
  if (door.state != State::opening) open(door);
}

void LiveSource::pass(Door& door, Waiting waiting) {
  if (!door.account.role) return client_.send(std::move(waiting.call), std::move(waiting.done));
  ApiCall call = waiting.call;
  client_.send(std::move(call), [this, &door, generation = door.generation,
                                 waiting = std::move(waiting)](ApiAnswer answer) mutable {
    returned(door, generation, std::move(waiting), std::move(answer));
  });
}

void LiveSource::returned(Door& door, int generation, Waiting waiting, ApiAnswer answer) {
  const bool ended = answer.end == CallEnd::error && is_expired(answer.error);
  if (!ended || waiting.again) {
    if (ended && !door.trouble.message.empty()) {
      answer.error.message += " (and cannot be renewed: " + in_words(door.trouble) + ")";
    }
    return waiting.done(std::move(answer));
  }
  waiting.again = true;
  if (generation == door.generation) door.expires = 1;  // whatever STS said of its end
  enter(door, std::move(waiting));
}

void LiveSource::open(Door& door) {
  door.state = State::opening;
  if (door.generation > 0) door.next_attempt = client_.time() + kBetweenAttempts;
  if (!door.account.role) return identify(door);
  ApiCall call = assume_role_call(*door.account.role, home_);
  call.for_account = door.account.id;
  client_.send(std::move(call), [this, &door](ApiAnswer answer) {
    door.fresh = credentials_in(answer);
    if (!door.fresh) return failed(door, std::move(answer), "cannot take on the role");
    client_.add_account(std::string(kUnproven) + door.account.id, *door.fresh);
    identify(door);
  });
}

void LiveSource::identify(Door& door) {
  ApiCall call = caller_identity_call(partition_of(home_).first_region);
  call.account_id = door.fresh ? std::string(kUnproven) + door.account.id : door.account.id;
  client_.send(std::move(call), [this, &door](ApiAnswer answer) { told(door, std::move(answer)); });
}

void LiveSource::told(Door& door, ApiAnswer answer) {
  client_.remove_account(std::string(kUnproven) + door.account.id);
  if (answer.end != CallEnd::answered) {
    return failed(door, std::move(answer), "cannot ask who is calling");
  }
  const auto account = std::string(text_or_empty(answer.pages.front().response, "Account"));
  if (account != door.account.id) {
    answer.end = CallEnd::error;
    answer.error = {"WrongAccount", fmt::format("it is of account '{}'", account), 0};
    return failed(door, std::move(answer), "will not use what comes of the role");
  }
  if (door.generation == 0) ++opened_;
  ++door.generation;
  door.trouble = {};
  if (door.fresh) {
    door.expires = door.fresh->expires;
    client_.add_account(door.account.id, std::move(*door.fresh));
    door.fresh.reset();
  }
  release(door, std::move(answer));
}

// `answer` is that of AssumeRole or GetCallerIdentity.
void LiveSource::failed(Door& door, ApiAnswer answer, std::string_view doing) {
  door.fresh.reset();
  if (answer.end == CallEnd::answered) {
    answer.end = CallEnd::error;
    answer.error = {std::string(error_code::kMalformed), "STS's answer has no credentials", 0};
  }
  const auto& role = door.account.role;
  door.trouble = answer.error;
  if (answer.end == CallEnd::error) {
    door.trouble.message = fmt::format("{}{}{}: {}", doing, role ? " " : "", role ? role->arn : "",
                                       answer.error.message);
  }
  answer.error = door.trouble;
  answer.pages.clear();
  answer.region = partition_of(home_).first_region;
  if (door.generation == 0 && answer.end == CallEnd::error) {
    refused_.push_back({door.account.id, in_words(door.trouble)});
  }
  release(door, std::move(answer));
}

// Lets go what has waited. `identity` answers who asks, the first time, who the account is.
void LiveSource::release(Door& door, ApiAnswer identity) {
  door.state = door.generation == 0 ? State::refused : State::open;
  auto all = std::exchange(door.waiting, {});
  for (auto& waiting : all) {
    if (waiting.call.operation == kAsksWho) {
      waiting.done(std::move(identity));
    } else {
      enter(door, std::move(waiting));
    }
  }
}

}  // namespace ciswatch
