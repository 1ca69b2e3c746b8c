"""The images and machines that the system must come up on."""

from __future__ import annotations

import re

from boot import BOOT_SECONDS, LIST_DONE, boot, expect_in, records, wait_for_screen, wait_until, whole_entry
from boot_entry import TREE, read_list
from lab import Lab, system_test
from machine import Machine
from qemu import Qemu
from shell import mkimage, succeed

MEDIUM_SECONDS = 60.0
BOCHS_SECONDS = 150.0
PROMPT = "\x1b[?2004h"              # the shell's editor is ready for a line


def comes_up(machine: Machine, seconds: float = MEDIUM_SECONDS) -> str:
    """Boots until init.list is worked off, without a complaint; the serial log."""
    with machine:
        machine.wait_for(LIST_DONE, seconds)
    return without_complaints(machine)


COUNT = b"for name in /boot/bin/*; do echo $name; done | cat\r"
COUNT_WITHOUT_A_PROCESS = b"echo /boot/bin/*; uptime\r"       # but for one: where there is little memory


def asks_for_commands(machine: Qemu, programs: int, seconds: float = MEDIUM_SECONDS, count: bytes = COUNT) -> None:
    """Boots until there is a prompt on screen and line, and counts the programs there; without a complaint."""
    with machine:
        machine.wait_for(PROMPT, seconds)
        wait_for_screen(machine, "/>")
        start = len(machine.serial_text())
        machine.send_serial(count)
        machine.wait_for(PROMPT, seconds, after=start)
        wait_until(lambda: str(len(set(re.findall(r"/boot/bin/\w+", machine.serial_text()[start:])))), str(programs), "programs", seconds)
        if count != COUNT:
            wait_until(lambda: str("since the boot" in machine.serial_text()[start:]), "True", "that uptime has run", seconds)
    without_complaints(machine)


def without_complaints(machine: Machine) -> str:
    serial = machine.serial_text()
    complaints = [str(record) for record in records(serial) if record.level in ("error", "emerg")]
    assert not complaints, f"complaints: {complaints}"
    return serial


def programs(lab: Lab, boot_list: str) -> int:
    """How many programs a boot list has for the prompt."""
    return sum(module.name.startswith("file:bin/") for module in read_list(TREE / "iso" / boot_list, lab.build))


@system_test(seconds=70)
def test_cd_asks_for_commands_with_8_mb(lab: Lab) -> None:
    """ternion.iso comes to a prompt, with all programs, in QEMU with 8 MB of memory."""
    asks_for_commands(lab.qemu(cdrom=lab.build / "ternion.iso", megabytes=8), programs(lab, "session.list"))


@system_test(seconds=70)
def test_floppy_asks_for_commands_with_8_mb(lab: Lab) -> None:
    """ternion-floppy.img comes to a prompt, with the programs that it has room for, in QEMU with 8 MB of memory."""
    asks_for_commands(lab.qemu(floppy=lab.build / "ternion-floppy.img", megabytes=8), programs(lab, "session-floppy.list"))


@system_test(seconds=70)
def test_disk_asks_for_commands(lab: Lab) -> None:
    """ternion-disk.img comes to a prompt in QEMU."""
    asks_for_commands(lab.qemu(disk=lab.build / "ternion-disk.img"), programs(lab, "session.list"))


@system_test(seconds=70)
def test_grub2_cd_comes_up(lab: Lab) -> None:
    """ternion-486.iso works off init.list in QEMU."""
    comes_up(lab.qemu(cdrom=lab.build / "ternion-486.iso"))


@system_test(seconds=70)
def test_grub2_cd_comes_up_on_486_without_pci(lab: Lab) -> None:
    """ternion-486.iso works off init.list on a 486 in a machine without PCI."""
    image = lab.build / "ternion-486.iso"
    expect_in("a CPU with CPUID, FPU\n", comes_up(lab.qemu(cdrom=image, machine="isapc", cpu="486", megabytes=16)))


@system_test(seconds=70)
def test_grub2_cd_comes_up_on_pentium(lab: Lab) -> None:
    """ternion-486.iso works off init.list on a Pentium."""
    comes_up(lab.qemu(cdrom=lab.build / "ternion-486.iso", cpu="pentium"))


def asks_for_commands_in_bochs(machine: Machine) -> None:
    """Boots until there is a prompt on screen and line."""
    with machine:
        machine.wait_for(PROMPT, BOCHS_SECONDS)
        wait_for_screen(machine, "/>", BOCHS_SECONDS)
    without_complaints(machine)


@system_test(seconds=160)
def test_cd_asks_for_commands_in_bochs_with_8_mb(lab: Lab) -> None:
    """ternion.iso comes to a prompt in Bochs with 8 MB of memory."""
    asks_for_commands_in_bochs(lab.bochs(cdrom=lab.build / "ternion.iso", megabytes=8))


@system_test(seconds=160)
def test_floppy_asks_for_commands_in_bochs_with_8_mb(lab: Lab) -> None:
    """ternion-floppy.img comes to a prompt in Bochs with 8 MB of memory."""
    asks_for_commands_in_bochs(lab.bochs(floppy=lab.build / "ternion-floppy.img", megabytes=8))


@system_test(seconds=160)
def test_grub2_cd_comes_up_on_bochs_pentium(lab: Lab) -> None:
    """ternion-486.iso works off init.list on Bochs' Pentium."""
    comes_up(lab.bochs(cdrom=lab.build / "ternion-486.iso", cpu="pentium"), BOCHS_SECONDS)


@system_test(seconds=70)
def test_cd_asks_for_commands_with_4_mb(lab: Lab) -> None:
    """ternion.iso comes to a prompt, with all programs, in QEMU with 4 MB of memory."""
    asks_for_commands(lab.qemu(cdrom=lab.build / "ternion.iso", megabytes=4), programs(lab, "session.list"), count=COUNT_WITHOUT_A_PROCESS)


