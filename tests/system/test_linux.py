"""The test of Linux beside Ternion: what is read of its output, refused, and done where it cannot be had. It is not booted."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from benchmark import PEERS_FILE, Figure
from boot import expect_in
from boot_entry import TREE
from lab import Lab, system_test
from linux import LinuxAbsent, Measurement, fetch_kernel, file_system, linux_table, parse_linux, watch_linux, with_linux
from machine import MachineError
from stub import stub_kernel

SAMPLES = " ".join(str(1000 + sample) for sample in range(31))
CALL = f"SAMPLES linux_null_syscall 10 instructions {SAMPLES}\n"
BYTE = f"SAMPLES linux_pipe_4k_per_byte 4000 instructions/byte {SAMPLES}\n"
LINES = "LINUX 6.1.0-9-686\n" + CALL + BYTE + "DONE\n"


def refuses(serial: str) -> str:
    """Why an output is refused."""
    try:
        parse_linux(serial)
    except MachineError as error:
        return str(error)
    raise AssertionError(f"taken: {serial!r}")


@system_test(seconds=10)
def test_samples_are_read(lab: Lab) -> None:
    """Lines of samples yield the median, the least and the most of one operation; the kernel's own lines do not matter."""
    run = parse_linux("[    0.1] Linux version 6\n" + LINES + "[    5.1] reboot: Power down\n")
    assert run.release == "6.1.0-9-686"
    assert run.measurements == {"linux_null_syscall": Measurement(102, 100, 103, "instructions"),
                                "linux_pipe_4k_per_byte": Measurement(0.254, 0.25, 0.258, "instructions/byte")}
    expect_in("linux_null_syscall      102 instructions", "\n".join(linux_table(run)))


@system_test(seconds=10)
def test_strange_samples_are_refused(lab: Lab) -> None:
    """Silence, garbage, a failure, a missing end and what is measured twice or too seldom are told as what they are."""
    expect_in("did not say which Linux", refuses(""))
    expect_in("did not say which Linux", refuses("\\x00\\xff wild\n" + CALL))
    expect_in("did not say DONE", refuses(LINES.replace("DONE", "DON")))
    expect_in("measured nothing", refuses("LINUX 6\nDONE\n"))
    expect_in("FAILED fork: error 12", refuses("LINUX 6\nFAILED fork: error 12\n"))
    expect_in("linux_null_syscall twice", refuses(LINES.replace("DONE", CALL + "DONE")))
    expect_in("1 lines of samples that cannot be read", refuses(LINES.replace(" 1007", " 10x7", 1)))
    expect_in("30 samples of 10 operations are too few", refuses(LINES.replace(" 1007", "", 1)))
    expect_in("31 samples of 0 operations are too few", refuses(LINES.replace("syscall 10", "syscall 0")))


@system_test(seconds=60)
def test_linux_needs_an_end(lab: Lab) -> None:
    """A machine that ends in silence, or is reset before it is done, is an error that says so; one that is done is read."""
    with lab.qemu(kernel=stub_kernel(lab, "HALT", LINES)) as machine:
        assert watch_linux(machine).values["linux_null_syscall"] == 102
    for ending, text, why in (("DEBUG_EXIT", "", "it said nothing"), ("RESET", CALL, "the machine ended: reset"),
                              ("RESET", "Kernel panic - not syncing\nend", "Kernel panic - not syncing; the machine ended")):
        with lab.qemu(kernel=stub_kernel(lab, ending, text)) as machine:
            try:
                watch_linux(machine)
            except MachineError as error:
                expect_in(why, str(error))
            else:
                raise AssertionError(f"{ending} was taken for an end")


@system_test(seconds=10)
def test_first_file_system_of_linux(lab: Lab) -> None:
    """The archive holds each file whole, as a program, at offsets of four bytes, and ends as Linux expects."""
    files = {"init": b"12345", "exit": b"", "a": bytes(range(256))}
    archive, at, found = file_system(files), 0, {}
    while True:
        header = archive[at:at + 110]
        assert header[:6] == b"070701" and at % 4 == 0
        mode, size, name_size = (int(header[6 + 8 * field:14 + 8 * field], 16) for field in (1, 6, 11))
        name = archive[at + 110:at + 110 + name_size - 1].decode()
        data_at = (at + 110 + name_size + 3) // 4 * 4
        if name == "TRAILER!!!":
            break
        assert mode == 0o100755
        found[name] = archive[data_at:data_at + size]
        at = (data_at + size + 3) // 4 * 4
    assert found == files and data_at == len(archive)


