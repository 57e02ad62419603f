#pragma once

// In front of a file that was written for SQLite's library, it makes a part of a loadable extension
// of it: SQLite's functions are then called through the table that the loading program hands over.

#include <sqlite3ext.h>

SQLITE_EXTENSION_INIT3
