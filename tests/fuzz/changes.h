#pragma once

// Changes of a snapshot that SQLite itself makes, so that the file stays sound and only what it
// says is an enemy's: values, rows, columns, tables, indexes, the schema's own text.

#include "tests/fuzz/dice.h"
#include "tests/fuzz/scratch.h"

namespace ciswatch::fuzz {

// Leaves `bytes` as they are where SQLite refuses.
void change_contents(Bytes& bytes, Dice& dice);

}  // namespace ciswatch::fuzz
