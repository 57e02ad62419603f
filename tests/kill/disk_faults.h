#pragma once

// A disk that fails on purpose: a library that stands before libc's calls that change files. For a
// program of the tests it is linked in; for another it is preloaded, with DISK_FAULT="KIND AT FOLDER".

namespace ciswatch {

// What becomes of the operation number `at`, counted from 1, and of those after it.
//   none      nothing
//   kill      SIGKILL before it
//   tear      SIGKILL in its middle: half of what it writes is there
//   full      half of what it writes, then ENOSPC for all that writes or creates
//   brief     each write takes half of what it is given, at least a byte: no fault, but rare
//   readonly  EROFS for all that writes, creates, renames or removes
//   unsynced  EIO for each fsync
enum class DiskFault { none, kill, tear, full, brief, readonly, unsynced };

// From now on operations on files below `folder` are counted, from 1. The folder's name must stay.
extern "C" void arm_disk_fault(DiskFault fault, long at, const char* folder);
extern "C" long disk_operations();

}  // namespace ciswatch
