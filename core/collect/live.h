#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/aws/caller.h"
#include "core/aws/client.h"
#include "core/aws/roles.h"
#include "core/collect/source.h"

namespace ciswatch {

// An account to read, and how to get into it.
struct LiveAccount {
  std::string id;
  std::optional<Role> role;  // taken on with the client's own credentials; nullopt: those themselves
};

// An account that nothing could be read of, and why.
struct RefusedAccount {
  std::string id;
  std::string why;
};

// AWS itself: the accounts that are named, or the one of the client's credentials.
//
// The first call of an account waits until its role is taken on and has told to be of this account;
// roles are taken on side by side with all other calls. Where that fails GetCallerIdentity ends with
// the error and all else as not_tried, for the same reason. Before a session ends, and where AWS
// calls it ended, the role is taken on anew, and asked again whose it is; until then the account's
// calls wait. A session that cannot be renewed stays in use: its calls say why.
class LiveSource : public Source {
 public:
  // `home` is the region that the configuration names: where roles are taken on, and read where no
  // list of regions can be had. `own` is where the id of the one account is told, once it is known.
  // Both references outlive the source.
  LiveSource(Client& client, std::string home, OwnAccount& own,
             std::vector<LiveAccount> accounts = {});

  [[nodiscard]] std::vector<std::string> accounts() const override;
  [[nodiscard]] std::vector<std::string> known_regions(const std::string&) const override {
    return {home_};
  }
  void send(ApiCall call, Done done) override;
  void run(const std::function<void()>& tick) override;

  [[nodiscard]] const std::vector<RefusedAccount>& refused() const { return refused_; }
  [[nodiscard]] std::size_t opened() const { return opened_; }  // accounts that could be asked

 private:
  struct Waiting {
    ApiCall call;
    Done done;
    bool again = false;  // refused once, for the age of its credentials
  };

  enum class State { closed, opening, open, refused };

  struct Door {
    LiveAccount account;
    State state = State::closed;
    std::optional<Credentials> fresh;  // not yet known to be of the account
    UnixSeconds expires = 0;           // of the session in use; 0: no end
    UnixSeconds next_attempt = 0;      // to renew it
    int generation = 0;                // of the session in use: 1 more with each; 0: none yet
    ApiError trouble;                  // why the account is refused, or the last renewal failed
    std::vector<Waiting> waiting;
  };

  void enter(Door& door, Waiting waiting);
  void pass(Door& door, Waiting waiting);
  void returned(Door& door, int generation, Waiting waiting, ApiAnswer answer);
  void open(Door& door);
  void identify(Door& door);
  void told(Door& door, ApiAnswer answer);
  void failed(Door& door, ApiAnswer answer, std::string_view doing);
  void release(Door& door, ApiAnswer identity);
  void end_refused();

  Client& client_;
  std::string home_;
  std::vector<std::string> ids_;
  std::map<std::string, Door> doors_;
  std::deque<std::pair<Done, ApiAnswer>> ended_;  // without having been sent
  OwnAccount& own_;
  std::vector<RefusedAccount> refused_;
  std::size_t opened_ = 0;
};

}  // namespace ciswatch
