import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

LEAST = 10_000  # faults, over all tests of this folder
ATTEMPTS = "5"  # of what is throttled, too: without a bound that lasts until a call's deadline
INJECTED = []   # of each run


@pytest.fixture(scope="session")
def injected():
    """Where each run puts how many faults it injected."""
    return INJECTED


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"{sum(INJECTED)} faults injected in {len(INJECTED)} runs")
