"""python -m pytest examples/hooks"""

import datetime
import io
import json

import pytest

import change_window

ALLOWED = ["--days", "mon-thu", "--hours", "8-16", "--keep-off", "999999999999"]


def asked(capsys, when, account="111111111111", argv=ALLOWED):
    """The exit code, and what is said."""
    document = io.StringIO(json.dumps({"event": "before_apply", "change": {"account_id": account}}))
    code = change_window.main(argv, document, datetime.datetime.fromisoformat(when))
    return code, capsys.readouterr().out.strip()


@pytest.mark.parametrize("when, code, said", [
    ("2026-11-23T08:00", 0, ""),  # a Monday
    ("2026-11-26T15:59", 0, ""),
    ("2026-11-23T07:59", 1, "no changes at 07:59 UTC"),
    ("2026-11-26T16:00", 1, "no changes at 16:00 UTC"),
    ("2026-11-27T12:00", 1, "no changes on a fri"),
    ("2026-11-22T12:00", 1, "no changes on a sun"),
])
def test_changes_have_their_hours(capsys, when, code, said):
    assert asked(capsys, when) == (code, said)


def test_an_account_is_kept_off_at_any_time(capsys):
    assert asked(capsys, "2026-11-23T12:00", "999999999999") == (1, "account 999999999999 is changed by hand")


def test_without_limits_everything_may_be_changed(capsys):
    assert asked(capsys, "2026-11-22T23:59", "999999999999", []) == (0, "")


@pytest.mark.parametrize("argv", [["--days", "mon-never"], ["--hours", "8"], ["--keepoff", "1"]])
def test_a_wrong_limit_is_no_permission(argv):
    with pytest.raises(SystemExit) as end:
        change_window.options(argv)
    assert end.value.code == 2


def test_a_document_that_is_none_is_no_permission():
    with pytest.raises(json.JSONDecodeError):
        change_window.main([], io.StringIO("no"), datetime.datetime(2026, 11, 23))
