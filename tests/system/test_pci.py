"""d\\pci: what is plugged in, which drivers are started for it, and what becomes of it when they end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from boot import BOOT_SECONDS, boot, expect_in, expect_order, file_module, records, texts, wait_for_screen, with_policy
from boot import witness
from boot_entry import Module
from buses import ASKING, DONE, asking, boot_in_bochs, image, with_drivers
from lab import Lab, system_test
from qemu import Qemu
from test_supervisor import init_that_dies_when_asked

ROM = 6                             # QEMU's number of the ROM's register
NO_IRQ = 255
EDU = "1234:11e8"
PORTS, PREFETCHABLE = 1, 2

_FUNCTION = re.compile(r"function (\w\w:\w\w\.\w) (\w{4}:\w{4}) class (\w{4})\w\w irq (\d+) master (\d) driver (\d+)(.*)")
_RESOURCE = re.compile(r" (\d):(\w{8})\+(\w+),(\d)")

# Something of everything: ports and memory, 64 bits, several functions, what lies behind bridges, behind each other.
PC_DEVICES = [
    "edu,addr=5", "pci-bridge,id=first,chassis_nr=1,addr=6", "rtl8139,bus=first,addr=2", "pci-bridge,id=second,chassis_nr=2,bus=first,addr=4",
    "edu,bus=second,addr=1f.0,multifunction=on", "edu,bus=second,addr=1f.7", "e1000,addr=7.0,multifunction=on",
    "virtio-net-pci,addr=7.1", "nec-usb-xhci,addr=7.6", "piix3-usb-uhci,addr=8", "ac97,addr=9", "megasas,addr=a",
    "pci-testdev,membar=16M,addr=b",
]
Q35_DEVICES = [
    "edu,addr=5", "pcie-root-port,id=new,chassis=1,addr=6", "e1000e,bus=new", "ioh3420,id=old,chassis=2,addr=7.0,multifunction=on",
    "pcie-pci-bridge,id=bridge,bus=old", "rtl8139,bus=bridge,addr=3", "ich9-usb-ehci1,addr=8.7", "ich9-usb-uhci1,addr=8.0,multifunction=on",
]


@dataclass(frozen=True)
class Function:
    """What there is to be known of a function: resources by register, as (first, size, is ports, is prefetchable)."""

    place: str
    identity: str
    kind: str
    irq: int
    resources: tuple[tuple[int, int, int, bool, bool], ...]


def device_arguments(devices: Iterable[str]) -> list[str]:
    return [word for device in devices for word in ("-device", device)]


def said_functions(serial: str, name: str = ASKING) -> list[Function]:
    """The functions as d\\pci tells them."""
    functions = []
    for text in texts(serial, name):
        if found := _FUNCTION.fullmatch(text):
            resources = tuple((int(index), int(first, 16), int(size, 16), int(flags) == PORTS, int(flags) == PREFETCHABLE)
                              for index, first, size, flags in _RESOURCE.findall(found[7]))
            functions.append(Function(found[1], found[2], found[3], int(found[4]), resources))
    return functions


def states(serial: str, name: str = ASKING) -> dict[str, tuple[bool, int]]:
    """By place: is it a master, and the ID of its driver, as told last."""
    found = (_FUNCTION.fullmatch(text) for text in texts(serial, name))
    return {match[1]: (match[5] == "1", int(match[6])) for match in found if match}


def all_devices(buses: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for bus in buses:
        for device in bus["devices"]:
            yield device
            if behind := device.get("pci_bridge"):
                yield from all_devices([{"devices": behind.get("devices", [])}])


def qemu_function(device: dict[str, Any]) -> Function:
    regions = [region for region in device["regions"] if region["bar"] != ROM]
    resources = tuple((region["bar"], max(0, region["address"]), region["size"], region["type"] == "io", bool(region.get("prefetch")))
                      for region in sorted(regions, key=lambda region: int(region["bar"])))
    identity = f"{device['id']['vendor']:04x}:{device['id']['device']:04x}"
    irq = device.get("irq", 0) if device.get("irq_pin", 0) else NO_IRQ
    return Function(f"{device['bus']:02x}:{device['slot']:02x}.{device['function']:x}", identity, f"{device['class_info']['class']:04x}",
                    irq or NO_IRQ, resources)


def qemu_functions(machine: Qemu) -> list[Function]:
    """The functions as QEMU knows them."""
    return sorted(map(qemu_function, all_devices(machine.qmp.execute("query-pci"))), key=lambda function: function.place)


def check_functions(lab: Lab, count: int, **setup: Any) -> None:
    """Is what d\\pci tells what QEMU knows, and does all go on afterwards?"""
    modules = [*with_drivers(lab, "pci"), asking(lab, "functions")]
    modules = [Module(module.path, module.name, "screen serial history=1000") if module.name == r"a\log" else module for module in modules]
    with boot(lab, modules, **setup) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        wait_for_screen(machine, DONE)
        wanted = qemu_functions(machine)
        serial = machine.serial_text()
    said = said_functions(serial)
    assert len(wanted) >= count, f"{len(wanted)} functions are plugged in"
    assert said == wanted, "\n".join(["said:", *map(str, said), "plugged in:", *map(str, wanted)])
    assert not [record for record in records(serial) if record.name == r"d\pci" and record.level != "info"], serial


@system_test(seconds=60)
def test_pc_is_found_to_the_last_register(lab: Lab) -> None:
    """On an i440FX board d\\pci finds every function, behind bridges too, with each address and size as QEMU has it."""
    check_functions(lab, 18, arguments=device_arguments(PC_DEVICES))


@system_test(seconds=60)
def test_q35_is_found_to_the_last_register(lab: Lab) -> None:
    """The same on a Q35 board, with PCI Express ports."""
    check_functions(lab, 13, machine="q35", arguments=device_arguments(Q35_DEVICES))


@system_test(seconds=60)
def test_other_displays_are_found(lab: Lab) -> None:
    """The same with other display adapters; the text screen goes on."""
    for vga in ("cirrus", "vmware", "virtio"):
        check_functions(lab, 5, vga=vga)


@system_test(seconds=40)
def test_machine_without_pci_is_told(lab: Lab) -> None:
    """On an ISA board d\\pci says once that there is no bus, and ends with the exit code for absent hardware."""
    modules = [*with_drivers(lab, "pci"), asking(lab, r"sleep=500 gone=buses\pci\0")]
    with boot(lab, modules, machine="isapc", cpu="486") as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    assert texts(serial, r"d\pci")[:1] == ["there is no PCI bus"], serial
    expect_in(r"d\pci ended: its hardware is not in this machine", serial)
    expect_in(r"buses\pci\0: NOT_FOUND", serial)


@system_test(seconds=60)
def test_bochs_is_found(lab: Lab) -> None:
    """In Bochs d\\pci finds the functions of the i440FX board, with their ports, and the screen goes on."""
    with boot_in_bochs(lab, "pci", "functions") as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        wait_for_screen(machine, DONE)
        said = said_functions(machine.serial_text())
    assert [(function.identity, function.kind) for function in said] == [
        ("8086:1237", "0600"), ("8086:7000", "0601"), ("8086:7010", "0101"), ("8086:7020", "0c03"), ("8086:7113", "0680")], str(said)
    sizes = [(first != 0, size, is_ports) for function in said[2:4] for _, first, size, is_ports, _ in function.resources]
    assert sizes == [(True, 16, True), (True, 32, True)], str(said)


def edu_modules(lab: Lab, arguments: str, *more: Module) -> list[Module]:
    return [*with_drivers(lab, "pci"), image(lab, "edu"), asking(lab, arguments), *more]


@system_test(seconds=40)
def test_drivers_are_started_for_what_they_name(lab: Lab) -> None:
    """A driver in a file is started for each function that its manifest names, with what that function decodes and nothing else."""
    modules = edu_modules(lab, "sleep=1000 functions")
    with boot(lab, modules, icount=0, arguments=device_arguments(["edu,addr=5", "edu,addr=6", "rtl8139,addr=7"])) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    for name, place in (("edu", "00:05.0"), ("edu.1", "00:06.0")):
        said = texts(serial, rf"d\{name}")
        assert re.fullmatch(rf"process \d+ drives {place}, identification 010000ed, interrupt \d+", said[0]), str(said)
        assert said[1:] == ["memory of others: NOT_ALLOWED", "memory: OK", "interrupt: OK", "mastering: OK",
                            "transfer there and back: OK", "ready"], str(said)
        expect_in(rf"d\pci: {place}, {EDU}: the driver is d\{name}", serial)
        assert states(serial)[place] == (True, int(said[0].split()[1])), serial
    assert states(serial)["00:07.0"] == (False, 0), serial


@system_test(seconds=40)
def test_mastering_is_for_the_own_driver_alone(lab: Lab) -> None:
    """Bus mastering is switched for the driver that was started for a function, and refused to any other process of any class."""
    strangers = [asking(lab, "sleep=500 master=0,5,0 master=0,0,0 hostile", rf"{letter}\stranger") for letter in "dsa"]
    with boot(lab, edu_modules(lab, "sleep=1500 functions", *strangers), icount=0, arguments=device_arguments(["edu,addr=5"])) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    for letter in "dsa":
        said = texts(serial, rf"{letter}\stranger")
        assert said[:4] == ["mastering on: NOT_ALLOWED", "mastering off: NOT_ALLOWED"] * 2, str(said)
        assert len(said) == 22 and not [text for text in said[4:-1] if text.endswith(" OK")], str(said)
    assert states(serial)["00:05.0"][0], serial


@system_test(seconds=40)
def test_function_is_stopped_when_its_driver_ends(lab: Lab) -> None:
    """When a driver ends in the middle of a transfer its function is no master any more, and its interrupt is off."""
    with boot(lab, edu_modules(lab, "sleep=500 edu=leave sleep=100 functions read=0,5,0,4,2"), icount=0,
              arguments=device_arguments(["edu,addr=5"])) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    expect_in(r"d\edu ended: exit code 0", serial)
    assert states(serial)["00:05.0"] == (False, 0), serial
    command = re.search(r"00:05.0 at 4: OK (\w+)", serial)
    assert command is not None and int(command[1], 16) & 0x404 == 0x400, serial


@system_test(seconds=40)
def test_interrupt_of_a_dead_driver_holds_up_nobody(lab: Lab) -> None:
    """A driver that ends with its interrupt up leaves the line to the driver that shares it."""
    asks = "sleep=500 edu=storm edu=leave sleep=1500 other=transfer other=count"
    with boot(lab, edu_modules(lab, asks), icount=0, arguments=device_arguments(["edu,addr=5", "edu,addr=9"])) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    lines = {text.rpartition(" ")[2] for name in ("edu", "edu.1") for text in texts(serial, rf"d\{name}") if text.startswith("process ")}
    assert len(lines) == 1, serial
    expect_order(serial, "storms: it fired 1000 times in a row", r"d\edu ended: exit code 0", "transfer: OK", "transfers 2")
    assert serial.count("storms: it fired") == 1, serial


@system_test(seconds=40)
def test_bus_drivers_alone_have_drivers_started(lab: Lab) -> None:
    """What d\\init does for bus drivers it refuses to all others, of any class."""
    strangers = [asking(lab, "supervisor", rf"{letter}\stranger") for letter in "dsa"]
    with boot(lab, edu_modules(lab, "sleep=1000", *strangers), icount=0, arguments=device_arguments(["edu,addr=5"])) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    for letter in "dsa":
        assert texts(serial, rf"{letter}\stranger")[:4] == [f"{what}: NOT_ALLOWED" for what in ("start", "program", "keep", "kept")], serial
    assert "stolen" not in serial, serial


@system_test(seconds=40)
def test_driver_comes_back_for_its_function(lab: Lab) -> None:
    """A driver that dies in the middle of a transfer is started again for its function, interrupts and mastering included."""
    with boot(lab, edu_modules(lab, "sleep=500 edu=abandon sleep=500 edu=raise edu=count functions"), icount=0,
              arguments=device_arguments(["edu,addr=5"])) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    expect_order(serial, r"d\edu ended: exit code 3", r"restarted d\edu", "interrupt: OK", "mastering: OK", "transfer there and back: OK")
    expect_in("interrupts 4, own 4, transfers 1", serial)
    process = [text.split()[1] for text in texts(serial, r"d\edu") if text.startswith("process ")]
    assert len(set(process)) == 2 and states(serial)["00:05.0"] == (True, int(process[1])), serial


@system_test(seconds=40)
def test_bus_driver_that_dies_finds_the_drivers_again(lab: Lab) -> None:
    """After its own death d\\pci knows the drivers that live: they go on as masters, and are stopped when they end."""
    killer = witness(lab, r"d\killer", r"sleep=500 replace=d\pci")
    asks = "sleep=400 functions sleep=400 edu=transfer functions edu=count edu=leave sleep=100 functions"
    with boot(lab, edu_modules(lab, asks, killer), icount=0, arguments=device_arguments(["edu,addr=5", "edu,addr=6"])) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    said = said_functions(serial)
    third = len(said) // 3
    assert third > 6 and said[:third] == said[third:2 * third] == said[2 * third:], serial
    expect_in("transfer: OK", serial)
    told = [match for match in map(_FUNCTION.fullmatch, texts(serial, ASKING)) if match and match[1] == "00:05.0"]
    assert [match[5] for match in told] == ["1", "1", "0"], serial
    assert told[0][6] == told[1][6] != told[2][6] == "0", serial
    assert states(serial)["00:06.0"][0], serial
    expect_in(r"restarted d\pci", serial)
    assert serial.count("the driver is d\\edu") == 2, serial


@system_test(seconds=40)
def test_driver_and_bus_driver_that_die_together_come_back(lab: Lab) -> None:
    """A driver that dies while d\\pci is dead, too, leaves no master behind; both come back."""
    killer = witness(lab, r"d\killer", r"sleep=500 kill=d\pci kill=d\edu")
    asks = "sleep=1500 functions edu=transfer edu=count"
    with boot(lab, edu_modules(lab, asks, killer), icount=0, arguments=device_arguments(["edu,addr=5"])) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    process = [text.split()[1] for text in texts(serial, r"d\edu") if text.startswith("process ")]
    assert len(set(process)) == 2 and states(serial)["00:05.0"] == (True, int(process[1])), serial
    expect_in("transfer: OK", serial)


@system_test(seconds=40)
def test_supervisor_that_died_goes_on_with_drivers_of_functions(lab: Lab) -> None:
    """After the death of d\\init its successor hears of d\\pci's drivers: they go on, and are started again for their functions."""
    asks = "sleep=800 functions edu=transfer edu=abandon sleep=500 edu=raise functions"
    modules = edu_modules(lab, asks, witness(lab, r"d\killer", "sleep=500 supervised"))
    modules = [init_that_dies_when_asked(lab) if module.name == r"d\init" else module for module in modules]
    with boot(lab, modules, icount=0, arguments=device_arguments(["edu,addr=5"])) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    expect_order(serial, r"d\init has ended: it begins anew", r"watching d\pci, which was started before",
                 r"watching d\edu, which was started before", r"d\edu ended: exit code 3", r"restarted d\edu", "transfer there and back: OK")
    process = [text.split()[1] for text in texts(serial, r"d\edu") if text.startswith("process ")]
    assert len(process) == 2 and serial.count(r"started d\edu") == 2, serial
    told = [match[6] for match in map(_FUNCTION.fullmatch, texts(serial, ASKING)) if match and match[1] == "00:05.0"]
    assert told == process, f"drivers {told}, processes {process}"


