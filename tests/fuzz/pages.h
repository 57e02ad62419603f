#pragma once

// Changes of an SQLite file's bytes that know where what matters stands
// (https://sqlite.org/fileformat2.html): a byte flipped anywhere mostly hits a page's free middle.

#include "tests/fuzz/dice.h"
#include "tests/fuzz/scratch.h"

namespace ciswatch::fuzz {

void change_pages(Bytes& bytes, Dice& dice);

}  // namespace ciswatch::fuzz
