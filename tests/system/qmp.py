"""QEMU's machine protocol (QMP) over one end of a socket pair."""

from __future__ import annotations

import json
import queue
import socket
import threading
from typing import Any

ANSWER_SECONDS = 20.0


class QmpError(Exception):
    """QEMU refused a command or did not answer it."""


class Qmp:
    """One connection. A thread reads it, so that QEMU never blocks on an event nobody takes."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._lock = threading.Lock()
        self.events: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            with self._connection.makefile("r", encoding="utf-8") as lines:
                for line in lines:
                    message = json.loads(line)
                    if "event" in message:
                        self.events.append(message)
                    elif "QMP" not in message:
                        self._answers.put(message)
        except (OSError, ValueError):
            pass
        self._answers.put(None)

    def execute(self, command: str, **arguments: Any) -> Any:
        """Runs a command and returns what QEMU returned."""
        request = {"execute": command, "arguments": arguments}
        try:
            with self._lock:
                self._connection.sendall(json.dumps(request).encode() + b"\n")
                answer = self._answers.get(timeout=ANSWER_SECONDS)
        except OSError as error:
            raise QmpError(f"{command}: QEMU is gone ({error})") from error
        except queue.Empty:
            raise QmpError(f"{command}: no answer within {ANSWER_SECONDS:g} s") from None
        if answer is None:
            self._answers.put(None)
            raise QmpError(f"{command}: QEMU is gone")
        if "error" in answer:
            raise QmpError(f"{command}: {answer['error'].get('desc', answer['error'])}")
        return answer["return"]

    def negotiate(self) -> None:
        """Must come before any other command; QEMU tells of no event before it either."""
        self.execute("qmp_capabilities")

    def monitor(self, line: str) -> str:
        """Runs a command of QEMU's human monitor and returns its text."""
        return str(self.execute("human-monitor-command", **{"command-line": line}))

    def event_data(self, name: str) -> list[dict[str, Any]]:
        """The data of each event of that name so far."""
        return [event.get("data", {}) for event in list(self.events) if event["event"] == name]

    def drain(self, seconds: float) -> None:
        """Waits until QEMU has closed the connection, so that its last events are known."""
        self._reader.join(seconds)

    def close(self) -> None:
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._reader.join(1.0)
        self._connection.close()