@system_test(seconds=40)
def test_driver_gets_no_resources_that_the_policy_denies(lab: Lab) -> None:
    """Without the word bus in its line a driver is not started for a function; with it, it is."""
    base = "d\\console manifest\nd\\serial manifest\na\\log manifest\nd\\pci manifest\n"
    edu = "d\\edu role=platform partners=all rights=dma"
    for words, is_started in ((edu, False), (f"{edu} bus", True)):
        modules = with_policy(lab, edu_modules(lab, "sleep=500 functions"), f"{base}{words}\n")
        with boot(lab, modules, icount=0, arguments=device_arguments(["edu,addr=5"])) as machine:
            machine.wait_for(DONE, BOOT_SECONDS)
            serial = machine.serial_text()
        assert (r"init.policy:5 denies d\edu what its bus has for it" in serial) != is_started, serial
        assert states(serial)["00:05.0"][0] == is_started, serial
        assert ("transfer there and back: OK" in texts(serial, r"d\edu")) == is_started, serial


@system_test(seconds=40)
def test_files_that_are_no_drivers_do_no_harm(lab: Lab) -> None:
    """Files that are damaged programs, or none, are passed over; the driver behind them is found."""
    edu = (lab.build / "modules" / "edu.elf").read_bytes()
    damaged = [file_module(lab, "empty", b""), file_module(lab, "short.elf", edu[:60]), file_module(lab, "half.elf", edu[:len(edu) // 2]),
               file_module(lab, "text", "pci" * 5000), file_module(lab, "ff.elf", edu[:52] + b"\xff" * 5000)]
    modules = [*with_drivers(lab, "pci"), *damaged, image(lab, "edu"), asking(lab, "sleep=1000 functions")]
    with boot(lab, modules, icount=0, arguments=device_arguments(["edu,addr=5"])) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
        serial = machine.serial_text()
    assert states(serial)["00:05.0"][0], serial
    assert not [record for record in records(serial) if record.name == r"d\pci" and record.level != "info"], serial
