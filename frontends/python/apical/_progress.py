# SPDX-License-Identifier: BSD-3-Clause
"""The line that shows how far a run is."""

from __future__ import annotations

import sys
import time
from typing import TextIO


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class Bar:
    """Simulated time, rate and time left on one line that is written over.

    Parameters
    ----------
    start : float
        Simulated time at the beginning of the run [ms].
    out : file, optional
        Where to write; by default the standard error.
    width : int
        Of the bar, in characters.
    """

    def __init__(self, start: float = 0.0, out: TextIO | None = None, width: int = 28) -> None:
        self._out = out if out is not None else sys.stderr
        self._width = width
        self._since = time.monotonic()
        self._start = start
        self._length = 0

    def __call__(self, now: float, until: float, wall_seconds: float) -> None:
        """Show simulated time `now` of `until` [ms] after `wall_seconds` [s]."""
        rate = (now - self._start) / wall_seconds if wall_seconds > 0 else 0.0
        if rate > 0:
            self._write(self._line(now, until, rate, f"{_clock((until - now) / rate)} left"))

    def finish(self, until: float) -> None:
        """Show that simulated time has reached `until` [ms], and end the line."""
        seconds = time.monotonic() - self._since
        rate = (until - self._start) / seconds if seconds > 0 else 0.0
        self._write(self._line(until, until, rate, f"in {seconds:.2f} s"))
        self.close()

    def close(self) -> None:
        """End the line."""
        if self._length:
            self._out.write("\n")
            self._out.flush()
            self._length = 0

    def _line(self, now: float, until: float, rate: float, rest: str) -> str:
        share = min(1.0, now / until) if until > 0 else 1.0
        eighths = round(share * self._width * 8)
        full, part = divmod(eighths, 8)
        bar = ("█" * full + (" ▏▎▍▌▋▊▉"[part] if part else "")).ljust(self._width)
        return f"{bar} {now:,.1f} of {until:,.1f} ms  {rate:,.0f} ms/s  {rest}"

    def _write(self, line: str) -> None:
        self._out.write("\r" + line.ljust(self._length))
        self._out.flush()
        self._length = len(line)
