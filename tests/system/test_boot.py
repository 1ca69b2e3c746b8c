"""The images and machines that the system must come up on."""

from __future__ import annotations

from boot import BOOT_SECONDS, LIST_DONE, boot, expect_in, records, wait_for_screen, whole_entry
from lab import Lab, system_test
from machine import Machine

MEDIUM_SECONDS = 60.0
BOCHS_SECONDS = 150.0


def comes_up(machine: Machine, seconds: float = MEDIUM_SECONDS) -> str:
    """Boots until init.list is worked off, without a complaint; the serial log."""
    with machine:
        machine.wait_for(LIST_DONE, seconds)
    serial = machine.serial_text()
    complaints = [str(record) for record in records(serial) if record.level in ("error", "emerg")]
    assert not complaints, f"complaints: {complaints}"
    return serial


@system_test(seconds=70)
def test_cd_comes_up(lab: Lab) -> None:
    """ternion.iso works off init.list in QEMU."""
    comes_up(lab.qemu(cdrom=lab.build / "ternion.iso"))


@system_test(seconds=70)
def test_floppy_comes_up(lab: Lab) -> None:
    """ternion-floppy.img works off init.list in QEMU."""
    comes_up(lab.qemu(floppy=lab.build / "ternion-floppy.img"))


@system_test(seconds=70)
def test_disk_comes_up(lab: Lab) -> None:
    """ternion-disk.img works off init.list in QEMU."""
    comes_up(lab.qemu(disk=lab.build / "ternion-disk.img"))


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


@system_test(seconds=160)
def test_cd_comes_up_in_bochs(lab: Lab) -> None:
    """ternion.iso works off init.list in Bochs."""
    comes_up(lab.bochs(cdrom=lab.build / "ternion.iso"), BOCHS_SECONDS)


@system_test(seconds=160)
def test_floppy_comes_up_in_bochs(lab: Lab) -> None:
    """ternion-floppy.img works off init.list in Bochs."""
    comes_up(lab.bochs(floppy=lab.build / "ternion-floppy.img"), BOCHS_SECONDS)


@system_test(seconds=160)
def test_grub2_cd_comes_up_on_bochs_pentium(lab: Lab) -> None:
    """ternion-486.iso works off init.list on Bochs' Pentium."""
    comes_up(lab.bochs(cdrom=lab.build / "ternion-486.iso", cpu="pentium"), BOCHS_SECONDS)


@system_test(seconds=70)
def test_cd_comes_up_with_4_mb(lab: Lab) -> None:
    """ternion.iso works off init.list in 4 MB of memory."""
    comes_up(lab.qemu(cdrom=lab.build / "ternion.iso", megabytes=4))


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