@system_test(seconds=70)
def test_floppy_asks_for_commands_with_4_mb(lab: Lab) -> None:
    """ternion-floppy.img comes to a prompt in QEMU with 4 MB of memory."""
    asks_for_commands(lab.qemu(floppy=lab.build / "ternion-floppy.img", megabytes=4), programs(lab, "session-floppy.list"), count=COUNT_WITHOUT_A_PROCESS)


@system_test(seconds=70)
def test_log_alone_comes_up_with_4_mb(lab: Lab) -> None:
    """A CD that boots the log alone works off init.list in 4 MB of memory."""
    image = lab.directory / "text.iso"
    succeed(mkimage("iso", "--build", lab.build, "--default", "text", "--menu-timeout", "0", "-o", image))
    comes_up(lab.qemu(cdrom=image, megabytes=4))


@system_test(seconds=40)
def test_kernel_alone_comes_up_with_4_mb(lab: Lab) -> None:
    """Kernel and modules, loaded by QEMU itself, work off init.list in 4 MB of memory."""
    comes_up(boot(lab, whole_entry(lab), megabytes=4))


@system_test(seconds=40)
def test_486_without_pci_comes_up_with_4_mb(lab: Lab) -> None:
    """A 486 with 4 MB in a machine without PCI works off init.list."""
    serial = comes_up(boot(lab, whole_entry(lab), machine="isapc", cpu="486", megabytes=4))
    expect_in("a CPU with CPUID, FPU\n", serial)


@system_test(seconds=60)
def test_memory_of_every_size_comes_up(lab: Lab) -> None:
    """8 MB, 64 MB, 2 GB and 3.5 GB of memory work off init.list, and most of it is free."""
    for megabytes in (8, 64, 2048, 3584):
        serial = comes_up(boot(lab, whole_entry(lab), megabytes=megabytes))
        hello = next(record.text for record in records(serial) if "KB of memory" in record.text)
        told, free = (int(word) for word in hello.split() if word.isdigit())
        known = min(megabytes, 1024)            # DIRECT_MAP_SIZE and the devices' window bound it
        assert told >= min(megabytes * 1024 - 512, known * 1000 * 3 // 4), f"{megabytes} MB: {hello}"
        assert free >= told * 3 // 4, f"{megabytes} MB: {hello}"


@system_test(seconds=40)
def test_q35_comes_up(lab: Lab) -> None:
    """A machine of the PCI Express age (QEMU's q35) works off init.list."""
    comes_up(boot(lab, whole_entry(lab), machine="q35"))


@system_test(seconds=60)
def test_every_cpu_comes_up(lab: Lab) -> None:
    """From the 486 to all that QEMU can emulate, each kind of CPU works off init.list."""
    for cpu in ("486", "pentium", "pentium2", "pentium3", "qemu32", "max"):
        comes_up(boot(lab, whole_entry(lab), cpu=cpu))


@system_test(seconds=40)
def test_no_serial_line_comes_up(lab: Lab) -> None:
    """Without a serial line the system comes up on the screen, and says what is missing."""
    with boot(lab, whole_entry(lab), options="early=serial,vga", serial=False) as machine:
        screen = wait_for_screen(machine, LIST_DONE)
    expect_in("a\\hello: counting: 3", screen)


@system_test(seconds=40)
def test_two_mb_are_too_little(lab: Lab) -> None:
    """In 2 MB the kernel says on screen and serial line that it needs more, and halts."""
    with boot(lab, whole_entry(lab), megabytes=2) as machine:
        screen = wait_for_screen(machine, "halted")
        expect_in("boot: too little memory", screen)
        expect_in("KERNEL PANIC: boot: too little memory", machine.serial_text())
        assert not machine.ended()


@system_test(seconds=60)
def test_one_mb_is_too_little(lab: Lab) -> None:
    """In 1 MB there is no place for the kernel: the boot loader says so on the screen."""
    with lab.qemu(floppy=lab.build / "ternion-floppy.img", megabytes=1) as machine:
        wait_for_screen(machine, "Error", BOOT_SECONDS)


@system_test(seconds=60)
def test_menu_is_used_from_keyboard(lab: Lab) -> None:
    """In the CD's menu the keyboard chooses another entry: the one for a serial console prints from the kernel's first record on."""
    with lab.qemu(cdrom=lab.build / "ternion.iso") as machine:
        machine.wait_for("Press any key to continue", BOOT_SECONDS)
        machine.send_key("spc")
        wait_for_screen(machine, "Ternion, serial console")
        machine.send_key("down")
        machine.send_key("ret")
        machine.wait_for(LIST_DONE, BOOT_SECONDS)
    assert machine.serial_text().count("info kernel: Ternion") == 2, "once by the kernel, once by a\\log"


@system_test(seconds=60)
def test_menu_is_used_from_serial_line(lab: Lab) -> None:
    """The menus of both boot loaders are shown on the serial line, and bytes over it choose an entry."""
    for image, key in (("ternion.iso", b" "), ("ternion-486.iso", b"")):
        with lab.qemu(cdrom=lab.build / image) as machine:
            machine.wait_for("Press any key to continue" if key else "Ternion, serial console", BOOT_SECONDS)
            machine.send_serial(key)
            machine.wait_for("Ternion, serial console", BOOT_SECONDS)
            machine.send_serial(b"\x0e")                    # Ctrl-N: the next entry
            machine.send_serial(b"\r")
            machine.wait_for(LIST_DONE, BOOT_SECONDS)
        assert machine.serial_text().count("info kernel: Ternion") == 2, f"{image}: once by the kernel, once by a\\log"
