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


# What a file server that was killed may leave: clusters that nobody has, and parts of names that are for nothing.
HARMLESS = re.compile(r"|/.*|fsck\.fat .*|A new long file name starts within an old one\.|  Not auto-correcting.*|Reclaimed .*"
                      r"|Orphaned long file name part .*|  Auto-deleting.*|FATs differ but .*|  Using first FAT.*|Free cluster summary .*"
                      r"|  File size is .*|  Truncating file .*|Leaving filesystem unchanged\.")


def record(writer: int, number: int) -> bytes:
    """As make_record of tests/guest/test/vfs_deaths.c."""
    return f"writer {writer}, record {number} ".encode().ljust(99, b".") + b"\n"


def check_deaths(lab: Lab, sectors: dict[int, bytes]) -> None:
    """Each record stands in its file once, and no file has another's clusters."""
    image = restore(lab, "fat12", sectors)
    said = run("fsck.fat", "-n", image).stdout.split("\n")
    harm = [line for line in said if not HARMLESS.fullmatch(line)]
    assert not harm, f"fsck.fat: {harm}"
    for writer in range(3):
        contents = read_file(image, f"/written by {writer}.txt")
        count = len(contents) // 100
        assert count > 20 and contents == b"".join(record(writer, number) for number in range(count)), f"writer {writer}: {count} records"
    assert read_file(image, "/deep/er/file.bin") == pattern(LARGE_BYTES, 0)


def judge_deaths(unit: str, lab: Lab, machine: Machine) -> list[Outcome]:
    why = ""
    try:
        check_deaths(lab, given_disks(machine.debug_path.read_bytes())["fat12"])
    except (AssertionError, OSError, KeyError) as error:
        why = str(error) or "the disk did not come back"
    return [Outcome(f"{unit}:disk_is_sound_on_the_host_but_for_lost_clusters", not why, 0.0, why)]


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
