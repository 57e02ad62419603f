"""Where one job's CPU time goes, from perf's samples, in plain words."""

import re
import shutil
import subprocess

# The first that fits. (what, program or library, function)
GROUPS = (
    ("the kernel: reading the snapshot, writing the report, page faults", r"\[kernel", r""),
    ("memory and copies (libc, for SQLite and for us)", r"libc\.|libc-|libstdc\+\+|ld-linux", r""),
    ("our hashing: findings' ids", r"libcrypto", r""),
    ("our hashing: findings' ids", r"", r"ciswatch::.*(sha256|hex\b|hex\[|stable_id)"),
    ("reading the checks' YAML", r"libyaml", r""),
    ("reading the checks' YAML", r"", r"YAML|yaml|check_loader|ciswatch::.*(Fields|Problems)"),
    ("our writing: JSON of findings", r"", r"append|FindingJson|quoted_json|Output|AsideFile|write_"),
    ("our spool: findings to bytes and back", r"", r"ciswatch::.*([Ee]ncode|[Dd]ecode|Findings|Batch)"),
    ("our reading of rows: values, texts, verdicts", r"",
     r"RowReader|Statement|valid_utf8|printable|is_plain|shortened|parse_json|rapidjson|read_call|"
     r"judge_or_fail|is_integer|add_ids"),
    ("our net, ledger and order of findings", r"", r"ciswatch::|std::|fmt::"),
    ("SQLite's functions in the checks: JSON, texts, patterns, any_ok",
     r"ciswatch", r"^json|Func$|Json|printf|StrAccum|str_|[pP]atternCompare|utf8|Utf8|likeFunc|"
     r"group[cC]oncat|Step$|Finalize$|see\b|conclude|strglob|Upper|Lower|trim"),
    ("SQLite's sorting", r"ciswatch", r"[sS]orter|MergeEngine|PmaReader|RowSet"),
    ("SQLite's b-trees and pages: reads, seeks, key comparisons", r"ciswatch",
     r"[bB]tree|[pP]cache|[pP]ager|[gG]etPage|moveTo|[cC]ellInfo|findCell|[rR]ecordCompare|insertCell|"
     r"balance|getAndInit|unix[A-Z]|Varint|ColumnFast|accessPayload|freeSpace|[cC]ursor|readDb|Page\b|"
     r"CompareMemString|binCollFunc|CompareString|Get4byte|SerialGet|SerialTypeLen"),
    ("SQLite's virtual machine and its values", r"ciswatch", r""),
    ("other libraries", r"", r""),
)
LINE = re.compile(r"^\s*(\d+\.\d+)%\s+(\S+)\s+\[.\]\s+(.*?)\s*$", re.MULTILINE)


def _group(library, function):
    return next(name for name, where, what in GROUPS
                if re.search(where, library) and re.search(what, function))


def profile(command, data, environment):
    """(what → share, the top functions as (share, library, function)), or (None, why there is none)."""
    perf = shutil.which("perf")
    if perf is None:
        return None, "perf is not installed (Debian: linux-perf)"
    record = [perf, "record", "--quiet", "--event", "cpu-clock", "--freq", "997", "--output", data,
              "--", *command]
    done = subprocess.run(list(map(str, record)), capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        return None, f"perf record failed: {done.stderr.strip()[:200]}"
    report = subprocess.run(
        [perf, "report", "--stdio", "--no-children", "--fields", "overhead,dso,symbol", "--input",
         str(data)], capture_output=True, text=True, check=True).stdout
    shares, top = {}, []
    for share, library, function in LINE.findall(report):
        name = _group(library, function)
        shares[name] = shares.get(name, 0) + float(share)
        top.append((float(share), library, function))
    if not top:
        return None, "perf took no samples"
    return dict(sorted(shares.items(), key=lambda item: -item[1])), top[:25]
