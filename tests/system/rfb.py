"""A keyboard on a machine's RFB (VNC) display: RFC 6143, of which version 3.3 is enough."""

from __future__ import annotations

import socket
import struct
import threading
import time

VERSION = b"RFB 003.003\n"
NO_AUTHENTICATION = 1
KEY_EVENT = 4
SHIFT = 0xFFE1                          # X11's keysyms; those of ASCII are ASCII
ENTER = 0xFF0D
ANSWER_SECONDS = 10.0
KEY_SECONDS = 0.05

_SHIFTED = frozenset('~!@#$%^&*()_+{}|:"<>?')


class RfbKeyboard:
    """One connection. A thread takes the pictures that come, which nobody looks at."""

    def __init__(self, port: int) -> None:
        self._connection = socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS)
        if self._take(len(VERSION))[:4] != b"RFB ":
            raise OSError("it speaks no RFB")
        self._connection.sendall(VERSION)
        security, = struct.unpack(">I", self._take(4))
        if security != NO_AUTHENTICATION:
            raise OSError(f"it wants security type {security}")
        self._connection.sendall(b"\x01")           # others may look on
        self._connection.settimeout(None)
        threading.Thread(target=self._drain, daemon=True).start()

    def _take(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self._connection.recv(size - len(data))
            if not part:
                raise OSError("it has closed the connection")
            data += part
        return data

    def _drain(self) -> None:
        try:
            while self._connection.recv(65536):
                pass
        except OSError:
            pass

    def _hold(self, key: int, is_down: bool) -> None:
        self._connection.sendall(struct.pack(">BBHI", KEY_EVENT, is_down, 0, key))
        time.sleep(KEY_SECONDS)

    def type_text(self, text: str) -> None:
        """Types a text on a US keyboard."""
        for character in text:
            is_shifted = character.isupper() or character in _SHIFTED
            key = ENTER if character == "\n" else ord(character)
            if is_shifted:
                self._hold(SHIFT, True)
            self._hold(key, True)
            self._hold(key, False)
            if is_shifted:
                self._hold(SHIFT, False)

    def close(self) -> None:
        self._connection.close()
