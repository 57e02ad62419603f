#include "core/remediate/apply.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/plan/members.h"
#include "core/remediate/answers.h"
#include "core/remediate/order.h"
#include "core/remediate/settling.h"
#include "core/remediate/words.h"

namespace ciswatch {
namespace {

constexpr std::chrono::milliseconds kLook{20};  // while nothing but pauses is to come

// One run: all its steps, on the source's event loop.
class Run {
 public:
  Run(Source& source, Journal& journal, Direction direction, const ApplyOptions& options)
      : source_(source),
        reader_(source),
        journal_(journal),
        direction_(direction),
        options_(options),
        settling_(options.settle, options.settle_pause),
        answers_(made_in(journal, Direction::forth), direction == Direction::forth) {}

  std::vector<ChangeStep> run(std::vector<ChangeStep> steps) {
    steps_ = std::move(steps);
    flights_.resize(steps_.size());
    order_.emplace(steps_);
    pump();
    for (turn(); in_flight_ > 0 || settling_.is_anything_waiting(); turn()) {
      source_.run([this] { turn(); });
      if (in_flight_ == 0 && settling_.is_anything_waiting()) std::this_thread::sleep_for(kLook);
    }
    return std::move(steps_);
  }

 private:
  // A step that is under way.
  struct Flight {
    std::vector<RowChange> rows;  // with references resolved, and what earlier steps have set
    std::vector<LiveRow> live;    // by rows
    std::vector<bool> unknown;    // by rows: AWS has not told its name yet
    LiveRow found;                // by the lookup
    std::size_t pending = 0;      // reads
    bool flies = false;
    bool asked = false;           // whether the call may be made
  };
  using Then = void (Run::*)(std::size_t);

  bool is_over(std::size_t i) const { return steps_[i].deed != Deed::open && !flights_[i].flies; }

  // The end of a turn of the loop: what it has noted is synced together, and only then the calls leave
  // whose intent was noted. A call whose end is lost with its turn is one that AWS has not answered.
  void turn() {
    if (options_.tick) options_.tick(ended_, steps_.size());
    look_for_stop();
    for (const auto i : settling_.take(stopping_)) ask_again(i);
    journal_.sync();
    for (auto& [call, done] : std::exchange(leaving_, {})) source_.send(std::move(call), std::move(done));
  }

  void ask_again(std::size_t i) {
    ++in_flight_;
    stopping_ ? end(i, Deed::failed) : read(i, &Run::decide);
  }

  void look_for_stop() { stopping_ = stopping_ || (options_.stop && options_.stop()); }

  // Begins what can begin. Not entered from itself: steps that end at once are found by the next turn.
  void pump() {
    if (pumping_) return;
    pumping_ = true;
    while (in_flight_ < options_.side_by_side) {
      look_for_stop();
      if (stopping_) break;
      const auto next = order_->next([this](std::size_t other) { return is_over(other); });
      if (!next) break;
      begin(*next);
    }
    pumping_ = false;
  }

  void begin(std::size_t i) {
    const auto& step = steps_[i];
    flights_[i].flies = true;
    ++in_flight_;
    for (const auto need : step.needs) {
      const auto& needed = steps_[need];
      if (is_good(needed.deed)) continue;
      if (needed.deed == Deed::stays) {
        return refuse(i, Deed::stays, fmt::format("{}, which stays, needs it", needed.change->id));
      }
      return refuse(i, Deed::skipped,
                    fmt::format("it needs {}, which is {}", needed.change->id, name_of(needed.deed)));
    }
    read(i, &Run::decide);
  }

  [[nodiscard]] ResultOf result_of() const {
    return [this](const std::string& change, const std::string& pointer) {
      return answers_.find(change, pointer);
    };
  }
  [[nodiscard]] Resolved resolved(const std::string& json) const { return resolve(json, result_of()); }

  // The rows as this step is to find them: what the plan says, and what earlier steps have set.
  void expect_rows(std::size_t i) {
    auto& flight = flights_[i];
    flight.rows = steps_[i].rows;
    flight.unknown.assign(flight.rows.size(), false);
    for (std::size_t r = 0; r < flight.rows.size(); ++r) {
      auto& row = flight.rows[r];
      if (!row.before.empty()) row.before = resolved(row.before).json;
      if (!row.after.empty()) row.after = resolved(row.after).json;
      for (auto* text : {&row.target, &row.key}) {
        auto known = resolve_text(*text, result_of());
        *text = std::move(known.json);
        if (!known.missing.empty()) flight.unknown[r] = true;
      }
      for (const auto other : order_->earlier(i)) {
        if (!is_good(steps_[other].deed)) continue;
        for (const auto& set : steps_[other].rows) {
          if (place_of(steps_[other], set) != place_of(steps_[i], steps_[i].rows[r])) continue;
          expect_after(row, set.after.empty() ? "" : resolved(set.after).json);
        }
      }
    }
  }

