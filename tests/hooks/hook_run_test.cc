// Programs that go wrong in every way that a program can.

#include "core/hooks/hook_run.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/hooks/rig.h"

namespace ciswatch {
namespace {

using End = HookResult::End;
using std::chrono::milliseconds;

struct Hasty {
  Hook hook;
  explicit Hasty(Hook given) : hook(std::move(given)) {
    hook.limit = milliseconds(300);
    hook.grace = milliseconds(200);
  }
};

bool is_alive(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string stat;
  std::getline(file, stat);
  const auto state = stat.rfind(')');
  return state != std::string::npos && stat.at(state + 2) != 'Z';
}

// Whether the process, whose number stands in the file, goes away.
bool goes_away(const rig::Folder& folder, const std::string& file) {
  const auto pid = folder.read(file);
  EXPECT_FALSE(pid.empty());
  for (int i = 0; i < 200 && is_alive(pid); ++i) std::this_thread::sleep_for(milliseconds(10));
  return !is_alive(pid);
}

TEST(HookRun, HandsOnTheDocumentAndTakesWhatIsSaid) {
  const rig::Folder folder;
  const auto result = run_hook(folder.hook("cat; echo err >&2; exit 7"), "{\"a\":\"'; $(id)\"}");
  EXPECT_EQ(result.end, End::exited);
  EXPECT_EQ(result.code, 7);
  EXPECT_EQ(result.output, "{\"a\":\"'; $(id)\"}err\n");
  EXPECT_FALSE(result.cut);
  EXPECT_FALSE(result.is_good());
  EXPECT_EQ(in_words(result), "exit code 7: {\"a\":\"'; $(id)\"}err");
}

TEST(HookRun, HandsOnWordsAsTheyAre) {
  const rig::Folder folder;
  auto hook = folder.hook(R"(for word in "$@"; do echo "<$word>"; done)");
  hook.run.insert(hook.run.end(), {"a b", "$HOME", "*", "", ";exit 1"});
  EXPECT_EQ(run_hook(hook, "{}").output, "<a b>\n<$HOME>\n<*>\n<>\n<;exit 1>\n");
}

TEST(HookRun, TellsASignal) {
  const rig::Folder folder;
  const auto result = run_hook(folder.hook("echo so; kill -SEGV $$"), "{}");
  EXPECT_EQ(result.end, End::signalled);
  EXPECT_EQ(result.code, SIGSEGV);
  EXPECT_EQ(in_words(result), "ended by signal 11: so");
}

TEST(HookRun, TellsWhyItCannotBeStarted) {
  const rig::Folder folder;
  auto hook = folder.hook("exit 0");
  hook.run = {"./missing"};
  EXPECT_EQ(in_words(run_hook(hook, "{}")), "cannot be started: No such file or directory");
  hook.run = {"no-program-of-this-name"};
  EXPECT_EQ(in_words(run_hook(hook, "{}")), "cannot be started: No such file or directory");
  hook.run = {"./hook"};
  std::filesystem::permissions(folder.path() / "hook", std::filesystem::perms::owner_read);
  EXPECT_EQ(in_words(run_hook(hook, "{}")), "cannot be started: Permission denied");
  hook.directory = "nowhere";
  const auto result = run_hook(hook, "{}");
  EXPECT_EQ(result.end, End::not_started);
  EXPECT_EQ(result.why, "there is no directory " + (folder.path() / "nowhere").string());
}

TEST(HookRun, NoShellReadsAFileThatIsNoProgram) {
  const rig::Folder folder;
  auto hook = folder.hook("");
  std::ofstream(folder.path() / "hook") << "echo as a shell\n";
  EXPECT_EQ(in_words(run_hook(hook, "{}")), "cannot be started: Exec format error");
}

TEST(HookRun, EndsWhatHangs) {
  const rig::Folder folder;
  const Hasty hasty(folder.hook("echo $$ | tr -d '\\n' > pid; echo begun; exec sleep 60"));
  const auto result = run_hook(hasty.hook, "{}");
  EXPECT_EQ(result.end, End::timed_out);
  EXPECT_EQ(result.output, "begun\n");
  EXPECT_GE(result.took, milliseconds(300));
  EXPECT_LT(result.took, milliseconds(490)) << "it was not to be killed";
  EXPECT_TRUE(goes_away(folder, "pid"));
  EXPECT_EQ(in_words(result).substr(0, 16), "its time was up,");
}

TEST(HookRun, KillsWhatIgnoresToBeTold) {
  const rig::Folder folder;
  const Hasty hasty(folder.hook("trap '' TERM; sleep 60 & printf $! > pid; while :; do sleep 1; done"));
  const auto result = run_hook(hasty.hook, "{}");
  EXPECT_EQ(result.end, End::timed_out);
  EXPECT_GE(result.took, milliseconds(500));
  EXPECT_LT(result.took, milliseconds(5000));
  EXPECT_TRUE(goes_away(folder, "pid"));
}

TEST(HookRun, WhoTidiesUpWhenToldIsStillTooLate) {
  const rig::Folder folder;
  const Hasty hasty(folder.hook("trap 'echo tidied; exit 0' TERM; while :; do sleep 0.02; done"));
  const auto result = run_hook(hasty.hook, "{}");
  EXPECT_EQ(result.end, End::timed_out);
  EXPECT_FALSE(result.is_good());
  EXPECT_NE(result.output.find("tidied"), std::string::npos);
}

TEST(HookRun, DoesNotWaitForWhoStillHoldsItsStdout) {
  const rig::Folder folder;
  const auto result = run_hook(folder.hook("sleep 60 & printf $! > pid; echo done"), "{}");
  EXPECT_TRUE(result.is_good());
  EXPECT_EQ(result.output, "done\n");
  EXPECT_LT(result.took, milliseconds(5000));
  EXPECT_TRUE(goes_away(folder, "pid")) << "it is of the hook's group";
}

TEST(HookRun, DoesNotWaitForADaemonEither) {
  const rig::Folder folder;
  const auto result =
      run_hook(folder.hook("setsid sh -c 'printf $$ > pid; exec sleep 60' & "
                           "while ! [ -s pid ]; do sleep 0.01; done"), "{}");
  EXPECT_TRUE(result.is_good());
  EXPECT_LT(result.took, milliseconds(5000));
  const auto daemon = folder.read("pid");
  EXPECT_TRUE(is_alive(daemon)) << "a session of its own is its own";
  kill(std::stoi(daemon), SIGKILL);
}

TEST(HookRun, WaitsForWhoHasClosedItsStdout) {
  const rig::Folder folder;
  const auto result = run_hook(folder.hook("exec >&- 2>&-; sleep 0.2; exit 3"), "{}");
  EXPECT_EQ(result.end, End::exited);
  EXPECT_EQ(result.code, 3);
}

TEST(HookRun, DropsWhatIsTooMuch) {
  const rig::Folder folder;
  const auto result = run_hook(folder.hook("printf begun; head -c 100000000 /dev/zero; exit 4"), "{}");
  EXPECT_EQ(result.code, 4) << in_words(result);
  EXPECT_EQ(result.output.size(), kMostHookOutput);
  EXPECT_LE(result.output.capacity(), 4 * kMostHookOutput);
  EXPECT_TRUE(result.cut);
  EXPECT_EQ(result.output.substr(0, 5), "begun");
}

TEST(HookRun, AFloodWithoutAnEndIsEndedInTime) {
  const rig::Folder folder;
  const auto result = run_hook(Hasty(folder.hook("exec yes")).hook, "{}");
  EXPECT_EQ(result.end, End::timed_out);
  EXPECT_TRUE(result.cut);
  EXPECT_LT(result.took, milliseconds(2000));
}

TEST(HookRun, WhoDoesNotReadIsNotWaitedFor) {
  const rig::Folder folder;
  const std::string megabyte(1 << 20, 'x');
  EXPECT_TRUE(run_hook(folder.hook("exit 0"), megabyte).is_good());
  EXPECT_TRUE(run_hook(folder.hook("exec 0<&-; exit 0"), megabyte).is_good());
  EXPECT_EQ(run_hook(folder.hook("cat | wc -c | tr -d ' \\n'"), megabyte).output, "1048576");
}

TEST(HookRun, NobodyCanChangeTheDocument) {
  const rig::Folder folder;
  const std::string document(100, 'x');
  const auto result = run_hook(
      folder.hook("exec 2>/dev/null; echo evil >&0; echo evil >> /dev/stdin; cat /dev/stdin"), document);
  EXPECT_EQ(result.output, document);
}

TEST(HookRun, GivesTheEnvironmentThatIsAllowedAndNoMore) {
  const rig::Folder folder;
  for (const char* name : {"AWS_SECRET_ACCESS_KEY", "TICKET_TOKEN", "LD_PRELOAD_OF_NOTHING"}) {
    setenv(name, "secret", 1);
  }
  setenv("TZ", "UTC", 1);
  for (const char* name : {"LANG", "LC_ALL", "TMPDIR"}) unsetenv(name);
  auto hook = folder.hook("");
  hook.run = {"env"};
  hook.environment = {"TICKET_TOKEN", "NOT_THERE", "PATH"};
  EXPECT_EQ(run_hook(hook, "{}").output,
            fmt::format("PATH={}\nTICKET_TOKEN=secret\nTZ=UTC\n", getenv("PATH")));
}

TEST(HookRun, InheritsNoDescriptor) {
  const rig::Folder folder;
  const int open_one = open("/dev/null", O_RDONLY);  // without O_CLOEXEC
  ASSERT_EQ(dup2(open_one, 77), 77);
  EXPECT_EQ(run_hook(folder.hook("for fd in $(seq 0 9) $(seq 11 200); do\n"  // 10: the shell's
                                 "[ -e /proc/$$/fd/$fd ] && printf $fd; done; exit 0",
                                 "/bin/dash"), "{}").output,
            "012");
  close(77);
  close(open_one);
}

TEST(HookRun, StartsWithUsualSignalsAndInASessionOfItsOwn) {
  const rig::Folder folder;
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked_here;
  sigemptyset(&blocked_here);
  sigaddset(&blocked_here, SIGUSR1);
  sigprocmask(SIG_BLOCK, &blocked_here, nullptr);
  const auto result = run_hook(
      folder.hook("grep -E 'SigIgn|SigBlk' /proc/self/status | tr -d '\\t '\n"
                  "cut -d' ' -f1,5,6 /proc/$$/stat"),
      "{}");
  sigprocmask(SIG_UNBLOCK, &blocked_here, nullptr);
  std::signal(SIGPIPE, before);
  std::istringstream lines(result.output);
  std::string blocked, ignored;
  long pid = 0, group = 1, session = 2;
  lines >> blocked >> ignored >> pid >> group >> session;
  EXPECT_EQ(blocked, "SigBlk:0000000000000000");
  // 32 and 33 are libc's own.
  EXPECT_EQ(std::stoull(ignored.substr(7), nullptr, 16) & 0x7fffffff, 0u) << ignored;
  EXPECT_EQ(group, pid);
  EXPECT_EQ(session, pid);
}

TEST(HookRun, RunsInTheFolderOfItsConfigurationOrWhereThatSays) {
  const rig::Folder folder;
  auto hook = folder.hook("pwd -P");
  const auto here = std::filesystem::canonical(folder.path());
  EXPECT_EQ(run_hook(hook, "{}").output, here.string() + "\n");
  std::filesystem::create_directory(folder.path() / "below");
  hook.directory = "below";
  EXPECT_EQ(run_hook(hook, "{}").output, (here / "below").string() + "\n")
      << "the program is still found beside the configuration";
  hook.directory = "/";
  EXPECT_EQ(run_hook(hook, "{}").output, "/\n");
}

// Each run writes how many it sees at work, itself included.
constexpr std::string_view kCounting =
    "mkdir at-work/$$; ls at-work | wc -l >> counts; sleep 0.1; rmdir at-work/$$";

TEST(HookRun, RunsSoManyAtATimeAndNoMore) {
  const rig::Folder folder;
  std::filesystem::create_directory(folder.path() / "at-work");
  auto hook = folder.hook(kCounting);
  hook.at_once = 3;
  std::vector<std::string> ended;
  HookRuns runs(hook, [&](const std::string& name, const HookResult& result) {
    EXPECT_TRUE(result.is_good()) << in_words(result);
    ended.push_back(name);
  });
  for (int i = 0; i < 10; ++i) runs.start(std::to_string(i), "{}");
  runs.finish();
  EXPECT_EQ(ended.size(), 10u);
  std::istringstream counts(folder.read("counts"));
  int most = 0;
  for (int count = 0; counts >> count;) most = std::max(most, count);
  EXPECT_EQ(most, 3);
}

TEST(HookRun, KillsWhatStillRunsWhereTheCallerGivesUp) {
  const rig::Folder folder;
  const auto hook = folder.hook("printf $$ > pid; exec sleep 60");
  {
    HookRuns runs(hook, [](const std::string&, const HookResult&) {});
    runs.start("", "{}");
    while (folder.read("pid").empty()) std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_TRUE(goes_away(folder, "pid"));
}

TEST(HookRun, WordsAreOneShortLineWhateverAProgramSays) {
  HookResult result{End::exited, 1, "", "\n \r\n\x1b[31m\xff", false, {}};
  result.output += std::string(5000, 'x') + "\nmore";
  const auto words = in_words(result);
  EXPECT_EQ(words.find('\x1b'), std::string::npos);
  EXPECT_EQ(words.find('\n'), std::string::npos);
  EXPECT_LE(words.size(), 400u);
  result.output = "\n\n";
  EXPECT_EQ(in_words(result), "exit code 1");
}

}  // namespace
}  // namespace ciswatch
