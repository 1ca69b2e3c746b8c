"""Devices without hardware, and the list of all devices."""

from __future__ import annotations

import re

from boot import BOOT_SECONDS, boot, expect_in, file_module, program, standard, texts, witness
from boot_entry import Module
from lab import Lab, system_test

RAM_DISK = r"disks\ram\0"


def virtual(lab: Lab, arguments: str = "") -> Module:
    return program(lab, "virtual", r"d\virtual", arguments)


def listed(serial: str) -> dict[str, str]:
    """What a\\devices says in the log, by name; a > belongs to the name."""
    rows = {}
    for text in texts(serial, r"a\devices"):
        name, *rest = text.split()
        if rest[0] == ">":
            name, rest = name + ">", rest[1:]
        rows[name] = " ".join(rest)
    return rows


@system_test(seconds=60)
def test_devices_are_listed_with_their_bindings(lab: Lab) -> None:
    """a\\devices tells of each device, where bound names lead, and of names that are bound to nothing."""
    binder = witness(lab, r"d\binder", r"block=disks\ram\1 bind=t\front,disks\ram\1 bind=t\nowhere,t\absent stay")
    modules = [*standard(lab), virtual(lab, "ram=64 ram=2000"), binder,      # a driver: applications run when it sleeps
               program(lab, "devices", r"a\devices")]
    with boot(lab, modules) as machine:
        machine.wait_for(re.compile(r"a\\devices: \d+ devices"), BOOT_SECONDS)
        rows = listed(machine.serial_text())
    assert rows[r"disks\ram\0"] == r"storage d\virtual RAM disk of 64 KB, 0 KB of it in memory", rows
    assert rows[r"t\front>"] == r"storage d\virtual RAM disk of 2000 KB, 0 KB of it in memory", rows
    assert rows[r"t\nowhere>"] == "none (bound to a device that is absent)", rows
    assert rows[r"streams\zero"].startswith(r"stream d\virtual "), rows
    names = [name.rstrip(">") for name in rows if "\\" in name]
    assert names == sorted(names), names


@system_test(seconds=60)
def test_list_does_not_wait_for_drivers_that_hang(lab: Lab) -> None:
    """a\\devices says of a driver that does not answer that it does not, and goes on."""
    holder = witness(lab, r"d\holder", r"block=disks\ram\0 hold=d\virtual stay")
    modules = [*standard(lab), virtual(lab, "ram=64"), holder, program(lab, "devices", r"a\devices")]
    with boot(lab, modules) as machine:
        machine.wait_for(re.compile(r"a\\devices: \d+ devices"), BOOT_SECONDS)
        rows = listed(machine.serial_text())
    assert rows[RAM_DISK] == r"storage d\virtual (its driver does not answer)", rows
    assert rows[r"screens\text\0"].startswith(r"text d\console ") and "not answer" not in rows[r"screens\text\0"], rows


@system_test(seconds=60)
def test_disk_begins_with_a_boot_module(lab: Lab) -> None:
    """image= makes disk 0 as large as the module at least, with its bytes; what is written goes over them."""
    contents = "a whole disk of text" + "." * (700 * 512 + 100)
    modules = [*standard(lab), file_module(lab, "disk.img", contents), virtual(lab, "ram=64 image=disk.img"),
               witness(lab, r"a\w", r"block=disks\ram\0 mark=disks\ram\0 block=disks\ram\0 stay")]
    with boot(lab, modules) as machine:
        machine.wait_for("the witness was here", BOOT_SECONDS)
        said = texts(machine.serial_text(), r"a\w")
    assert said[0] == rf'{RAM_DISK} has 701 blocks and begins with "a whole disk of text{"." * 20}"', said
    assert said[1] == rf'{RAM_DISK} has 701 blocks and begins with "the witness was here"', said


@system_test(seconds=60)
def test_arguments_of_virtual_that_make_no_sense_are_told(lab: Lab) -> None:
    """d\\virtual says which arguments it leaves out, and offers what the others say."""
    modules = [*standard(lab), virtual(lab, "ram=many ram=1048577 ram=0 ram=8 rom=8 image=none"), program(lab, "devices", r"a\devices")]
    with boot(lab, modules) as machine:
        machine.wait_for(re.compile(r"a\\devices: \d+ devices"), BOOT_SECONDS)
        said = texts(machine.serial_text(), r"d\virtual")
        rows = listed(machine.serial_text())
    assert said == ["ram=many: a number of kilobytes up to 1048576 must follow; there is no such disk",
                    "ram=1048577: a number of kilobytes up to 1048576 must follow; there is no such disk",
                    "argument rom=8 is not understood: known are ram=KB and image=MODULE",
                    "image=none: there is no boot module of this name; disk 0 begins empty",
                    "a RAM disk of 0 KB cannot be made: an argument has a value that the call does not take"], said
    assert [name for name in rows if name.startswith("disks")] == [RAM_DISK], rows
    assert rows[RAM_DISK].startswith(r"storage d\virtual RAM disk of 8 KB"), rows


@system_test(seconds=60)
def test_ram_disk_is_another_after_its_drivers_death(lab: Lab) -> None:
    """d\\virtual is started again; its disk is empty then, and clients find it under the same name."""
    lines = "d\\virtual virtual.elf restart=always\n"
    modules = standard(lab)
    listing = modules[-1].path.read_text() + lines
    modules = [*modules[:-1], file_module(lab, "init.list", listing), program(lab, "virtual", "file:virtual.elf"),
               witness(lab, r"d\w", r"mark=disks\ram\0 block=disks\ram\0 replace=d\virtual block=disks\ram\0 stay")]
    with boot(lab, modules) as machine:
        machine.wait_for(rf'{RAM_DISK} has 512 blocks and begins with ""', BOOT_SECONDS)
        said = texts(machine.serial_text(), r"d\w")
    assert said[0] == rf'{RAM_DISK} has 512 blocks and begins with "the witness was here"', said
