"""What goes wrong, and when: decided for each call by the schedule's seed and the call alone, so that the
order in which calls arrive changes nothing."""

import dataclasses
import math
import random

import wire

# kind → the outcomes that the ledger may have for a call that ends with it.
KINDS = {
    "denied": {"denied"}, "throttled": {"throttled"}, "too many requests": {"throttled"},
    "unavailable": {"failed"}, "internal error": {"failed"}, "reset": {"failed"}, "cut": {"failed"},
    "short": {"failed"}, "corrupt": {"failed"}, "page": {"failed"}, "empty": {"failed"},
    "other answer": {"failed"}, "error in 200": {"failed"}, "unknown key": {"disabled", "denied"},
    "not opted in": {"disabled"}}
# What is worth another attempt: a call that it happens to a few times is answered all the same.
PASSING = ("throttled", "too many requests", "unavailable", "internal error", "reset", "cut", "short",
           "corrupt", "error in 200")
# HEAD has no body that they could spoil or tell of.
OF_BODIES = {"cut", "short", "corrupt", "page", "empty", "other answer", "error in 200"}
OF_ANSWERS = {"short", "corrupt"}  # not of errors
NOT_OF_HEAD = OF_BODIES | {"not opted in"}
PAGE = b"<!DOCTYPE html><html><head><title>Portal</title></head><body><p>Sign in</p></body></html>"


@dataclasses.dataclass(frozen=True)
class Fate:
    """Of a call: the first `times` requests of a page go wrong in this way."""
    kind: str
    times: float

    @property
    def is_final(self):
        return self.times == math.inf


@dataclasses.dataclass(frozen=True)
class Schedule:
    seed: int
    share: float = 0.9    # of the calls that go wrong
    final: float = 0.15   # of those that never go right
    most: int = 3         # how often the others go wrong
    kinds: tuple = tuple(KINDS) + PASSING

    def fate(self, call):
        """None: all goes well."""
        dice = random.Random(f"{self.seed} {call}")
        if call.operation == "GetCallerIdentity" or dice.random() >= self.share:
            return None
        kinds = [kind for kind in self.kinds if fits(kind, call)]
        kind = dice.choice(kinds)
        # Without a role, or a list of regions, hardly anything is left to fail.
        final = self.final / 10 if call.operation in ("AssumeRole", "DescribeRegions") else self.final
        return Fate(kind, math.inf if dice.random() < final else dice.randint(1, self.most))


def outcomes(kind, call):
    """Those of KINDS; of a HEAD only the status can be told."""
    return KINDS[kind] | ({"failed"} if call.method == "HEAD" else set())


def fits(kind, call):
    if kind == "error in 200":
        return call.service == "s3" and call.method != "HEAD"
    return call.method != "HEAD" or kind not in NOT_OF_HEAD


def denial(call):
    code = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}.get(call.service)
    if code is None:
        model = wire.get_service_model(call.service).protocol
        code = "AccessDeniedException" if model in ("json", "rest-json") else "AccessDenied"
    return wire.error(call, code, f"not authorized to perform: {call.operation}", 403)


ERRORS = {"throttled": ("ThrottlingException", "Rate exceeded", 400),
          "too many requests": ("TooManyRequestsException", "Rate exceeded", 429),
          "unavailable": ("ServiceUnavailable", "Try again", 503),
          "internal error": ("InternalFailure", "It failed", 500),
          "unknown key": ("UnrecognizedClientException", "The token is invalid", 403),
          "not opted in": ("OptInRequired", "Not subscribed to the service", 403)}
S3_ERRORS = {"throttled": ("SlowDown", "Please reduce your request rate", 503),
             "unknown key": ("InvalidAccessKeyId", "The key does not exist in our records", 403)}


def spoiled(kind, call, answer, dice):
    """The answer of a fault that leaves a connection whole."""
    if kind == "denied":
        return denial(call)
    if kind in ERRORS:
        error = S3_ERRORS.get(kind) if call.service == "s3" else None
        return wire.error(call, *(error or ERRORS[kind]))
    if kind == "error in 200":
        return dataclasses.replace(wire.error(call, "InternalError", "It failed", 200), status=200)
    headers = dict(answer.headers)
    body = {"page": PAGE, "empty": b"", "other answer": b'{"message":null}'}.get(kind, answer.body)
    if kind == "page":
        headers["Content-Type"] = "text/html"
    if kind == "short":
        body = body[:dice.randrange(len(body))]
    if kind == "corrupt":
        changed = bytearray(body)
        for at in dice.sample(range(len(body)), max(1, len(body) // 20)):
            changed[at] ^= 0xFF
        body = bytes(changed)
    return wire.Answer(200, headers, body)
