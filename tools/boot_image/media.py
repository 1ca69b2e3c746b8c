"""Writes CD, floppy and disk images with GRUB Legacy or GRUB 2: no root, no loop devices.

A tree (a folder on this machine that holds /boot) goes in; the image file comes out. GRUB Legacy is
set up by its own shell, working on the image file. GRUB 2 is set up by placing its two parts by hand,
since its installer wants a block device.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
from pathlib import Path

from . import ImageError

SECTOR = 512
FLOPPY_SECTORS = 2880
PARTITION_START = 2048          # sectors: 1 MB, as partitioning tools do
DISK_BYTES_MIN = 32 << 20
HEADS, TRACK_SECTORS = 16, 63
FAT16_LBA = 0x0E

# Where tools/install-packages unpacks GRUB Legacy on machines where it cannot be installed beside GRUB 2.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ternion/grub-legacy"
LEGACY_FOLDERS = [root / "usr/lib/grub" / name for root in (Path("/"), CACHE) for name in ("x86_64-pc", "i386-pc")]
GRUB2_FOLDER = Path("/usr/lib/grub/i386-pc")
GRUB2_MODULES = ["biosdisk", "normal", "multiboot", "gzio", "serial", "terminal", "minicmd"]
# Which package has which program: for the messages.
PACKAGES = {"xorriso": "xorriso", "grub": "grub-legacy", "grub-mkimage": "grub-common",
            "mformat": "mtools", "mcopy": "mtools"}


def missing(what: str, package: str) -> ImageError:
    return ImageError(f"{what} is missing (package {package}): run tools/install-packages build")


def run(*command: str | Path, folder: Path, stdin: str = "") -> str:
    """Runs a tool in a folder; its output is shown only if it fails."""
    path = os.environ.get("PATH", "") + f":/usr/sbin:/sbin:{CACHE}/usr/sbin"
    program = shutil.which(str(command[0]), path=path)
    if program is None:
        raise missing(f"the program {command[0]}", PACKAGES[str(command[0])])
    result = subprocess.run([program, *map(str, command[1:])], cwd=folder, input=stdin, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace",
                            env=os.environ | {"MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C"})
    if result.returncode != 0 or re.search(r"^Error \d+", result.stdout, re.MULTILINE):
        words = " ".join(map(str, command))
        raise ImageError(f"{words}: failed with code {result.returncode}: {result.stdout.strip()}")
    return result.stdout


def legacy_file(name: str) -> Path:
    for folder in LEGACY_FOLDERS:
        if (folder / name).is_file():
            return folder / name
    raise missing(f"GRUB Legacy's {name}", "grub-legacy")


def grub2_file(name: str) -> Path:
    if not (GRUB2_FOLDER / name).is_file():
        raise missing(f"GRUB 2's {name}", "grub-pc-bin")
    return GRUB2_FOLDER / name


def make_grub2_core(work: Path, prefix: str, modules: list[str]) -> bytes:
    grub2_file("multiboot.mod")
    run("grub-mkimage", "-O", "i386-pc", "-d", GRUB2_FOLDER, "-p", prefix, "-o", "core.img",
        *GRUB2_MODULES, *modules, folder=work)
    return (work / "core.img").read_bytes()


# ---- CD ---------------------------------------------------------------------------------------------

def write_iso(tree: Path, work: Path, grub2: bool) -> Path:
    if grub2:
        loader = "boot/grub/eltorito.img"
        core = make_grub2_core(work, "/boot/grub", ["iso9660"])
        (tree / loader).write_bytes(grub2_file("cdboot.img").read_bytes() + core)
    else:
        loader = "boot/grub/stage2_eltorito"
        shutil.copyfile(legacy_file("stage2_eltorito"), tree / loader)
    image = work / "image"
    run("xorriso", "-as", "mkisofs", "-R", "-V", "TERNION", "-b", loader, "-no-emul-boot",
        "-boot-load-size", "4", "-boot-info-table", "-o", image, tree, folder=work)
    return image


# ---- Floppy -----------------------------------------------------------------------------------------

def tree_sectors(folder: Path) -> int:
    """Sectors that a folder's contents take on a file system with clusters of one sector."""
    entries, sectors = 2, 0
    for path in folder.iterdir():
        entries += 1 + (len(path.name) + 12) // 13      # VFAT: an entry for every 13 letters
        sectors += tree_sectors(path) if path.is_dir() else -(-path.stat().st_size // SECTOR)
    return sectors + -(-entries * 32 // SECTOR)


def write_floppy(tree: Path, work: Path, grub2: bool) -> Path:
    image = work / "image"
    if grub2:
        core = make_grub2_core(work, "/boot/grub", ["fat"])
        (tree / "core.img").write_bytes(core)
    else:
        for name in ("stage1", "stage2"):
            shutil.copyfile(legacy_file(name), tree / "boot/grub" / name)
    free = FLOPPY_SECTORS - 1 - 2 * 9 - 14              # boot sector, two FATs, root folder
    if (excess := tree_sectors(tree) - 1 - free) > 0:   # the root folder has its own place
        raise ImageError(f"the floppy is too full: by {excess * SECTOR} bytes, even compressed: "
                         "leave modules out, strip them, or make a disk or a CD instead")
    run("mformat", "-C", "-f", "1440", "-v", "TERNION", "-i", image, "::", folder=work)
    if grub2:
        # The first file on an empty file system lies in one piece at its beginning.
        run("mcopy", "-i", image, tree / "core.img", "::core.img", folder=work)
        place_grub2(image, core, core_sector=fat_data_sector(image), is_disk=False)
    run("mcopy", "-s", "-i", image, tree / "boot", "::", folder=work)
    if not grub2:
        grub_shell(work, "(fd0)", "(fd0)")
    return image


def grub_shell(work: Path, device: str, root: str) -> None:
    run("grub", "--batch", "--device-map=/dev/null", folder=work,
        stdin=f"device {device} image\nroot {root}\nsetup {device}\nquit\n")


def fat_data_sector(image: Path) -> int:
    with image.open("rb") as file:
        boot = file.read(SECTOR)
    reserved, fats, root_entries = struct.unpack_from("<HBH", boot, 14)
    (fat_sectors,) = struct.unpack_from("<H", boot, 22)
    return reserved + fats * fat_sectors + root_entries * 32 // SECTOR


def place_grub2(image: Path, core: bytes, core_sector: int, is_disk: bool) -> None:
    """Joins GRUB 2's boot sector to its core, which begins at a sector and lies in one piece there.

    Offsets from GRUB 2's include/grub/i386/pc/boot.h: 0x5C the core's sector, 0x66 a jump that a
    hard disk's boot sector has not; the last block-list entry of the core's first sector, at 0x1F4,
    says where the rest begins.
    """
    boot = bytearray(grub2_file("boot.img").read_bytes())
    struct.pack_into("<Q", boot, 0x5C, core_sector)
    if is_disk:
        boot[0x66:0x68] = b"\x90\x90"
    with image.open("r+b") as file:
        before = file.read(SECTOR)
        boot[0x03:0x5A] = before[0x03:0x5A]             # the file system's parameters
        boot[0x1B8:0x1FE] = before[0x1B8:0x1FE]         # the partition table
        file.seek(0)
        file.write(boot)
        file.seek(core_sector * SECTOR)
        if not is_disk and file.read(len(core)) != core:
            raise ImageError("mtools did not place GRUB 2's core at the floppy's beginning: use GRUB Legacy")
        file.seek(core_sector * SECTOR)
        file.write(core)
        file.seek(core_sector * SECTOR + 0x1F4)
        file.write(struct.pack("<Q", core_sector + 1))


# ---- Disk -------------------------------------------------------------------------------------------

def write_disk(tree: Path, work: Path, grub2: bool) -> Path:
    image = work / "image"
    if not grub2:
        for name in ("stage1", "stage2", "fat_stage1_5"):
            shutil.copyfile(legacy_file(name), tree / "boot/grub" / name)
    contents = sum(path.stat().st_size for path in tree.rglob("*"))
    cylinder = HEADS * TRACK_SECTORS * SECTOR
    cylinders = -(-max(DISK_BYTES_MIN, contents * 5 // 4 + (4 << 20)) // cylinder)
    sectors = cylinders * HEADS * TRACK_SECTORS - PARTITION_START
    with image.open("wb") as file:
        file.truncate(cylinders * cylinder)
        file.seek(0x1BE)
        file.write(partition_entry(PARTITION_START, sectors) + bytes(48) + b"\x55\xaa")
    partition = f"{image}@@{PARTITION_START * SECTOR}"
    run("mformat", "-i", partition, "-T", str(sectors), "-h", str(HEADS), "-s", str(TRACK_SECTORS),
        "-H", str(PARTITION_START), "-v", "TERNION", "::", folder=work)
    run("mcopy", "-s", "-i", partition, tree / "boot", "::", folder=work)
    if grub2:
        # The core lies in the gap between the partition table and the partition.
        core = make_grub2_core(work, "(,msdos1)/boot/grub", ["part_msdos", "fat"])
        place_grub2(image, core, core_sector=1, is_disk=True)
    else:
        grub_shell(work, "(hd0)", "(hd0,0)")
    return image


def partition_entry(start: int, sectors: int) -> bytes:
    """A partition table's entry: active, FAT16, with cylinders, heads and sectors for old BIOSes."""
    def chs(sector: int) -> bytes:
        cylinder, rest = divmod(sector, HEADS * TRACK_SECTORS)
        head, index = divmod(rest, TRACK_SECTORS)
        if cylinder > 1023:
            cylinder, head, index = 1023, HEADS - 1, TRACK_SECTORS - 1
        return bytes([head, index + 1 | cylinder >> 2 & 0xC0, cylinder & 0xFF])

    return struct.pack("<B3sB3sII", 0x80, chs(start), FAT16_LBA, chs(start + sectors - 1), start, sectors)