@system_test(seconds=10)
def test_linux_of_this_run_counts(lab: Lab) -> None:
    """What Linux needs in this run takes the place of what it was said to need; what is not measured is not compared."""
    peers = lab.directory / "peers.json"
    peers.write_text(json.dumps({"linux": {"call": {"": "linux_null_syscall"}, "new": {"pipe": "linux_pipe_4k_per_byte"},
                                           "absent": {"": "linux_null_syscall"}, "other": {"": "linux_unknown"}}}))
    figures = {name: Figure(name, "x", 1, {"NOVA": 49, "Linux 6.1": 350}) for name in ("call", "other")}
    shown = with_linux(figures, {"call": 1, "new": 2}, {"call": "x", "new": "y"}, parse_linux(LINES), peers)
    assert shown["call"].peers == {"NOVA": 49, "Linux 6.1.0-9-686 (this run)": 102}
    assert shown["new"] == Figure("new", "y", None, {"Linux 6.1.0-9-686 (pipe; this run)": 0.254})
    assert shown["other"] == figures["other"] and "absent" not in shown
    said = {name for path in (TREE / "tests" / "linux").glob("*.c") for name in re.findall(r'"(linux_\w+)"', path.read_text())}
    wanted = {name for ways in json.loads(PEERS_FILE.read_text())["linux"].values() for name in ways.values()}
    assert wanted and wanted <= said, f"tests/peers.json wants what tests/linux does not measure: {wanted - said}"


def fake_apt(lab: Lab, get: str, cache: str) -> None:
    """Puts an apt of our own before Debian's, and an empty cache in place of ours; this process is this test's alone."""
    folder = lab.directory / "apt"
    folder.mkdir(exist_ok=True)
    for name, text in (("apt-get", get), ("apt-cache", cache)):
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"
    os.environ["XDG_CACHE_HOME"] = str(lab.directory / "cache")


def absence() -> str:
    try:
        kernel = fetch_kernel()
    except LinuxAbsent as error:
        return str(error)
    raise AssertionError(f"there is {kernel}")


@system_test(seconds=30)
def test_absent_linux_is_told(lab: Lab) -> None:
    """Where Linux's kernel cannot be downloaded, or there is no Debian, one line says so and what to do."""
    fake_apt(lab, "echo 'E: Failed to fetch' >&2; exit 100", "exit 100")
    why = absence()
    expect_in("linux-image-686: not to be had", why)
    expect_in("tools/install-packages linux", why)
    assert "\n" not in why
    fake_apt(lab, "[ $4 = update ]", "echo '  Depends: linux-image-9-686'")
    expect_in("linux-image-9-686 cannot be downloaded", absence())
    poor = lab.directory / "programs"
    poor.mkdir()
    for program in ("timeout", "sh", "sed", "grep", "sort", "id", "cat"):
        (poor / program).symlink_to(Path("/usr/bin") / program)
    os.environ["PATH"] = str(poor)
    expect_in("no Debian system", absence())


@system_test(seconds=30)
def test_linux_is_unpacked_alone(lab: Lab) -> None:
    """Of Debian's package the folder of the kernel is kept, nothing else; nothing is installed, and the next time nothing is done."""
    package = lab.directory / "package"
    for name, text in (("DEBIAN/control", "Package: linux-image-9-686\nVersion: 1\nArchitecture: i386\n"
                        "Maintainer: none <none@example.org>\nDescription: none\n"),
                       ("boot/vmlinuz-9-686", "kernel"), ("lib/modules/a", "a")):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    calls = lab.directory / "calls"
    fake_apt(lab, f'echo "$*" >>{calls}; case "$*" in *download*) dpkg-deb -b {package} "$PWD/linux-image-9-686_1.deb";; esac',
             "echo '  Depends: linux-image-9-686'")
    kernel = fetch_kernel()
    assert kernel.read_text() == "kernel" and kernel == fetch_kernel()
    assert not [path for path in (lab.directory / "cache").rglob("*") if path.name in ("lib", "a")]
    update, download = calls.read_text().splitlines()
    assert update.endswith("update") and download.endswith("download linux-image-9-686"), calls.read_text()
