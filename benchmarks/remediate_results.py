"""The page that says what was measured of mending, and whether the aims were met."""

import pathlib
import sys

from page import aim, ciswatch_version, disturbance, hardware, package

FINDINGS_AIM, APPLY_AIM = 10_000, 3.0

HEAD = """# Benchmark of mending

Written by `benchmarks/run_remediate`. **Planning**: `remediate plan` of {accounts:,} synthetic accounts, beside `scan` of the same snapshot, which judges them as planning
does. **Applying**: `remediate apply` of {changes} changes (`EnableKeyRotation`, of keys in {regions} regions) against moto behind a proxy that answers each request {late:.0f} ms
later, beside the same calls made by botocore and nothing else: one after the other, and {at_once} at a time, as many as `apply` has changes under way. Besides its call
`apply` reads each key before it and after it, three requests one after the other, and writes a journal to the disk that is synced before each call leaves; so
that about three times the bare calls is the least that it can take. It keeps AWS's quotas too, which the bare calls do not: EnableKeyRotation is 15 a second for
each account and region (KMS Developer Guide, Request quotas), of which it takes half at once and half a second.

Compare ratios: seconds are this machine's, and moto shares its cores.

{machine}
"""


def _aims(results):
    return ["## Aims", "", "| | aim | reached | |", "|---|---|---|---|",
            aim("failing findings planned for", results.findings, FINDINGS_AIM, "{:,}", at_least=True),
            aim(f"applying, of the bare calls {results.at_once} at a time",
                results.applied / results.bare_at_once, APPLY_AIM, "{:.1f}×"), ""]


def _figures(results):
    rows = [
        (f"judging {results.accounts:,} accounts", results.scan.median("wall"), results.scan.most("rss")),
        (f"the plan for their {results.findings:,} failing findings: {results.planned:,} changes",
         results.plan.median("wall"), results.plan.most("rss")),
        (f"{results.changes} bare calls, one after the other", results.bare_in_turn, None),
        (f"{results.changes} bare calls, {results.at_once} at a time", results.bare_at_once, None),
        (f"{results.changes} changes by `apply`, until all are done", results.applied, None),
        ("the same with collecting and judging again", results.whole, results.rss)]
    return ["## Figures", "", "| | wall s | peak MB |", "|---|---|---|",
            *(f"| {what} | {wall:.2f} | {'' if rss is None else f'{rss / 10**6:.0f}'} |"
              for what, wall, rss in rows), "",
            f"Planning took {results.plan.median('wall') / results.scan.median('wall'):.2f}× of judging, which is part "
            f"of it. Applying took {results.applied / results.bare_in_turn:.2f}× of the bare calls one after the "
            f"other, {results.applied / results.bare_at_once:.1f}× of them {results.at_once} at a time."]


def page(results):
    machine = "\n".join((
        f"{hardware()} {ciswatch_version(results.program)}, "
        f"{package(pathlib.Path(sys.executable).parent, 'moto')}.",
        disturbance([results.scan, results.plan])))
    head = HEAD.format(accounts=results.accounts, changes=results.changes, regions=results.regions,
                       late=1000 * results.late, at_once=results.at_once, machine=machine)
    return "\n".join([head, *_aims(results), *_figures(results)]) + "\n"
