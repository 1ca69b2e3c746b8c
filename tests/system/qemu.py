"""A machine in QEMU, always with its software CPU: a KVM device may be a stand-in that fails."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from boot_entry import Module, add_libraries, initrd_argument
from keys import keys_of_character
from machine import Machine, MachineError, require_tool
from picture import Picture, read_ppm
from qmp import Qmp, QmpError
from screen import CELLS, TEXT_BASE, Screen, parse_memory_dump

KEY_HOLD_MS = 20
KEY_GAP_SECONDS = 0.05
LAST_EVENTS_SECONDS = 2.0

# Repeatable to the instruction, however busy the host is; plain `shift=0` is not. An instruction takes 2^shift ns.
def icount_arguments(shift: int) -> list[str]:
    return ["-icount", f"shift={shift},sleep=off", "-rtc", "base=2000-01-01,clock=vm"]


@dataclass(frozen=True)
class QemuSetup:
    """What kind of PC it is and what it boots: images, or a kernel with modules."""

    machine: str = "pc"
    cpu: str | None = None
    megabytes: int = 32
    vga: str = "std"
    cdrom: Path | None = None
    floppy: Path | None = None
    disk: Path | None = None
    kernel: Path | None = None
    options: str = ""                       # the kernel's command line, with `kernel` only
    modules: Sequence[Module] = ()          # with `kernel` only
    icount: int | None = None               # counts instructions instead of time: an instruction takes 2^icount ns
    reboot: bool = False                    # False: a reset ends QEMU
    serial: bool = True                     # False: there is no COM1
    arguments: Sequence[str] = field(default=())


class Qemu(Machine):
    """One QEMU process, spoken to by QMP; its serial line is logged and can be written to."""

    kind = "QEMU"

    def __init__(self, directory: Path, setup: QemuSetup, lifetime: float = 120.0) -> None:
        super().__init__(directory, lifetime)
        self.setup = setup
        self.cpu_log_path = self.directory / "cpu.txt"
        self._qmp: Qmp | None = None
        self._serial: int | None = None         # leads to the guest's COM1
        self._guest_ends: list[socket.socket] = []
        for image in (setup.cdrom, setup.floppy, setup.disk, setup.kernel, *(m.path for m in setup.modules)):
            if image is not None and not image.is_file():
                raise MachineError(f"{image} does not exist: build it first (make)")

    def before_start(self) -> None:
        qmp, qmp_guest = socket.socketpair()
        self._guest_ends = [qmp_guest]
        self._qmp = Qmp(qmp)
        self._make_serial_line()

    def _make_serial_line(self) -> None:
        """QEMU's `pipe`, which writes to a file: that always takes what is written. A socket does not; QEMU then tries
        again, at the host's pace, and its log has bytes twice."""
        (self.directory / "com1.out").symlink_to(self.serial_path.name)
        fifo = self.directory / "com1.in"
        os.mkfifo(fifo)
        self._serial = os.open(fifo, os.O_RDWR)

    def passed_descriptors(self) -> list[int]:
        return [end.fileno() for end in self._guest_ends]

    def after_start(self) -> None:
        for end in self._guest_ends:
            end.close()
        self._guest_ends = []
        try:
            self.qmp.negotiate()
            self.qmp.execute("cont")
        except QmpError:
            pass                                # it did not start: why_ended() tells

    def command(self) -> list[str]:
        setup = self.setup
        qmp_fd, = self.passed_descriptors()
        command = [
            require_tool("qemu-system-i386", "qemu-system-x86"),
            "-accel", "tcg", "-display", "none", "-M", setup.machine, "-m", str(setup.megabytes),
            "-vga", setup.vga, "-nic", "none",
            "-S",                               # until we listen, so that no event is missed
            "-chardev", f"socket,id=qmp,fd={qmp_fd}", "-mon", "chardev=qmp,mode=control",
            "-chardev", f"pipe,id=com1,path={_quoted(self.directory / 'com1')}",
            "-serial", "chardev:com1" if setup.serial else "none",
            "-debugcon", f"file:{self.debug_path}", "-device", "isa-debug-exit,iobase=0xf4,iosize=1",
            "-d", "cpu_reset", "-D", str(self.cpu_log_path),
        ]
        if setup.cpu is not None:
            command += ["-cpu", setup.cpu]
        if not setup.reboot:
            command += ["-no-reboot"]
        if setup.icount is not None:
            command += icount_arguments(setup.icount)
        return command + self._boot_arguments() + list(setup.arguments)

    def _boot_arguments(self) -> list[str]:
        setup = self.setup
        arguments: list[str] = []
        if setup.cdrom is not None:
            arguments += ["-drive", f"if=ide,index=2,media=cdrom,format=raw,file={_quoted(setup.cdrom)}"]
        if setup.floppy is not None:
            arguments += ["-drive", f"if=floppy,format=raw,snapshot=on,file={_quoted(setup.floppy)}"]
        if setup.disk is not None:
            arguments += ["-drive", f"if=ide,index=0,format=raw,snapshot=on,file={_quoted(setup.disk)}"]
        if setup.kernel is not None:
            arguments += ["-kernel", str(setup.kernel.absolute())]
            if setup.options:
                arguments += ["-append", setup.options]
            if setup.modules:
                arguments += ["-initrd", initrd_argument(add_libraries(list(setup.modules), [setup.kernel.parent / "modules"]))]
        else:
            drives = ((setup.cdrom, "d"), (setup.floppy, "a"), (setup.disk, "c"))
            arguments += ["-boot", "order=" + "".join(letter for image, letter in drives if image)]
        return arguments

    def why_ended(self, exit_code: int) -> str:
        assert self._qmp is not None
        self._qmp.drain(LAST_EVENTS_SECONDS)
        if self.triple_fault():
            return "triple fault"
        words = self.output_path.read_text(errors="replace").strip().splitlines()
        refused = any(line.startswith("qemu-system") and "warning:" not in line for line in words)
        if exit_code & 1 and not (exit_code == 1 and refused):
            return f"debug exit, code {exit_code >> 1}"
        reasons = [str(data.get("reason")) for data in self._qmp.event_data("SHUTDOWN")]
        if any(reason.endswith("-reset") for reason in reasons):
            return "reset"
        if "guest-shutdown" in reasons:
            return "powered off"
        return f"exit code {exit_code}" + (f": {words[-1]}" if words else "")

    def triple_fault(self) -> bool:
        """True if the CPU has met a triple fault since the start."""
        try:
            return "Triple" in self.cpu_log_path.read_text(errors="replace")
        except FileNotFoundError:
            return False

    def resets(self) -> int:
        """How often the machine was reset, with `reboot`; SeaBIOS answers one reset with two of its own."""
        return len(self.qmp.event_data("RESET"))

    @property
    def qmp(self) -> Qmp:
        if self._qmp is None:
            raise MachineError("QEMU was not started")
        return self._qmp

    def send_key(self, keys: str) -> None:
        """Presses keys together, in QEMU's names joined by hyphens, such as `ctrl-alt-delete`."""
        self._press(keys.split("-"))

    def type_text(self, text: str) -> None:
        """Types a text on a US keyboard, at the pace of a fast typist."""
        for character in text:
            self._press(keys_of_character(character))

    def _press(self, qcodes: list[str]) -> None:
        keys = [{"type": "qcode", "data": qcode} for qcode in qcodes]
        self.qmp.execute("send-key", **{"keys": keys, "hold-time": KEY_HOLD_MS})
        time.sleep(KEY_GAP_SECONDS)

    def hold_key(self, key: str, is_down: bool) -> None:
        """Presses a key, or lets it go; one that is pressed again repeats, as it does on a keyboard."""
        self._input({"type": "key", "data": {"down": is_down, "key": {"type": "qcode", "data": key}}})

    def move_pointer(self, right: int, down: int) -> None:
        self._input(*({"type": "rel", "data": {"axis": axis, "value": value}} for axis, value in (("x", right), ("y", down))))

    def hold_button(self, button: str, is_down: bool) -> None:
        """left, middle, right; wheel-up and wheel-down turn the wheel a step when they are pressed."""
        self._input({"type": "btn", "data": {"button": button, "down": is_down}})

    def _input(self, *events: dict[str, object]) -> None:
        self.qmp.execute("input-send-event", events=list(events))

    def send_serial(self, data: bytes) -> None:
        """Bytes that arrive at the guest's COM1."""
        if self._serial is None:
            raise MachineError("QEMU was not started")
        os.write(self._serial, data)

    def screen_text(self) -> Screen:
        return parse_memory_dump(self.qmp.monitor(f"xp /{CELLS}hx {TEXT_BASE:#x}"))

    def screenshot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.qmp.execute("screendump", filename=str(path.absolute()), format="png")

    def picture(self) -> Picture:
        path = self.directory / "picture.ppm"
        self.qmp.execute("screendump", filename=str(path))
        return read_ppm(path)

    def system_reset(self) -> None:
        """Presses the reset button."""
        self.qmp.execute("system_reset")

    def request_stop(self) -> None:
        try:
            self.qmp.execute("quit")
        except QmpError:
            super().request_stop()

    def after_stop(self) -> None:
        if self._qmp is not None:
            self._qmp.close()
        if self._serial is not None:
            os.close(self._serial)
            self._serial = None


def _quoted(path: Path) -> str:
    """A path inside one of QEMU's comma-separated option lists."""
    return re.sub(",", ",,", str(path.absolute()))
