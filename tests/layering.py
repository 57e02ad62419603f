#!/usr/bin/env python3
"""Fails when the code leaves the shape that ARCHITECTURE.md gives it.

The arrows are read from its table of folders: a file may include its own folder and those that its
row names. Here besides: who alone may include a library, where an exception may be caught, and how
long a file may be.
"""

import pathlib
import re
import sys

# Library header (how it begins) → the only files or folders that may include it.
LIBRARIES = {
    "rapidjson/": ["core/base/json.h", "core/base/json.cc"],
    "openssl/": ["core/base/crypto.cc"],
    "sqlite3.h": ["core/store"],
    "curl/": ["core/aws"],
    "pugixml.hpp": ["core/aws"],
    "yaml-cpp/": ["rules"],
    "CLI/": ["cli"],
    "gtest/": ["tests"],
    "benchmark/": ["benchmarks"],
}

# Where an exception ends, and as what. A handler that throws (the same with file and line, say) needs
# no line here.
CATCHES = {
    "cli/main.cc": "exit code 2",
    "cli/remediation_verify.cc": "not collected again: the findings are unknown, with the reason",
    "cli/sql_command.cc": "said on stderr: the statement is wrong, the next may be right",
    "core/aws/client.cc": "the call failed",
    "core/aws/decode.cc": "the answer is malformed: the call failed",
    "core/aws/metadata.cc": "the answer is no JSON: it has no credentials",
    "core/aws/session.cc": "the old credentials stay in use, and a call that AWS refuses says why",
    "core/aws/transport.cc": "a callback of C cannot throw: the transfer failed",
    "core/collect/collector.cc": "the answer is malformed: the call failed",
    "core/plan/members.cc": "the text is not JSON",
    "core/remediate/rows.cc": "the answer is malformed: the row could not be read",
    "core/store/database.cc": "a function of SQLite cannot throw: the statement failed",
    "core/store/merge_input.cc": "carried from the thread that opens to the caller's",
    "core/store/merge_rows.cc": "carried from the thread that reads to the one that writes",
    "rules/accounts.cc": "a diagnostic",
    "rules/bundle.cc": "a diagnostic",
    "rules/check_loader.cc": "a diagnostic",
    "rules/fix_loader.cc": "a diagnostic",
    "rules/fix_self_test.cc": "the test failed",
    "rules/judge.cc": "the check failed: unknown findings",
    "rules/lint.cc": "a diagnostic",
    "rules/lint_fix.cc": "a diagnostic",
    "rules/lint_sql.cc": "a diagnostic",
    "rules/pattern_functions.cc": "NULL, or the words of the exception: no pattern, no event",
    "rules/planner.cc": "the reason why a finding is not planned for",
    "rules/policy_functions.cc": "NULL, or the words of the exception: no policy, no request",
    "rules/row.cc": "the text is not JSON",
    "rules/run.cc": "carried from the worker to the caller's thread",
    "rules/self_test.cc": "the test failed",
    "rules/tailoring.cc": "a diagnostic",
    "rules/template_functions.cc": "NULL: no template",
    "rules/test_loader.cc": "the text is not JSON",
    "rules/waiver_loader.cc": "a diagnostic",
    "rules/yaml_tree.cc": "the text is not JSON",
}

LONGEST_FILE = 400
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
ROW = re.compile(r"^\|\s*`([a-z_/]+)`\s*\|.*\|([^|]*)\|\s*$", re.MULTILINE)
CODE_ROOTS = ("core", "rules", "reporters", "cli", "tests", "benchmarks")


def arrows(architecture):
    """folder → the folders it may include; None: all of them."""
    table = {}
    for folder, may_use in ROW.findall(architecture):
        if "everything" in may_use:
            table[folder] = None
        else:
            table[folder] = set(re.findall(r"`([a-z_/]+)`", may_use))
    return table


def folder_of(path, table):
    """The row that a path belongs to: the longest folder that it begins with."""
    fitting = [folder for folder in table if path.startswith(folder + "/")]
    return max(fitting, key=len, default=None)


def is_within(path, places):
    return any(path == place or path.startswith(place + "/") for place in places)


def include_faults(path, text, table):
    here = folder_of(path, table)
    for bracket, included in INCLUDE.findall(text):
        if bracket == '"' and "/" in included:
            there = folder_of(included, table)
            if there is None:
                yield f"{path}: includes {included}, which is in no folder of the table"
            elif there != here and table[here] is not None and there not in table[here]:
                yield f"{path}: {here} may not use {there} ({included})"
        for library, places in LIBRARIES.items():
            if included.startswith(library) and not is_within(path, [*places, "tests", "benchmarks"]):
                yield f"{path}: only {', '.join(places)} may include <{included}>"


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def ending_handlers(text):
    """How many catch handlers do not throw again."""
    text = without_comments(text)
    ending = 0
    for found in re.finditer(r"\bcatch\s*\([^)]*\)\s*\{", text):
        end, depth = found.end(), 1
        while depth > 0 and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        ending += re.search(r"\bthrow", text[found.end():end]) is None
    return ending


def other_faults(path, text):
    if path.startswith(("tests/", "benchmarks/")):
        return
    if ending_handlers(text) > 0 and path not in CATCHES:
        yield f"{path}: an exception ends here; let it go on, or say in CATCHES what it becomes"
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{path}: {lines} lines; a file is one room of at most {LONGEST_FILE}"


NAMED = re.compile(r"^(?:inline constexpr [\w:<> ]+?|struct|class|enum class) (\w+)(?:\[\])?"
                   r"(?= *(?:[{=:]|final))", re.MULTILINE)
NAMESPACE = re.compile(r"^namespace ([\w:]+) \{", re.MULTILINE)


def name_faults(files):
    """Two of one name in one namespace are one to the linker, whichever program holds both."""
    places = {}
    for path, text in files.items():
        space = NAMESPACE.findall(text)
        if path.endswith(".h") and not path.startswith("tests/"):
            for name in set(NAMED.findall(text)):
                places.setdefault((space[-1] if space else "", name), []).append(path)
    return [f"{' and '.join(paths)}: both name a {name}" for (_, name), paths in places.items()
            if len(paths) > 1]


def source_files(root):
    for top in CODE_ROOTS:
        for file in sorted((root / top).rglob("*")):
            if file.suffix in (".h", ".cc", ".cpp", ".hpp"):
                yield file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")


def faults(root):
    table = arrows((root / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    found = []
    for folder, may_use in table.items():
        for name in [folder, *(may_use or ())]:
            if not (root / name).is_dir():
                found.append(f"ARCHITECTURE.md: there is no folder {name}")
    files = dict(source_files(root))
    for path, text in files.items():
        if folder_of(path, table) is None:
            found.append(f"{path}: its folder is not in ARCHITECTURE.md's table")
            continue
        found += include_faults(path, text, table)
        found += other_faults(path, text)
    found += name_faults(files)
    found += [f"CATCHES names {path}, where no exception ends" for path in CATCHES
              if ending_handlers(files.get(path, "")) == 0]
    return found, len(files)


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    found, count = faults(root)
    for fault in found:
        print(fault, file=sys.stderr)
    if count == 0:
        sys.exit("no source file found")
    print(f"{count} files, {len(found)} faults")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
