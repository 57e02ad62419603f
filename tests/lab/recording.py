"""The answers of recorded accounts (docs/recording.md), found by the call that is made."""

import dataclasses
import datetime
import json
import re
import threading

import wire

TIME = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"')
FORM = "%Y-%m-%dT%H:%M:%SZ"
LETTERS = "ghijklmnopqrstuvwxyz"  # none of a hexadecimal id

# S3's word where a bucket is asked for in another region than its own.
ELSEWHERE = "PermanentRedirect"


def until_now(text):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0, tzinfo=None)
    ago = now - datetime.datetime.strptime(json.loads(text.splitlines()[-1])["time"], FORM)
    return TIME.sub(lambda found: f'"{datetime.datetime.strptime(found[1], FORM) + ago:{FORM}}"', text)


class Recording:
    """Read once, shared by all servers; answers are kept as they go over the wire. `text` is the file as
    if it had ended now: what was delivered an hour before is still that old."""

    def __init__(self, file):
        self.text = until_now(file.read_text())
        self._lines, self._wire, self._lock = {}, {}, threading.Lock()
        for line in map(json.loads, self.text.splitlines()):
            self._lines.setdefault((line["account"], line["service"], line["operation"]), []).append(line)

    @property
    def accounts(self):
        return sorted({account for account, _, _ in self._lines})

    def _line(self, call):
        """Of the lines whose parameters the call has, the one with most: a page, not the first one."""
        asked = dict(call.params)
        lines = self._lines.get((call.account, call.service, call.operation), ())
        fitting = [line for line in lines if all(
            asked.get(name) == (value if isinstance(value, str) else json.dumps(value))
            for name, value in line["params"].items())]
        if "Bucket" not in asked:
            fitting = [line for line in fitting if line["region"] == call.region]
        return max(fitting, key=lambda line: len(line["params"]), default=None)

    def answer(self, call):
        """None where the recording has none."""
        with self._lock:
            if call not in self._wire:
                self._wire[call] = self._make(call)
            return self._wire[call]

    def _make(self, call):
        line = self._line(call)
        if line is None:
            return None
        if line["region"] != call.region:
            made = wire.error(call, ELSEWHERE, "use the bucket's own region", 301)
        elif "error" in line:
            error = line["error"]
            made = wire.error(call, error["code"], error["message"], error["status"])
        else:
            made = wire.answer(call, line["response"])
        if "Bucket" in dict(call.params):
            made.headers["x-amz-bucket-region"] = line["region"]
        return made


def swapped(text, swaps):
    for one, other in swaps:
        text = text.replace(one, other)
    return text


class Fleet:
    """Accounts by their ids, each like one of `recordings` (of one account each) in turn, with its own id
    and its own names where those are an `example`'s. `like`: id → the recording, what is replaced in a
    question for it, and in its answer."""

    def __init__(self, recordings, ids):
        self.like = {}
        for number, id in enumerate(ids):
            recording = recordings[number % len(recordings)]
            word = "".join(LETTERS[number // 20**place % 20] for place in range(len("example")))
            swaps = (id, recording.accounts[0]), (word, "example")
            self.like[id] = recording, swaps, [(old.encode(), new.encode()) for new, old in swaps]

    def answer(self, call):
        """None where the recording has none."""
        if call.account not in self.like:
            return None
        recording, swaps, back = self.like[call.account]
        made = recording.answer(dataclasses.replace(
            call, account=recording.accounts[0],
            params=tuple((name, swapped(value, swaps)) for name, value in call.params)))
        return made and dataclasses.replace(made, body=swapped(made.body, back))
