"""A machine in Bochs, which enforces what QEMU's software CPU does not: segment limits, VME."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from machine import POLL_SECONDS, Machine, MachineError, read_text, require_tool
from picture import Picture, read_ppm
from rfb import RfbKeyboard
from screen import CELLS, TEXT_BASE, Screen, parse_memory_dump

SHARE = Path("/usr/share/bochs")
IPS = 65_000_000
FLOPPY_IPS = 4_000_000                  # a floppy boot at high speed waits for simulated motors
PROMPT_SECONDS = 10.0
INTERRUPTS_MAX = 3
INTERRUPT_SECONDS = 3.0
HEADER_BAR_PIXELS = 32
STATUS_BAR_PIXELS = 18
REDRAW_SECONDS = 1.0                    # Bochs draws its window some time after the guest drew
PROMPT = re.compile(r"<bochs:\d+> ")
DISPLAY_PORT = re.compile(r"listening for connections on port (\d+)")


@dataclass(frozen=True)
class BochsSetup:
    """What kind of PC it is and which image it boots: exactly one of the three."""

    cdrom: Path | None = None
    floppy: Path | None = None
    disk: Path | None = None
    cpu: str | None = None                  # a model such as `pentium`; None: Bochs' own default
    megabytes: int = 32
    pci: bool = True
    pci_display: bool = False               # the display adapter is on the PCI bus; else its framebuffer is, but at no PCI device's address
    window: bool = False                    # a window on a hidden X display: all of VBE, screenshots
    reboot: bool = False                    # False: a reset ends the machine
    com2_port: int | None = None            # TCP port of the host that the guest's COM2 is connected to
    com2_typed: bool = False                # COM2 is where send_serial's bytes arrive: COM1 is a file


class Bochs(Machine):
    """One Bochs process, its debugger at our end of a pipe: that is how its memory is read."""

    kind = "Bochs"

    def __init__(self, directory: Path, setup: BochsSetup, lifetime: float = 120.0) -> None:
        super().__init__(directory, lifetime)
        self.setup = setup
        self.log_path = self.directory / "bochs.log"
        self._display: subprocess.Popen[bytes] | None = None
        self._display_name = ""
        self._keyboard: RfbKeyboard | None = None
        self._com2_server: socket.socket | None = None
        self._com2: socket.socket | None = None
        images = [image for image in (setup.cdrom, setup.floppy, setup.disk) if image is not None]
        if len(images) != 1:
            raise MachineError("Bochs boots one image: give a cdrom, a floppy or a disk")
        if not images[0].is_file():
            raise MachineError(f"{images[0]} does not exist: build it first (make)")

    def before_start(self) -> None:
        if self.setup.window:
            self._start_display()
        if self.setup.com2_typed:
            self._com2_server = socket.create_server(("localhost", 0))
        (self.directory / "bochsrc").write_text("\n".join(self.configuration()) + "\n")

    def configuration(self) -> list[str]:
        """The lines of the configuration file."""
        setup = self.setup
        ips = FLOPPY_IPS if setup.floppy else IPS
        model = f"model={setup.cpu}, " if setup.cpu else ""
        bios = "BIOS-bochs-latest" if setup.pci else "BIOS-bochs-legacy"
        return [
            "config_interface: textconfig",
            "display_library: x" if setup.window else 'display_library: rfb, options="timeout=0"',
            "plugin_ctrl: unmapped=1, biosdev=1, speaker=0, extfpuirq=1, parallel=0, serial=1, iodebug=0",
            f"cpu: {model}count=1, ips={ips}, reset_on_triple_fault=0",
            f"memory: guest={setup.megabytes}, host={setup.megabytes}",
            f"romimage: file={SHARE / bios}",
            f"vgaromimage: file={SHARE / 'VGABIOS-lgpl-latest'}",
            ("pci: enabled=1, chipset=i440fx" + (", slot1=pcivga" if setup.pci_display else "")) if setup.pci else "pci: enabled=0",
            f'com1: enabled=1, mode=file, dev="{self.serial_path}"',
            *([f"com2: enabled=1, mode=socket-client, dev=localhost:{self._com2_port()}"] if self._com2_port() else []),
            "port_e9_hack: enabled=1",
            "clock: sync=none, time0=946684800",
            f'log: "{self.log_path}"',
            "panic: action=fatal", "error: action=report", "info: action=report", "debug: action=ignore",
            *self._boot_lines(),
        ]

    def _com2_port(self) -> int | None:
        return self._com2_server.getsockname()[1] if self._com2_server is not None else self.setup.com2_port

    def send_serial(self, data: bytes) -> None:
        """Bytes that arrive at the guest's COM2, with com2_typed."""
        if self._com2_server is None:
            raise MachineError("this Bochs has no line to type at: com2_typed=True has")
        if self._com2 is None:
            self._com2_server.settimeout(PROMPT_SECONDS)
            self._com2, _ = self._com2_server.accept()
        self._com2.sendall(data)

    def _boot_lines(self) -> list[str]:
        setup = self.setup
        if setup.floppy is not None:
            image = self._writable(setup.floppy)
            return [f'floppya: 1_44="{image}", status=inserted', "boot: floppy"]
        controller = "ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14"
        if setup.disk is not None:
            image = self._writable(setup.disk)
            return [controller, f'ata0-master: type=disk, path="{image}", mode=flat', "boot: disk"]
        assert setup.cdrom is not None
        cdrom = setup.cdrom.absolute()
        return [controller, f'ata0-master: type=cdrom, path="{cdrom}", status=inserted', "boot: cdrom"]

    def _writable(self, image: Path) -> Path:
        """A copy that the guest may write to: Bochs knows no snapshots without files beside the image."""
        copy = self.directory / "image"
        shutil.copyfile(image, copy)
        copy.chmod(0o644)
        return copy

    def command(self) -> list[str]:
        bochs = require_tool("bochs", "bochs bochsbios vgabios")
        command = [bochs, "-q", "-f", str(self.directory / "bochsrc")]
        return ["env", f"DISPLAY={self._display_name}", *command] if self.setup.window else command

    def after_start(self) -> None:
        self._debugger("c")

    def _debugger(self, line: str) -> None:
        assert self.process is not None and self.process.stdin is not None
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise MachineError("Bochs is gone") from error

    def observe(self) -> None:
        if not self.setup.reboot and self.resets() > 0:
            self.ending = "reset"
            assert self.process is not None
            self.process.terminate()
            self.process.wait()

    def resets(self) -> int:
        """How often the machine was reset since power-on, which Bochs logs as a reset too."""
        return max(0, read_text(self.log_path).count("bx_pc_system_c::Reset(") - 1)

    def triple_fault(self) -> bool:
        return "exception with no resolution" in read_text(self.log_path)

    def why_ended(self, exit_code: int) -> str:
        log = read_text(self.log_path)
        if self.triple_fault():
            return "triple fault"
        if "Shutdown port: shutdown requested" in log:
            return "powered off"
        panics = [line for line in log.splitlines() if ">>PANIC<<" in line]
        output = self.output_path.read_text(errors="replace").splitlines()
        panics += [line for line in output if ">>PANIC<<" in line]
        return panics[-1].partition(">>PANIC<< ")[2] if panics else f"exit code {exit_code}"

    def debug_text(self) -> str:
        """What came out of port 0xE9; Bochs mixes it with its debugger's own lines."""
        _, _, text = read_text(self.output_path).partition("<bochs:1> ")
        text = text.removeprefix("c\n")
        return re.sub(r"^(Next at t=|\(\d+\)\.?(\[| )).*\n?", "", text, flags=re.MULTILINE)

    def type_text(self, text: str) -> None:
        """Types a text on a US keyboard; not with a window."""
        if self._keyboard is None:
            port = DISPLAY_PORT.search(read_text(self.log_path))
            if port is None:
                raise MachineError("Bochs has no RFB display to type at: window=False has")
            self._keyboard = RfbKeyboard(int(port[1]))
        self._keyboard.type_text(text)

    def screen_text(self) -> Screen:
        return parse_memory_dump(self._interrupted(f"xp /{CELLS}hx {TEXT_BASE:#x}"))

    def _interrupted(self, command: str) -> str:
        """Stops the CPU, runs a debugger command, lets the CPU run on; the command's output."""
        before = len(read_text(self.output_path))
        start = self._stop_cpu(before)
        self._debugger(command)
        end = self._wait_for_prompt(start)
        text = read_text(self.output_path)[start:end]
        self._debugger("c")
        return text

    def _stop_cpu(self, after: int) -> int:
        """Offset behind the prompt at which the CPU stopped. A signal while Bochs still obeys our last `c` is lost."""
        for _ in range(INTERRUPTS_MAX - 1):
            os.kill(self._emulator_pid(), signal.SIGINT)
            prompt = self._find_prompt(after, INTERRUPT_SECONDS)
            if prompt is not None:
                return prompt.end()
        os.kill(self._emulator_pid(), signal.SIGINT)
        return self._wait_for_prompt(after)

    def _wait_for_prompt(self, after: int) -> int:
        """Offset behind the first debugger prompt past an offset of the output."""
        prompt = self._find_prompt(after, PROMPT_SECONDS)
        if prompt is None:
            raise MachineError(f"Bochs' debugger did not answer; {self.last_words()}")
        return prompt.end()

    def _find_prompt(self, after: int, seconds: float) -> re.Match[str] | None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.ended():
            prompt = PROMPT.search(read_text(self.output_path), after)
            if prompt is not None:
                return prompt
            time.sleep(POLL_SECONDS)
        return None

    def _emulator_pid(self) -> int:
        """Bochs itself, which runs below `timeout`."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if not children:
            raise MachineError("Bochs is gone")
        return int(children[0])

    def screenshot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        time.sleep(REDRAW_SECONDS)
        self._import(f"png:{path}")

    def picture(self) -> Picture:
        path = self.directory / "picture.ppm"
        self._import(f"ppm:{path}")
        return read_ppm(path)

    def _import(self, output: str) -> None:
        """The window's inside as a file: FORMAT:PATH."""
        if not self.setup.window:
            raise MachineError("a screenshot of Bochs needs window=True")
        window, width, height = self._window()
        crop = f"{width}x{height - HEADER_BAR_PIXELS - STATUS_BAR_PIXELS}+0+{HEADER_BAR_PIXELS}"
        self._x_client(require_tool("import", "imagemagick"), "-window", window, "-crop", crop, "+repage",
                       "-depth", "8", output)

    def _window(self) -> tuple[str, int, int]:
        """Bochs' window on its display: ID, width, height."""
        tree = self._x_client(require_tool("xwininfo", "x11-utils"), "-root", "-tree")
        found = re.search(r'(0x[0-9a-f]+) "Bochs.* (\d+)x(\d+)\+', tree)
        if found is None:
            raise MachineError("Bochs has no window on its display")
        return found[1], int(found[2]), int(found[3])

    def _x_client(self, program: str, *arguments: str) -> str:
        environment = dict(os.environ, DISPLAY=self._display_name)
        result = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, timeout=20)
        if result.returncode != 0:
            raise MachineError(f"{Path(program).name} failed: {result.stderr.strip()}")
        return result.stdout

    def _start_display(self) -> None:
        """A hidden X server that chooses a free display itself."""
        require_tool("bochs", "bochs bochs-x")
        reader, writer = os.pipe()
        self._display = subprocess.Popen(
            ["timeout", "--foreground", f"{self.lifetime + 10:.0f}", require_tool("Xvfb", "xvfb"), "-displayfd",
             str(writer), "-screen", "0", "2800x1900x24", "-nolisten", "tcp"],
            pass_fds=[writer], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        if not number:
            raise MachineError("Xvfb did not start")
        self._display_name = f":{number}"

    def after_stop(self) -> None:
        for end in (self._com2, self._com2_server):
            if end is not None:
                end.close()
        self._com2 = self._com2_server = None
        if self._keyboard is not None:
            self._keyboard.close()
            self._keyboard = None
        (self.directory / "image").unlink(missing_ok=True)
        if self._display is not None:
            self._display.terminate()
            self._display.wait()
            self._display = None
