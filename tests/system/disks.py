"""Disks for the guest tests of the file server: made by the tools of other people, and looked at again after the guest had them."""

from __future__ import annotations

import os
import re
import struct
import subprocess
from pathlib import Path

from boot_entry import Module
from lab import Lab
from machine import Machine, require_tool
from unit import Outcome

SECTOR = 512
LARGE_BYTES = 300000
MANY = 100
LEFT = "left behind"
COMMAND_SECONDS = 60.0

FAT_SECTORS = {"fat12": 2880, "fat16": 18000, "fat32": 68000}
FAT_ARGUMENTS = {"fat12": ["-F", "12"], "fat16": ["-F", "16"], "fat32": ["-F", "32", "-s", "1"]}
ISO_ARGUMENTS = {"cd": ["-compliance", "deep_paths_off", "-as", "mkisofs", "-R", "-J", "-rr_reloc_dir", "rr_moved"],
                 "joliet": ["-as", "mkisofs", "-J", "--norock"]}


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    return subprocess.run(["env", f"PATH={path}", "MTOOLS_SKIP_CHECK=1", *map(str, command)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace", timeout=COMMAND_SECONDS)


def succeed(*command: str | Path) -> str:
    done = run(*command)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stderr or done.stdout}"
    return done.stdout


def pattern(size: int, salt: int) -> bytes:
    """As vfs_byte of tests/guest/test/vfs_place.h."""
    return bytes((at * 7 + at // 251 + salt) & 0xFF for at in range(size))


def make_tree(folder: Path) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "many").mkdir()
    (folder / "readme.txt").write_text("hello\n")
    (folder / "A long name with spaces.text").write_text("long\n")
    (folder / "deep" / "er" / "file.bin").write_bytes(pattern(LARGE_BYTES, 0))
    for number in range(MANY):
        (folder / "many" / f"file-{number}").touch()


def make_fat(name: str, tree: Path, image: Path) -> None:
    """image: without the zeroes at its end."""
    image.unlink(missing_ok=True)
    succeed("mkfs.fat", *FAT_ARGUMENTS[name], "-n", name.upper(), "-C", image, str(FAT_SECTORS[name] // 2))
    succeed("mcopy", "-s", "-i", image, *sorted(tree.iterdir()), "::")
    contents = image.read_bytes().rstrip(b"\0")
    image.write_bytes(contents.ljust(-(-len(contents) // SECTOR) * SECTOR, b"\0"))


def make_disks(lab: Lab) -> list[Module]:
    """The disks of tests/guest/files.init.list as boot modules."""
    for tool, package in (("mkfs.fat", "dosfstools"), ("mcopy", "mtools"), ("xorriso", "xorriso")):
        if tool != "mkfs.fat":
            require_tool(tool, package)
    tree = lab.directory / "tree"
    make_tree(tree)
    modules = []
    for name in FAT_SECTORS:
        make_fat(name, tree, lab.directory / name)
        modules.append(Module(lab.directory / name, f"file:images/{name}"))
    for name, arguments in ISO_ARGUMENTS.items():
        if name == "cd":
            (tree / ("n" * 250)).write_text("very long\n")
            deepest = tree.joinpath(*map(str, range(1, 11)))
            deepest.mkdir(parents=True)
            (deepest / "bottom.txt").write_text("bottom\n")
        succeed("xorriso", *arguments, "-o", lab.directory / name, tree)
        modules.append(Module(lab.directory / name, f"file:disks/{name}"))
        for extra in (tree / ("n" * 250), tree / "1"):
            if extra.exists():
                succeed("rm", "-r", extra)
    return modules


# ---- What the guest gives back ----

def given_disks(text: bytes) -> dict[str, dict[int, bytes]]:
    """Sectors that the guest changed, by disk: `DISK name`, a newline, `S`, number and bytes of each, `E`."""
    disks: dict[str, dict[int, bytes]] = {}
    at = 0
    while (start := re.compile(rb"DISK (\w+)\n").match(text, at)) is not None:
        sectors = disks.setdefault(start[1].decode(), {})
        at = start.end()
        while text[at:at + 1] == b"S":
            number, = struct.unpack_from("<I", text, at + 1)
            sectors[number] = text[at + 5:at + 5 + SECTOR]
            at += 5 + SECTOR
        assert text[at:at + 1] == b"E", f"the disk {start[1]!r} does not end"
        at += 1
    return disks


def restore(lab: Lab, name: str, sectors: dict[int, bytes]) -> Path:
    """The whole disk as the guest left it."""
    path = lab.directory / f"{name}.after"
    contents = bytearray((lab.directory / name).read_bytes().ljust(FAT_SECTORS[name] * SECTOR, b"\0"))
    for number, sector in sectors.items():
        contents[number * SECTOR:(number + 1) * SECTOR] = sector
    path.write_bytes(contents)
    return path


def read_file(image: Path, path: str) -> bytes:
    out = image.with_suffix(".file")
    out.unlink(missing_ok=True)
    succeed("mcopy", "-n", "-i", image, f"::{path}", out)
    return out.read_bytes()


def check_disk(lab: Lab, name: str, sectors: dict[int, bytes]) -> None:
    """Everything is as the guest says, and fsck.fat finds no fault."""
    image = restore(lab, name, sectors)
    succeed("fsck.fat", "-n", image)
    expected = {"/readme.txt": b"hello\n", "/A long name with spaces.text": b"long\n",
                "/deep/er/file.bin": pattern(LARGE_BYTES, 0), f"/{LEFT}/large.bin": pattern(LARGE_BYTES, 5),
                f"/{LEFT}/a text with a long name.txt": b"written by the guest\n", "/many/file-5": b"short\n"}
    for path, contents in expected.items():
        assert read_file(image, path) == contents, f"{name}: {path} is not what was written"
    names = succeed("mdir", "-b", "-i", image, "::/many").split("\n")
    assert len([name for name in names if name]) == MANY - 1, f"{name}: {len(names)} files in many"
    assert sorted(filter(None, succeed("mdir", "-b", "-i", image, f"::/{LEFT}").split("\n"))) == [
        f"::/{LEFT}/a text with a long name.txt", f"::/{LEFT}/large.bin"]


def judge_disks(unit: str, lab: Lab, machine: Machine) -> list[Outcome]:
    """An outcome for each disk."""
    outcomes = []
    try:
        disks = given_disks(machine.debug_path.read_bytes())
    except (AssertionError, OSError) as error:
        return [Outcome(f"{unit}:disks_come_back", False, 0.0, str(error))]
    for name in FAT_SECTORS:
        why = ""
        try:
            assert name in disks, "it did not come back"
            check_disk(lab, name, disks[name])
        except AssertionError as error:
            why = str(error)
        outcomes.append(Outcome(f"{unit}:{name}_is_sound_on_the_host", not why, 0.0, why))
    return outcomes