  // Of a row whose name AWS chooses when it is made: before that there is none. Who undoes it has to know.
  [[nodiscard]] LiveRow nameless() const {
    if (direction_ == Direction::forth) return {LiveRow::State::absent, {}, {}};
    return {LiveRow::State::unread, {}, {"NotKnown", "how it is named was not answered", 0}};
  }

  void expect_after(RowChange& row, const std::string& after) const {
    if (after.empty()) {
      // A row that was made and then changed: what undoes the change leaves it, and this one takes it.
      if (direction_ == Direction::forth || !row.after.empty()) row.before.clear();
    } else if (!row.before.empty()) {
      row.before = with_values(row.before, after, Rest::stays);
    } else {
      row.before = row.after.empty() ? "{}" : with_values(row.after, after, Rest::left_out);
    }
  }

  void read(std::size_t i, Then then) {
    expect_rows(i);
    auto& flight = flights_[i];
    const auto& step = steps_[i];
    flight.live.assign(flight.rows.size(), {});
    flight.found = {LiveRow::State::absent, {}, {}};
    flight.pending = flight.rows.size() + (step.lookup ? 1 : 0) + 1;
    const auto keep = [this, i, then](LiveRow& place, LiveRow row) {
      place = std::move(row);
      end_read(i, then);
    };
    for (std::size_t r = 0; r < flight.rows.size(); ++r) {
      if (flight.unknown[r]) {
        keep(flight.live[r], nameless());
        continue;
      }
      reader_.read(place_of(steps_[i], flight.rows[r]),
                   [keep, &to = flight.live[r]](LiveRow row) { keep(to, std::move(row)); });
    }
    if (step.lookup) {
      find_row(source_, {step.change->account_id, step.change->region, *step.lookup},
               [keep, &to = flight.found](LiveRow row) { keep(to, std::move(row)); });
    }
    end_read(i, then);
  }

  void end_read(std::size_t i, Then then) {
    if (--flights_[i].pending > 0) return;
    (this->*then)(i);
    pump();
  }

  // What could not be read, or differs from what is expected, in words; "" for nothing.
  [[nodiscard]] std::string unread(std::size_t i) const {
    const auto& flight = flights_[i];
    for (std::size_t r = 0; r < flight.rows.size(); ++r) {
      if (flight.live[r].state != LiveRow::State::unread) continue;
      return fmt::format("{} {}", in_words(place_of(steps_[i], flight.rows[r])), difference_of(flight.live[r], {}));
    }
    if (flight.found.state != LiveRow::State::unread) return {};
    return fmt::format("{} {}", printable(steps_[i].lookup->table), difference_of(flight.found, {}));
  }

  [[nodiscard]] bool is_before(std::size_t i, std::size_t r) const {
    const auto& flight = flights_[i];
    if (is_as(flight.live[r], flight.rows[r].before)) return true;
    if (steps_[i].left.empty()) return false;
    const auto& left = steps_[i].left[r];
    if (left.state == LiveRow::State::absent) return flight.live[r].state == LiveRow::State::absent;
    if (left.state == LiveRow::State::unread || flight.rows[r].before.empty()) return false;
    return is_as(flight.live[r], members_of(left.item, flight.rows[r].before));
  }

  [[nodiscard]] std::string changed(std::size_t i) const {
    const auto& flight = flights_[i];
    for (std::size_t r = 0; r < flight.rows.size(); ++r) {
      if (is_before(i, r)) continue;
      return fmt::format("{} {}", in_words(place_of(steps_[i], flight.rows[r])),
                         difference_of(flight.live[r], flight.rows[r].before));
    }
    return {};
  }

  [[nodiscard]] bool is_after(std::size_t i) const {
    const auto& flight = flights_[i];
    if (flight.found.state == LiveRow::State::there) return true;
    if (flight.rows.empty()) return false;
    for (std::size_t r = 0; r < flight.rows.size(); ++r) {
      if (!is_as(flight.live[r], flight.rows[r].after)) return false;
    }
    return true;
  }

  void decide(std::size_t i) {
    const auto& step = steps_[i];
    if (const auto why = unread(i); !why.empty()) {
      return refuse(i, step.begun ? Deed::unclear : Deed::skipped, why);
    }
    if (is_after(i)) return find_done(i, step.begun ? Deed::done : Deed::already);
    const auto why = changed(i);
    const bool can_tell = !step.rows.empty() || step.lookup;
    if (why.empty() && (!step.begun || can_tell)) return go(i);
    if (!step.begun) {
      return refuse(i, Deed::skipped,
                    fmt::format("changed since {}: {}",
                                direction_ == Direction::forth ? "the plan" : "it was done", why));
    }
    refuse(i, Deed::unclear,
           why.empty() ? "an earlier run may have made the call, and no row tells" : why);
  }

