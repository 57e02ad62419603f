"""The AWS that benchmarks/run_collect asks: the fault lab's server (tests/lab) with a fleet of accounts,
without faults. What was asked once is answered from the bytes of the first time, with the account's own id
and names put in. A process of its own: collect_server.py ACCOUNTS LATENCY QUOTAS prints its port and ends with
its input; GET /counts tells as JSON what was asked since the last time."""

import asyncio
import collections
import json
import os
import pathlib
import resource
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/lab"), str(ROOT / "tests/e2e")]

import loopback  # noqa: E402
import wire  # noqa: E402
from aiohttp import web  # noqa: E402
from quotas import Quotas  # noqa: E402
from recording import Fleet, Recording, swapped  # noqa: E402
from server import Lab  # noqa: E402

EXAMPLES = ("seed-001", "seed-001-fixed", "seed-004")
OWN = "500000000000"  # whose credentials take on the roles; none of the fleet
FIRST = 600_000_000_000


def ids(accounts):
    return [str(FIRST + 97 * number) for number in range(accounts)]


class Server(Lab):
    def __init__(self, accounts, latency, with_quotas):
        self._known = {}  # question, in the recording's words → (service, operation), answer
        self._with_quotas = with_quotas
        recordings = [Recording(ROOT / "examples" / name / "recording.jsonl") for name in EXAMPLES]
        super().__init__(Fleet(recordings, [*ids(accounts), OWN]), latency=latency)
        self._begin()

    def _begin(self):
        self.quotas = Quotas() if self._with_quotas else None
        self.requests, self.unknown = collections.Counter(), []
        self.refused = self.most_in_flight = 0
        self._cpu = time.process_time()

    async def _handle(self, request):
        if request.raw_path == "/counts":
            return self._counts()
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._answered(request)
        finally:
            self.in_flight -= 1

    async def _answered(self, request):
        call, made, back = self._found(request, await request.read())
        self.requests[f"{call.service} {call.operation}"] += 1
        refused = self.quotas is not None and not self.quotas.take(call)
        if self.latency:
            await asyncio.sleep(self.latency)
        if refused:
            self.refused += 1
            made = wire.error(call, "ThrottlingException", "Rate exceeded", 400)
        return web.Response(status=made.status, headers=made.headers, body=swapped(made.body, back))

    def _found(self, request, body):
        """The call, how the recording answers it and what to replace in that."""
        scope = request.headers["authorization"].partition("Credential=")[2].split("/", 4)
        account, region, service = wire.account_of(scope[0]), scope[2], scope[3]
        target = request.headers.get("x-amz-target", "")
        recording, swaps, back = self.recording.like[account]
        path, text = swapped(request.raw_path, swaps), swapped(body.decode(), swaps)
        question = recording, region, service, request.method, path, target, text
        known = self._known.get(question)
        if known is None:
            headers = {name.lower(): swapped(value, swaps) for name, value in request.headers.items()}
            known = self._known[question] = self._read(question, headers)
        (name, operation), made = known
        return wire.Call(account, region, name, operation, ()), made, back

    def _read(self, question, headers):
        recording, _, _, method, path, _, text = question
        call = wire.read(loopback.Request(method, path, headers, text.encode()))
        if call.operation == "AssumeRole":
            return (call.service, call.operation), wire.assumed(call)
        made = recording.answer(wire.dataclasses.replace(call, account=recording.accounts[0]))
        if made is None:
            self.unknown.append(str(call))
            made = wire.error(call, "NotRecorded", "the recording has no such call", 400)
        return (call.service, call.operation), made

    def _counts(self):
        told = {"requests": self.requests, "unknown": self.unknown, "refused": self.refused,
                "most_in_flight": self.most_in_flight, "cpu": time.process_time() - self._cpu,
                "least_seconds": self.quotas.least_seconds() if self.quotas else 0}
        self._begin()
        return web.json_response(told)


def main():
    accounts, latency, with_quotas = sys.argv[1:]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    server = Server(int(accounts), float(latency), with_quotas == "quotas")
    print(server.port, flush=True)
    sys.stdin.read()
    os._exit(0)  # connections that are kept alive would hold it


if __name__ == "__main__":
    main()
