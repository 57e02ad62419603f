#pragma once

namespace ciswatch {

// Makes SIGINT and SIGTERM set a flag instead of ending the process; a second one of them ends it at
// once. SIGPIPE and SIGXFSZ are ignored, so that a full disk or a closed pipe is an error to report. SIGCHLD is not, as it may
// have been by who started us: then no exit code of a program is told.
// Call once, before threads.
void watch_signals();

// The signal that asked to stop (SIGINT, SIGTERM), or 0. Thread-safe.
int stop_signal();

}  // namespace ciswatch
