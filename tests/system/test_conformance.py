"""The tests of drivers, tested: each of these drivers has one fault."""

from __future__ import annotations

from adapters import ADAPTERS
from boot import boot, file_module, program, standard, with_policy
from boot_entry import Module
from displays import DRIVERS
from guest import GuestPatience, judge_guest, watch_guest
from lab import Lab, SystemTest, system_test
from machine import MachineError

# Of each fault of tests/guest/broken: the checks that must fail, and no other may.
FAULTS: dict[str, set[str]] = {
    "nothing": set(),
    "type": {"it_says_what_it_is"},
    "number": {"devices_that_it_has_not_are_absent", "random_requests_are_refused"},
    "overflow": {"numbers_that_overflow_reach_no_block"},
    "last": {"behind_the_last_block_is_nothing"},
    "length": {"writes_of_another_length_are_refused"},
    "lost": {"eight_clients_use_it_at_once", "it_outlives_its_clients", "it_is_initialised_again_and_again",
             "blocks_are_read_as_they_were_written", "medium_stays_the_same_while_nobody_changes_it"},
    "medium": {"medium_stays_the_same_while_nobody_changes_it"},
    "dies": {"numbers_that_overflow_reach_no_block"},
    "keeps": {"clients_that_die_waiting_are_forgotten"},
}


def supervised(lab: Lab) -> list[Module]:
    """The driver with each fault, all started again when they die."""
    lines = "".join(f"d\\{fault} broken.elf -- {fault}\n" for fault in FAULTS)
    modules = standard(lab)
    start = modules[-1].path.read_text()
    modules = with_policy(lab, modules, "* manifest\n")      # the one that is a keyboard is told to be a disk
    return [*modules[:-1], file_module(lab, "init.list", start + lines), program(lab, "broken", "file:broken.elf")]


@system_test(seconds=150)
def test_each_fault_of_a_driver_is_found(lab: Lab) -> None:
    """s\\conformance finds each of nine faults, and none in a driver that has none."""
    names = " ".join(f"broken\\{fault}" for fault in FAULTS)
    modules = [*supervised(lab), program(lab, "conformance", r"s\conformance", names)]
    with boot(lab, modules, "early=serial exit=qemu") as machine:
        problem = watch_guest(machine, GuestPatience(silence=60, total=120))
    if problem:
        raise MachineError(problem)
    found: dict[str, set[str]] = {fault: set() for fault in FAULTS}
    checks: dict[str, int] = dict.fromkeys(FAULTS, 0)
    for outcome in judge_guest("broken", machine.serial_text(), ""):
        device, _, check = outcome.name.partition(":")[2].partition("/")
        fault = device.removeprefix("broken\\")
        checks[fault] += 1
        if not outcome.passed:
            found[fault].add(check)
    assert found == FAULTS, {fault: found[fault] ^ FAULTS[fault] for fault in FAULTS if found[fault] != FAULTS[fault]}
    assert min(checks.values()) > 10, f"too few checks: {checks}"


# ---- The display, on each adapter --------------------------------------------------------------------

DISPLAY_CHECKS = 20                         # and more


def _display_test(name: str, what: str) -> SystemTest:
    def look(lab: Lab) -> None:
        modules = standard(lab)
        modules = [*modules[:-1], file_module(lab, "init.list", modules[-1].path.read_text() + DRIVERS), program(lab, "pci", "file:pci.elf"),
                   program(lab, "vesa", "file:vesa.elf"), program(lab, "conformance", r"s\conformance", r"screens\display\0")]
        with ADAPTERS[name].machine(lab, modules, "early=serial exit=qemu") as machine:
            problem = watch_guest(machine, GuestPatience(silence=60, total=120))
        assert not problem, problem
        outcomes = judge_guest("display", machine.serial_text(), "")
        failed = [outcome.name for outcome in outcomes if not outcome.passed]
        assert not failed and len(outcomes) >= DISPLAY_CHECKS, f"{len(outcomes)} checks, failed: {failed}"

    look.__name__ = f"test_display_of_{name.replace('-', '_')}_keeps_its_promises"
    look.__doc__ = f"{what}: d\\vesa keeps what displays promise, and shows no client the picture of another."
    return system_test(seconds=120)(look)


test_display_of_cirrus_keeps_its_promises = _display_test("cirrus", "QEMU's Cirrus adapter")
test_display_of_vmware_keeps_its_promises = _display_test("vmware", "QEMU's VMware adapter")
test_display_of_qxl_keeps_its_promises = _display_test("qxl", "QEMU's QXL adapter")
test_display_of_ati_keeps_its_promises = _display_test("ati", "QEMU's ATI adapter")