  void go(std::size_t i) {
    const auto& step = steps_[i];
    look_for_stop();
    if (stopping_) return leave(i);
    const auto params = resolved(step.call.params);
    if (!params.missing.empty()) {
      return refuse(i, Deed::skipped, "what it refers to is not known: " + params.missing);
    }
    if (options_.veto && !flights_[i].asked) {
      flights_[i].asked = true;
      journal_.sync();  // asking may take minutes, after which the rows are read again
      if (const auto why = options_.veto(*step.change)) return refuse(i, Deed::vetoed, *why);
      return read(i, &Run::decide);
    }
    ApiCall call{step.change->account_id, step.change->region, step.call.service, step.call.operation,
                 {}, params.json};
    journal(i, "intent",
            fmt::format(R"({{"service":{},"operation":{},"params":{},"rows":{}}})",
                        json_quote(call.service), json_quote(call.operation), params.json,
                        to_json(flights_[i].live)));
    steps_[i].begun = true;
    leaving_.emplace_back(std::move(call), [this, i](const ApiAnswer& answer) {
      answered(i, answer);
      pump();
    });
  }

  void answered(std::size_t i, const ApiAnswer& answer) {
    auto& step = steps_[i];
    reader_.forget();
    if (answer.end == CallEnd::answered) {
      const auto text = answer.pages.empty() ? "{}" : to_text(answer.pages.front().response);
      journal(i, "done", fmt::format(R"({{"answer":{}}})", text));
      step.deed = Deed::done;
      step.why.clear();
      settling_.made(i);
      answers_.begin(id_of(i), text);
      return read(i, &Run::seen);
    }
    step.why = in_words(answer.error);
    if (!stopping_ && settling_.may_be_early(step.needs, answer)) {
      journal(i, "refused", error_json(answer.error));
      step.begun = false;
      --in_flight_;
      return settling_.wait(i);
    }
    if (answer.may_be_done) {
      journal(i, "lost", error_json(answer.error));
      return read(i, &Run::look_after);
    }
    stopping_ = true;
    journal(i, "failed", error_json(answer.error));
    end(i, Deed::failed);
  }

  // Only for who undoes it, or refers to it.
  void seen(std::size_t i) {
    const auto& flight = flights_[i];
    if (!flight.rows.empty()) {
      journal(i, "seen",
              fmt::format(R"({{"rows":{},"as_planned":{}}})", to_json(flight.live), is_after(i)));
      for (const auto& row : flight.live) answers_.add(id_of(i), row.item);
      if (direction_ == Direction::forth && !is_after(i)) {
        steps_[i].why = "what is read after it is not as planned";
      }
    }
    end(i, Deed::done);
  }

  void look_after(std::size_t i) {
    if (is_after(i)) return find_done(i, Deed::done);
    refuse(i, Deed::unclear, steps_[i].why + "; whether it was done is not known: run it again to look");
  }

  // The rows say that it is done, whoever did it.
  void find_done(std::size_t i, Deed deed) {
    auto rows = flights_[i].live;
    if (flights_[i].found.state == LiveRow::State::there) rows.push_back(flights_[i].found);
    journal(i, name_of(deed), fmt::format(R"({{"rows":{}}})", to_json(rows)));
    answers_.begin(id_of(i), {});
    for (const auto& row : rows) answers_.add(id_of(i), row.item);
    steps_[i].why.clear();
    end(i, deed);
  }

  [[nodiscard]] const std::string& id_of(std::size_t i) const { return steps_[i].change->id; }

  void refuse(std::size_t i, Deed deed, std::string why) {
    if (deed == Deed::unclear) stopping_ = true;
    steps_[i].why = std::move(why);
    journal(i, name_of(deed), fmt::format(R"({{"why":{}}})", json_quote(steps_[i].why)));
    end(i, deed);
  }

  void leave(std::size_t i) {
    flights_[i].flies = false;
    order_->ended(i);
    --in_flight_;
  }

  void end(std::size_t i, Deed deed) {
    steps_[i].deed = deed;
    leave(i);
    ++ended_;
    if (!options_.told) return;
    journal_.sync();
    options_.told(*steps_[i].change, steps_[i]);
  }

  void journal(std::size_t i, std::string_view kind, const std::string& payload) {
    journal_.note(steps_[i].change->id, kind_of(direction_, kind), payload);
  }

  Source& source_;
  LiveRows reader_;
  Journal& journal_;
  Direction direction_;
  const ApplyOptions& options_;
  Settling settling_;
  Answers answers_;
  std::vector<ChangeStep> steps_;
  std::vector<Flight> flights_;  // by step
  std::optional<Order> order_;   // of steps_
  std::vector<std::pair<ApiCall, Source::Done>> leaving_;  // calls, when their intents are synced
  std::size_t in_flight_ = 0, ended_ = 0;
  bool stopping_ = false, pumping_ = false;
};

}  // namespace

std::vector<ChangeStep> apply(Source& source, Journal& journal, const ApplyOptions& options) {
  return Run(source, journal, Direction::forth, options).run(steps_forth(journal));
}

std::vector<ChangeStep> undo(Source& source, Journal& journal, const std::set<std::string>& changes,
                       const ApplyOptions& options) {
  return Run(source, journal, Direction::back, options).run(steps_back(journal, changes));
}

}  // namespace ciswatch
