"""The HTML report in a real browser: self-contained, strict about scripts, readable from a file."""

import base64
import hashlib
import re
import struct

import pytest
from lxml import html

import chromium
from program import NUMBERS

LOADING = {"script", "iframe", "frame", "object", "embed", "link", "img", "video", "audio", "source",
           "base", "form", "applet", "portal"}


@pytest.fixture(scope="module")
def page(example, tmp_path_factory):
    """The report of the account with faults, as a file."""
    path = tmp_path_factory.mktemp("html") / "report.html"
    seed = example("seed-001")
    result = seed.program.run("scan", "--snapshot", seed.snapshot, "--report", f"html={path}")
    assert result.code == 1, result
    return path


@pytest.fixture(scope="module")
def hostile_page(hostile, tmp_path_factory):
    path = tmp_path_factory.mktemp("html") / "hostile.html"
    assert hostile.run("scan", "--snapshot", hostile.snapshot, "--report",
                       f"html={path}").code == 1
    return path



def tags(path):
    return {e.tag for e in html.document_fromstring(path.read_bytes()).iter() if isinstance(e.tag, str)}


@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_nothing_is_loaded_from_anywhere(request, which):
    path = request.getfixturevalue(which)
    text = path.read_text()
    assert not tags(path) & LOADING
    assert not re.search(r"@import|url\(", text)
    tree = html.document_fromstring(path.read_bytes())
    for element, attribute, link, _ in tree.iterlinks():
        assert element.tag == "a" and attribute == "href", (element.tag, attribute, link)
        assert link.startswith(("#", "https://")), link


@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_no_attribute_runs_a_script_or_carries_a_style(request, which):
    tree = html.document_fromstring(request.getfixturevalue(which).read_bytes())
    for element in tree.iter():
        for name, value in (element.attrib.items() if isinstance(element.tag, str) else ()):
            assert not name.startswith("on") and name != "style", (element.tag, name)
            assert "javascript:" not in value.lower(), value


@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_the_content_security_policy_allows_the_one_style_and_nothing_else(request, which):
    text = request.getfixturevalue(which).read_text()
    policy, = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.pop("default-src") == "'none'"
    style, = re.findall(r"<style>(.*?)</style>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert rules.pop("style-src") == f"'sha256-{digest}'"
    assert set(rules.values()) <= {"'none'"}


def test_the_browser_shows_the_nine_requirements_and_says_nothing_of_violations(page):
    folder = page.parent
    dom, err = chromium.run(folder, page, "--dump-dom", "--enable-logging=stderr", "--v=0")
    shown = html.document_fromstring(dom).text_content()
    assert all(re.search(rf"\b{re.escape(number)}\b", shown) for number in NUMBERS)
    assert "111111111111" in shown and "default-trail" in shown
    assert "Content Security Policy" not in err and "Refused to" not in err


def test_the_browser_would_have_told_of_a_violation(page):
    broken = page.parent / "broken.html"
    broken.write_text(page.read_text().replace("<style>", "<style>/* another text */", 1))
    err = chromium.run(page.parent, broken, "--dump-dom", "--enable-logging=stderr", "--v=0")[1]
    assert "Content Security Policy" in err


def test_the_style_is_applied_by_the_browser(page):
    """Had the policy's hash been wrong, the page would be black on white text without boxes."""
    shot = page.parent / "shot.png"
    chromium.run(page.parent, page, f"--screenshot={shot}", "--window-size=1200,1600")
    bare = page.parent / "bare.html"
    bare.write_text(re.sub(r"<style>.*?</style>", "", page.read_text(), flags=re.S))
    bare_shot = page.parent / "bare.png"
    chromium.run(page.parent, bare, f"--screenshot={bare_shot}", "--window-size=1200,1600")
    assert size_of(shot) == (1200, 1600)
    assert shot.read_bytes() != bare_shot.read_bytes()


def size_of(png):
    return struct.unpack(">II", png.read_bytes()[16:24])


def test_hostile_names_stay_text_in_the_browser(hostile_page):
    dom = chromium.dom(hostile_page.parent, hostile_page)
    tree = html.document_fromstring(dom)
    assert "owned" not in (tree.findtext(".//title") or "")
    assert "<script>document.title='owned'</script>" in tree.text_content()
    assert not tree.xpath("//script|//img|//*[@onmouseover]|//*[@onerror]")


def test_each_fault_tells_evidence_call_time_reason_and_fix(page):
    shown = " ".join(html.document_fromstring(page.read_bytes()).text_content().split())
    for word in ("GetBucketLogging", "DescribeFlowLogs", "2026-11-22", "put-bucket-logging",
                 "enable-key-rotation"):
        assert word in shown, word


def test_japanese_verdicts(example, tmp_path):
    seed, path = example("seed-001"), tmp_path / "ja.html"
    seed.program.run("scan", "--snapshot", seed.snapshot, "--report", f"html={path}", "--lang", "ja")
    text = path.read_text()
    assert '<html lang="ja"' in text
    assert all(word in text for word in ("正常", "注意", "重要"))


def test_it_works_without_its_neighbours_and_without_a_network(page, tmp_path):
    moved = tmp_path / "alone.html"
    moved.write_bytes(page.read_bytes())
    assert "default-trail" in chromium.dom(tmp_path, moved)
