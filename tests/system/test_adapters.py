"""The display on each adapter: every pixel of what is drawn is seen."""

from __future__ import annotations

import os

from adapters import ADAPTERS, Adapter
from boot import expect_in
from displays import expect_shown, painted
from lab import Lab, SystemTest, system_test
from machine import Machine
from artist import BANKED, DIRECT, PALETTE, Mode, Artist, expected_lines, expected_picture, modes_told, seen_palette
from artist import with_rectangle

ALL_MODES = "TERNION_ALL_MODES"             # in the environment: each mode of each adapter, not those of `wanted_modes`
WHOLE = ("std", "isa-cirrus", "bochs")      # all modes of these BIOSes up to WIDEST; of the others, one of each kind
WIDEST = 800
BOCHS_SCREEN = (1280, 960)                  # larger windows do not fit the hidden screen
SEED = 3


def one_of_each_kind(modes: list[Mode]) -> list[Mode]:
    """The smallest mode of each depth, and of each way in which the client's memory leads to the adapter."""
    kinds: dict[tuple[int, ...], Mode] = {}
    for mode in sorted(modes, key=lambda mode: mode.width * mode.height):
        kinds.setdefault((mode.bits, mode.bytes, mode.flags & DIRECT), mode)
    return list(kinds.values())


def wanted_modes(adapter: Adapter, modes: list[Mode]) -> list[Mode]:
    if os.environ.get(ALL_MODES):
        chosen = modes
    elif adapter.name in WHOLE:
        chosen = [mode for mode in modes if mode.width <= WIDEST]
    else:
        chosen = one_of_each_kind(modes)
    if adapter.qemu is None:
        chosen = [mode for mode in chosen if mode.width <= BOCHS_SCREEN[0] and mode.height <= BOCHS_SCREEN[1]]
    return chosen


def look_at(adapter: Adapter, machine: Machine, artist: Artist, mode: Mode, seed: int) -> str:
    """What is wrong with a mode that the artist has been told to set; "" if nothing is."""
    artist.step("mode")
    if modes_told(artist.text, "SET") != [mode]:
        return f"{mode} is not set: {artist.text.splitlines()[0]}"
    try:
        expect_shown(machine, expected_picture(adapter, mode, seed), f"{mode}")
    except AssertionError as error:
        return str(error)
    return ""


def look_at_modes(lab: Lab, adapter: Adapter) -> list[Mode]:
    """Sets those modes that are wanted, and looks at each; which they were."""
    wrong: list[str] = []
    machine, artist = painted(lab, adapter, f"modes each={SEED} release say=text stay")
    with machine:
        modes = modes_told(artist.until(r"a\artist: MODES"), "MODE")
        wanted = wanted_modes(adapter, modes)
        for seed, mode in enumerate(modes, SEED):
            if mode not in wanted:
                machine.send_serial(b"-")
                continue
            machine.send_serial(b"+")
            wrong += [why] if (why := look_at(adapter, machine, artist, mode, seed)) else []
            artist.go_on()
        artist.until("says text")
    assert not wrong, f"{len(wrong)} of {len(wanted)} modes: " + "; ".join(wrong)
    return wanted


def _mode_test(name: str, what: str, seconds: float) -> SystemTest:
    def look(lab: Lab) -> None:
        seen = look_at_modes(lab, ADAPTERS[name])
        print(f"{name}: {len(seen)} modes: {', '.join(map(str, seen))}")
        depths = {mode.bits for mode in seen}
        assert depths >= {8, 15, 16, 24} or depths >= {8, 16}, f"only modes of {sorted(depths)} bits were seen"

    look.__name__ = f"test_modes_of_{name.replace('-', '_')}"
    look.__doc__ = f"{what}: each mode that is set shows what is drawn, in each pixel."
    return system_test(seconds=600 if os.environ.get(ALL_MODES) else seconds)(look)


test_modes_of_std = _mode_test("std", "QEMU's standard adapter", 120)
test_modes_of_cirrus = _mode_test("cirrus", "QEMU's Cirrus adapter", 60)
test_modes_of_vmware = _mode_test("vmware", "QEMU's VMware adapter", 60)
test_modes_of_qxl = _mode_test("qxl", "QEMU's QXL adapter", 60)
test_modes_of_ati = _mode_test("ati", "QEMU's ATI adapter", 90)
test_modes_of_isa_std = _mode_test("isa-std", "QEMU's standard adapter on an ISA bus, with a 486", 60)
test_modes_of_isa_cirrus = _mode_test("isa-cirrus", "QEMU's Cirrus adapter on an ISA bus, through its window", 120)
test_modes_of_bochs = _mode_test("bochs", "Bochs with its own BIOS", 150)
test_modes_of_bochs_banked = _mode_test("bochs-banked", "Bochs with its own BIOS, through its window", 100)


