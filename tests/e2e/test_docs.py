"""What the documents say is what the program says."""

import re

import pytest

from program import ROOT

DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/recording.md", "docs/ci.md",
             "docs/waivers.md", "docs/credentials.md", "docs/fleet.md", "docs/speed.md",
             "docs/hooks.md", "docs/tailoring.md", "examples/fleet/README.md", "examples/hooks/README.md"]
COMMANDS = [["scan"], ["collect"], ["plan"], ["import"], ["merge"], ["schema"], ["checks"], ["checks", "list"],
            ["checks", "show"], ["checks", "explain"], ["checks", "new"], ["permissions"], ["sql"],
            ["checks", "lint"], ["checks", "test"], ["waivers", "lint"]]


@pytest.mark.parametrize("page, args", [
    ("docs/schema.md", ["schema"]),
    ("docs/checks.md", ["checks", "list", "--markdown"]),
    ("docs/schemas/check.json", ["schema", "--json", "check"]),
    ("docs/schemas/fix.json", ["schema", "--json", "fix"]),
    ("docs/schemas/pack.json", ["schema", "--json", "pack"]),
    ("docs/schemas/config.json", ["schema", "--json", "config"]),
    ("docs/schemas/waivers.json", ["schema", "--json", "waivers"]),
    ("docs/schemas/accounts.json", ["schema", "--json", "accounts"]),
])
def test_generated_page_is_current(ciswatch, page, args):
    printed = ciswatch.expect(0, *args).out
    assert (ROOT / page).read_text() == printed, f"refresh it: ciswatch {' '.join(args)} > {page}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_flags_in_the_text_exist(ciswatch, document):
    known = set()
    for command in COMMANDS:
        known |= set(re.findall(r"--[a-z][a-z-]+", ciswatch.expect(0, *command, "--help").out))
    commands = re.findall(r"(?:ciswatch |`)(?:scan|collect|plan|import|merge|checks|schema|permissions|sql|waivers) [^`&|;\n]*",
                          (ROOT / document).read_text())
    used = {flag for each in commands for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]+", each)}
    assert used <= known


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    file = ROOT / document
    for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text()):
        assert (file.parent / target).exists(), target
