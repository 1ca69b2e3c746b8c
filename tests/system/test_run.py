"""`make run`, `make run-bochs` and `make debug`, as a person without a display starts them."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from boot import LIST_DONE, expect_in
from boot_entry import TREE
from lab import Lab, system_test
from machine import require_tool
from shell import environment, fail, succeed

LIFETIME = "50"


@contextlib.contextmanager
def started(lab: Lab, what: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """tools/run on a copy of the CD image, ended with the block, and with it all that it has started."""
    image = Path(shutil.copy(lab.build / "ternion.iso", lab.directory))
    command = ["timeout", "--foreground", LIFETIME, TREE / "tools" / "run", what, "--build", lab.build, "--image", image]
    process = subprocess.Popen(list(map(str, command)), cwd=TREE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
                               env=environment() | {"DISPLAY": "", "WAYLAND_DISPLAY": ""} | variables)
    try:
        yield process
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=5)


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """What a process says up to a line that holds the text; `timeout` bounds it."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if text in line:
            return said
    raise AssertionError(f"{text!r} was not said; the end of what was: {said[-1000:]}")


@system_test(seconds=60)
def test_run_shows_the_log(lab: Lab) -> None:
    """`make run` without display and terminal boots the CD image in QEMU and shows the log."""
    with started(lab, "qemu") as machine:
        expect_in("info kernel: Ternion", read_until(machine, LIST_DONE))


@system_test(seconds=60)
def test_run_bochs_shows_the_log(lab: Lab) -> None:
    """`make run-bochs` without display and terminal boots the CD image in Bochs and shows the log."""
    with started(lab, "bochs") as machine:
        expect_in("info kernel: Ternion", read_until(machine, LIST_DONE))


@system_test(seconds=30)
def test_run_says_what_is_missing(lab: Lab) -> None:
    """tools/run says which image, build or argument it misses."""
    run = TREE / "tools" / "run"
    text, good = lab.directory / "some.txt", ("qemu", "--build", lab.build)
    text.write_text("no image\n" * 10000)
    for arguments, message in ((("qemu", "--build", lab.directory / "absent"), "no such folder: run make first"),
                               (("qemu", "--build", lab.build, "--image", "absent.iso"), "absent.iso: no such image: run make first"),
                               ((*good, "--image", ""), "the image has no name"),
                               ((*good, "--image", text), "some.txt: is no image that boots: it has neither 55 AA at byte 510 nor ISO 9660"),
                               *(((*good, "--memory", memory), f"memory '{memory}': must be a number of megabytes from 4 to 3500")
                                 for memory in ("", "3", "3501", "64M", "-64", "99999999999")),
                               (("qemu", "--image"), "--image needs a value"), ((), "usage: tools/run"),
                               (("abacus", "--build", lab.build), "usage: tools/run")):
        expect_in(message, fail([run, *arguments]))


@system_test(seconds=60)
def test_run_warns_of_a_loader_that_old_cpus_cannot_run(lab: Lab) -> None:
    """With -cpu 486 or pentium, tools/run warns of an image with GRUB Legacy and names the one to use; with no other CPU or image."""
    for image, cpu, warned in (("ternion.iso", "486", True), ("ternion-floppy.img", "pentium,+tsc", True), ("ternion-disk.img", "pentium", True),
                               ("ternion.iso", "pentium3", False), ("ternion-486.iso", "486", False)):
        said = fail([TREE / "tools" / "run", "qemu", "--build", lab.build, "--image", lab.build / image, "-cpu", cpu, "-no-such-option"])
        assert ("boots with GRUB Legacy, which does not start on this CPU: use image=build/ternion-486.iso" in said) == warned, f"{image} {cpu}: {said}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@system_test(seconds=60)
def test_gdb_stops_in_the_kernel(lab: Lab) -> None:
    """`make debug`: gdb stops the machine at kernel_main, with its source line, and later reads a variable."""
    gdb, port = require_tool("gdb", "gdb"), free_port()
    with started(lab, "debug", TERNION_GDB_PORT=str(port)) as machine:
        read_until(machine, "QEMU waits for: gdb ")
        commands = [f"target remote 127.0.0.1:{port}", "hbreak kernel_main", "continue", "backtrace", "hbreak modules_start",
                    "continue", "print boot_information.module_count", "kill"]
        words = [word for command in commands for word in ("-ex", command)]
        said = succeed([gdb, "-batch", "-nx", lab.build / "kernel.elf", *words], seconds=45)
    expect_in("kernel_main () at kernel/main.c:", said)
    expect_in("modules_start () at kernel/module.c:", said)
    expect_in("$1 = ", said)
