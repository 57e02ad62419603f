"""A local AWS that answers from recordings, slowly or wrongly where it is told to. On aiohttp, which is
among the tests' packages already: microburst is built on it; it serves thousands of requests a second, and lets
a handler break the connection. One thread of its own with its event loop."""

import asyncio
import collections
import contextlib
import dataclasses
import random
import threading
import time

import loopback
import wire
from aiohttp import web

import faults


@dataclasses.dataclass
class Event:
    """One request and what was done to it: a kind of fault, or None."""
    call: wire.Call
    fault: str | None
    time: float


class Lab:
    """`recording`: a Recording or a Fleet; roles of its accounts can be taken on. `schedule`: what goes wrong; `latency`: (least, most) seconds of each request; `quotas`: a Quotas."""

    def __init__(self, recording, schedule=None, latency=None, quotas=None):
        self.recording, self.schedule, self.latency, self.quotas = recording, schedule, latency, quotas
        self.events, self.unknown = [], []
        self.in_flight = self.most_in_flight = 0
        self._asked = collections.Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        self.url = f"http://127.0.0.1:{self.port}"

    async def _start(self):
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None))
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        return self._runner.addresses[0][1]

    def stop(self):
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _handle(self, request):
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = loopback.Request(request.method, request.raw_path, headers, await request.read())
        call = wire.read(asked)
        if call is None:
            self.unknown.append(repr(asked))
            return web.Response(status=400, text="UnknownOperationException")
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._answer(request, call)
        finally:
            self.in_flight -= 1

    async def _answer(self, request, call):
        event = Event(call, self._fault(call), time.monotonic())
        self.events.append(event)
        if self.latency:
            await asyncio.sleep(random.uniform(*self.latency))
        if event.fault is None and self.quotas and not self.quotas.take(call):
            event.fault = "throttled"
        answer = self._whole(call)
        if answer.status != 200 and event.fault in faults.OF_ANSWERS:
            event.fault = None
        if event.fault is None:
            return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
        if event.fault in ("reset", "cut"):
            return await self._broken(request, answer, event.fault)
        dice = random.Random(f"{call} {self._asked[call]}")
        made = faults.spoiled(event.fault, call, answer, dice)
        return web.Response(status=made.status, headers=made.headers, body=made.body)

    def _fault(self, call):
        self._asked[call] += 1
        fate = self.schedule.fate(call) if self.schedule else None
        return fate.kind if fate and self._asked[call] <= fate.times else None

    def _whole(self, call):
        if call.operation == "AssumeRole":
            return wire.assumed(call)
        made = self.recording.answer(call)
        if made is None:
            self.unknown.append(str(call))
            made = wire.error(call, "NotRecorded", "the recording has no such call", 400)
        return made

    @staticmethod
    async def _broken(request, answer, kind):
        """Nothing at all, or half of what the headers announce, and then no connection."""
        made = web.StreamResponse(status=answer.status, headers=answer.headers)
        if kind == "cut":
            made.content_length = len(answer.body) + 1
            await made.prepare(request)
            await made.write(answer.body[:len(answer.body) // 2] or b" ")
        request.transport.abort()
        return made

    # --- what was done, told afterwards

    @property
    def injected(self):
        return sum(event.fault is not None for event in self.events)

    def last_faults(self):
        """call → how its last request went wrong, for those whose did."""
        last = {event.call: event.fault for event in self.events}
        return {call: fault for call, fault in last.items() if fault}


@contextlib.contextmanager
def serving(*args, **how):
    lab = Lab(*args, **how)
    try:
        yield lab
    finally:
        lab.stop()
