"""layering.py finds what it is there to find."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import layering  # noqa: E402

TABLE = """
| folder | room | may use |
|---|---|---|
| `core/base` | words | nothing of ours |
| `core/store` | SQLite | `core/base` |
| `cli` | roof | everything |
"""


def faults_of(root, path, text):
    (root / "ARCHITECTURE.md").write_text(TABLE)
    for folder in ("core/base", "core/store", "cli"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    found, _ = layering.faults(root)
    return [fault for fault in found if not fault.startswith("CATCHES")]


@pytest.mark.parametrize("path, text", [
    ("core/store/a.cc", '#include "core/base/a.h"\n#include <sqlite3.h>\n'),
    ("core/base/json.h", "#include <rapidjson/document.h>\n"),
    ("cli/main.cc", '#include "core/store/a.h"\n'),
    ("core/base/a.cc", "// catch (it) {} later\n"),
    ("core/base/a.cc", "try { f(); } catch (const E& e) { if (x) { y(); } throw told(e); }\n"),
    ("core/base/a.cc", '#include "beside.h"\n'),
])
def test_allowed(tmp_path, path, text):
    assert faults_of(tmp_path, path, text) == []


@pytest.mark.parametrize("path, text, told", [
    ("core/base/a.cc", '#include "core/store/a.h"\n', "core/base may not use core/store"),
    ("core/store/a.cc", '#include "cli/flags.h"\n', "core/store may not use cli"),
    ("core/base/a.cc", "#  include <sqlite3.h>\n", "only core/store may include <sqlite3.h>"),
    ("core/store/a.cc", "#include <rapidjson/writer.h>\n", "only core/base/json.h"),
    ("core/store/a.cc", '#include "other/a.h"\n', "in no folder of the table"),
    ("core/new/a.cc", "", "not in ARCHITECTURE.md's table"),
    ("core/base/a.cc", "try { f(); } catch (...) {}\n", "an exception ends here"),
    ("core/base/a.cc", "int a;\n" * 401, "401 lines"),
])
def test_found(tmp_path, path, text, told):
    found = faults_of(tmp_path, path, text)
    assert len(found) == 1 and told in found[0]


def test_two_headers_with_one_name_are_found(tmp_path):
    text = "namespace ciswatch {\nstruct Words {\n  int a;\n};\n}\n"
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli/words.h").write_text(text)
    found = faults_of(tmp_path, "core/base/words.h", text)
    assert found == ["core/base/words.h and cli/words.h: both name a Words"]
