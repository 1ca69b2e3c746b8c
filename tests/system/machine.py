"""A machine under test: what QEMU and Bochs machines have in common.

A machine owns one emulator process and one directory. Everything in it is bounded: the process by
`timeout`, each wait by its own limit. Tests get their machines from lab.Lab, which stops them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Self

from picture import Picture
from screen import Screen

POLL_SECONDS = 0.02
STOP_SECONDS = 5.0


class MachineError(Exception):
    """The machine did not do what the test waited for, or could not be started."""


def require_tool(tool: str, package: str) -> str:
    """Path of a program, or an error that names the Debian package to install."""
    path = shutil.which(tool)
    if path is None:
        raise MachineError(f"{tool} is not installed: apt-get install {package}")
    return path


class Machine:
    """Common interface of the emulators. `ending` says how a machine ended, in words."""

    kind = "machine"

    def __init__(self, directory: Path, lifetime: float = 120.0) -> None:
        """directory: made if absent, holds every log; lifetime: seconds until the emulator is ended."""
        self.directory = directory.absolute()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.lifetime = lifetime
        self.ending: str | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.serial_path = self.directory / "serial.txt"
        self.debug_path = self.directory / "e9.txt"
        self.output_path = self.directory / "emulator.txt"

    # What each emulator does in its own way.

    def command(self) -> list[str]:
        """The emulator's command line, without `timeout`."""
        raise NotImplementedError

    def why_ended(self, exit_code: int) -> str:
        """How the machine ended, in words, once its process is gone."""
        raise NotImplementedError

    def screen_text(self) -> Screen:
        """What stands on the 80x25 VGA text screen now, with attributes."""
        raise NotImplementedError

    def screenshot(self, path: Path) -> None:
        """Writes the screen as a PNG picture."""
        raise NotImplementedError

    def picture(self) -> Picture:
        """What the screen shows, each pixel as it is."""
        raise NotImplementedError

    def send_serial(self, data: bytes) -> None:
        """Bytes that arrive at a serial line of the guest."""
        raise NotImplementedError

    def request_stop(self) -> None:
        """Asks the emulator to end; stop() makes sure of it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def observe(self) -> None:
        """Called at each poll: looks for what the process itself does not tell."""

    def before_start(self) -> None:
        """Prepares files, sockets and displays; passed_descriptors() is asked after it."""

    def after_start(self) -> None:
        """Called once the process runs."""

    def passed_descriptors(self) -> list[int]:
        return []

    # The common part.

    def start(self) -> Self:
        if self.process is not None:
            raise MachineError(f"{self.kind} was started already")
        self.serial_path.write_bytes(b"")
        self.before_start()
        command = self.command()
        (self.directory / "command.txt").write_text(" ".join(map(repr, command)) + "\n")
        bounded = ["timeout", "--foreground", "--kill-after=2", f"{self.lifetime:.0f}", *command]
        with self.output_path.open("wb") as output:
            self.process = subprocess.Popen(
                bounded, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT,
                pass_fds=self.passed_descriptors(), cwd=self.directory)
        self.after_start()
        return self

    def __enter__(self) -> Self:
        return self.start() if self.process is None else self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def exit_code(self) -> int | None:
        """The emulator's exit code, None while it runs."""
        return None if self.process is None else self.process.poll()

    def ended(self) -> bool:
        """True once the machine is gone; `ending` then says how."""
        if self.process is None:
            return False
        if self.process.poll() is None:
            self.observe()
        exit_code = self.process.poll()
        if exit_code is None:
            return False
        if self.ending is None:
            self.ending = "its time limit" if exit_code in (124, 137) else self.why_ended(exit_code)
        return True

    def serial_text(self) -> str:
        """All that came over the serial line so far, line ends as single newlines."""
        return read_text(self.serial_path)

    def debug_text(self) -> str:
        """All that was written to port 0xE9 so far."""
        return read_text(self.debug_path)

    def wait_for(self, pattern: str | re.Pattern[str], seconds: float, after: int = 0) -> re.Match[str]:
        """Waits until a text (str) or expression (compiled) stands in the serial log.

        after: offset into serial_text() where to begin, such as an earlier match's end().
        Fails at once when the machine ends without having said it.
        """
        wanted = re.compile(re.escape(pattern)) if isinstance(pattern, str) else pattern
        deadline = time.monotonic() + seconds
        while True:
            gone = self.ended()
            found = wanted.search(self.serial_text(), after)
            if found is not None:
                return found
            if gone:
                raise MachineError(f"{self.kind} ended ({self.ending}) before it said {wanted.pattern!r}; "
                                   f"{self.last_words()}")
            if time.monotonic() > deadline:
                raise MachineError(f"{self.kind} did not say {wanted.pattern!r} within {seconds:g} s; "
                                   f"{self.last_words()}")
            time.sleep(POLL_SECONDS)

    def wait_for_exit(self, seconds: float) -> int:
        """Waits until the machine ends by itself; its exit code. `ending` says how."""
        deadline = time.monotonic() + seconds
        while not self.ended():
            if time.monotonic() > deadline:
                raise MachineError(f"{self.kind} still ran after {seconds:g} s; {self.last_words()}")
            time.sleep(POLL_SECONDS)
        assert self.process is not None
        return self.process.returncode

    def last_words(self) -> str:
        lines = self.serial_text().splitlines()
        return f"its last line was {lines[-1]!r}" if lines else "it said nothing"

    def stop(self) -> None:
        """Ends the emulator if it still runs. May be called at any time, and again."""
        process = self.process
        if process is not None:
            if not self.ended():
                self.ending = "stopped by the test"
                self._end_process(process)
            if process.stdin is not None:
                process.stdin.close()
                process.stdin = None
        self.after_stop()

    def _end_process(self, process: subprocess.Popen[bytes]) -> None:
        """Asks, then insists: `timeout` passes our signal on and follows it with SIGKILL."""
        self.request_stop()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()

    def after_stop(self) -> None:
        """Gives back what before_start() took."""


def read_text(path: Path) -> str:
    """A log's text; what is no ASCII shows as escapes, so that a wild byte cannot hide a line."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ""
    return data.decode("ascii", errors="backslashreplace").replace("\r\n", "\n").replace("\r", "")
