"""Programs of a prompt, run one after the other in the system: what they write, and how they end."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from boot import BOOT_SECONDS, boot, file_module, texts, with_list
from boot_entry import TREE, Module
from buses import image
from lab import Lab
from qemu import Qemu

BATCH = r"a\batch"
DIRECTORY = "/tmp/batch"
SERVERS = "s\\vfs vfs.elf {mounts}\ns\\tasks tasks.elf -- power={power}\n"

_OUTPUT = re.compile(r"(\d+):(.*)")
_END = re.compile(r"(\d+)=(-?\d+)")
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


@dataclass(frozen=True)
class Outcome:
    """What a program wrote to standard output and standard error, and its exit code; negative: an errno of whoever should start it."""

    output: bytes
    code: int

    @property
    def text(self) -> str:
        return self.output.decode("utf-8", "backslashreplace")


def programs() -> list[str]:
    """The names of all programs in iso/programs.list."""
    return re.findall(r"^\S+\s+file:bin/(\S+)$", (TREE / "iso" / "programs.list").read_text(), re.MULTILINE)


def program_modules(lab: Lab) -> list[Module]:
    lines = re.findall(r"^(\S+)\s+(file:bin/\S+)$", (TREE / "iso" / "programs.list").read_text(), re.MULTILINE)
    return [Module(lab.build / "modules" / file, name) for file, name in lines]


def start(lab: Lab, commands: list[str], *more: Module, lines: str = "", power: str = BATCH, mounts: str = "", **setup: object) -> Qemu:
    """A machine, not yet started, that runs these command lines.

    lines: of init.list; power: whose session may switch the machine off; mounts: what stands behind s\vfs in the list.
    """
    script = file_module(lab, "batch.script", "".join(f"{command}\n" for command in commands))
    listed = with_list(lab, SERVERS.format(power=power, mounts=mounts) + lines + f"{BATCH} batch.elf restart=never -- /boot/batch.script {DIRECTORY}\n", "serial history=1000")
    return boot(lab, [*listed, *(image(lab, name) for name in ("vfs", "tasks", "batch")), *program_modules(lab), script, *more], **setup)


def outcomes(serial: str, count: int) -> list[Outcome]:
    """What the log says of so many command lines."""
    output = [b""] * count
    codes: dict[int, int] = {}
    for text in texts(serial, BATCH):
        if found := _OUTPUT.fullmatch(text):
            output[int(found[1])] += _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), found[2].encode())
        elif found := _END.fullmatch(text):
            codes[int(found[1])] = int(found[2])
    assert sorted(codes) == list(range(count)), f"{count} programs were to run; ends of {sorted(codes)}"
    return [Outcome(text, codes[number]) for number, text in enumerate(output)]


def run(lab: Lab, commands: list[str], *more: Module, seconds: float = BOOT_SECONDS, **setup: object) -> list[Outcome]:
    with start(lab, commands, *more, **setup) as machine:
        machine.wait_for(rf"{BATCH} ended", seconds)
        return outcomes(machine.serial_text(), len(commands))


def run_here(directory: Path, command: str) -> Outcome:
    """The same command line on this machine, in a directory. `env` finds the program, not what the shell has of its name."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
    done = subprocess.run(["sh", "-c", f"env {command}"], cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=20, check=False)
    return Outcome(done.stdout, done.returncode)
