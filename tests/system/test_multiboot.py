"""What a broken or hostile boot loader tells the kernel: a clear refusal, and the rest goes on."""

from __future__ import annotations

import struct

from boot import BOOT_SECONDS, boot, expect_in, standard, texts, wait_for_screen, witness
from lab import Lab, system_test
from loader import GOOD_MAP, HAS_COMMAND_LINE, HAS_MAP, HAS_MEMORY, HAS_MODULES, IMAGES, MB, RAM, RESERVED
from loader import MadeUp, ModuleEntry, boot_made_up, memory_map
from machine import Machine

NOWHERE = 0xFFFFFFF0             # the end of the address space: a ROM, and behind it address 0
KERNEL = 1 * MB


def honest(lab: Lab) -> MadeUp:
    """What an honest loader tells: the standard programs and one that says `line 1`."""
    told = MadeUp(map=memory_map())
    told.add_all([*standard(lab), witness(lab, r"a\last", "say=1 sleep=300 say=1 stay")])
    return told


def comes_up(lab: Lab, told: MadeUp) -> str:
    """Boots until the last program has worked for a while; the serial log."""
    with boot_made_up(lab, told) as machine:
        machine.wait_for(r"a\last: line 2", BOOT_SECONDS)
    return machine.serial_text()


def halts(machine: Machine, reason: str) -> None:
    """The kernel gives the reason on screen and serial line, and halts."""
    with machine:
        screen = wait_for_screen(machine, "halted")
        expect_in(f"KERNEL PANIC: {reason}", machine.serial_text())
        expect_in(f"KERNEL PANIC: {reason}", screen)
        assert not machine.ended()


def refused(serial: str) -> list[str]:
    """The reasons for which modules were refused, in order."""
    return [text.partition(" is refused: ")[2] for text in texts(serial, "kernel") if " is refused: " in text]


def memory_kb(serial: str) -> tuple[int, int]:
    """How much memory there is, and how much of it is free, as the kernel says."""
    told = next(text for text in texts(serial, "kernel") if "KB of memory" in text)
    total, free = (int(word) for word in told.split() if word.isdigit())
    return total, free


@system_test(seconds=40)
def test_honest_loader_boots(lab: Lab) -> None:
    """The tests' own boot loader boots the system when it tells the truth."""
    assert refused(comes_up(lab, honest(lab))) == []


@system_test(seconds=40)
def test_other_loaders_are_told_to_use_grub(lab: Lab) -> None:
    """Started by something else than a Multiboot loader the kernel says so and halts."""
    halts(boot_made_up(lab, MadeUp(magic=0x36D76289, map=memory_map())),
          "boot: not loaded by a Multiboot 1 loader (EAX is 0x36d76289): use GRUB")


@system_test(seconds=40)
def test_without_memory_it_halts(lab: Lab) -> None:
    """Told nothing of the memory, or of no memory at all, the kernel says so and halts."""
    halts(boot_made_up(lab, MadeUp(flags=HAS_MODULES)), "boot: the boot loader tells nothing of the memory")
    halts(boot_made_up(lab, MadeUp(flags=HAS_MEMORY, lower_kb=0, upper_kb=0)), "boot: too little memory")
    halts(boot_made_up(lab, MadeUp(flags=HAS_MAP, map=memory_map([(0, 64 * MB, RESERVED)]))), "boot: too little memory")
    halts(boot_made_up(lab, MadeUp(flags=HAS_MAP, map_size=0)), "boot: too little memory")


@system_test(seconds=40)
def test_sizes_alone_are_enough(lab: Lab) -> None:
    """A loader that gives the memory's sizes and no map is enough."""
    told = honest(lab)
    told.flags = HAS_MEMORY | HAS_MODULES
    expect_in("65148 KB of memory", comes_up(lab, told))


@system_test(seconds=60)
def test_wild_memory_maps_do_no_harm(lab: Lab) -> None:
    """Memory maps that overlap, wrap, repeat, or end in the middle of an entry do no harm where one entry is right."""
    ranges = [(MB, 40 * MB, RAM), (0, 0x9F000, RAM), (2 * MB, 50 * MB, RAM), (MB, 63 * MB, RAM), (MB, 63 * MB, RAM),
              (8 * MB, 0, RAM), (1 << 40, 1 << 40, RAM), ((1 << 64) - 4096, 8192, RAM), (3 * MB + 5, 77, RAM), (NOWHERE, 64, RAM)]
    maps = {
        "overlapping": memory_map(ranges),
        "cut": memory_map() + struct.pack("<IQ", 20, 16 * MB),
        "sizes of zero": memory_map() + bytes(24 * 20),
        "huge size": memory_map() + struct.pack("<IQQI", 0xFFFFFFFF, 0, 0, RESERVED) + memory_map([(0, 1 << 63, RAM)]),
        "long entries": b"".join(struct.pack("<IQQII", 24, begin, length, kind, 1) for begin, length, kind in GOOD_MAP),
        "a thousand entries": memory_map(GOOD_MAP + [(MB + i * 8192, 4096, RAM) for i in range(1000)]),
    }
    for name, made_up in maps.items():
        told = honest(lab)
        told.map = made_up
        serial = comes_up(lab, told)
        assert refused(serial) == [], f"{name}: {refused(serial)}"
        assert memory_kb(serial)[0] <= 64 * 1024, f"{name}: {memory_kb(serial)[0]} KB of memory"


@system_test(seconds=40)
def test_reserved_memory_stays_unused(lab: Lab) -> None:
    """Where a map says both RAM and reserved, the memory stays unused."""
    told = honest(lab)
    free_kb = memory_kb(comes_up(lab, told))[1]
    told.map = memory_map([(24 * MB, 4 * MB, RESERVED), *GOOD_MAP, (30 * MB, 2 * MB, RESERVED)])
    assert memory_kb(comes_up(lab, told))[1] <= free_kb - 6 * 1024


@system_test(seconds=40)
def test_map_of_absurd_size_is_bounded(lab: Lab) -> None:
    """A memory map said to be 4 GB long is read to a bound only."""
    told = honest(lab)
    told.map_size = 0xFFFFFFFF
    comes_up(lab, told)


@system_test(seconds=40)
def test_bad_module_ranges_are_refused(lab: Lab) -> None:
    """Modules that are reversed, empty, outside memory, over the kernel or over each other are refused, each with its reason."""
    told = honest(lab)
    first = told.modules[0]
    line = told.text("/boot/evil.elf a\\evil")
    wrong = [
        (IMAGES + 8 * MB, IMAGES + 7 * MB, "it ends before it begins, or is empty"),
        (IMAGES + 8 * MB, IMAGES + 8 * MB, "it ends before it begins, or is empty"),
        (0, 0, "it ends before it begins, or is empty"),
        (KERNEL, KERNEL + 4096, "it overlaps the kernel"),
        (KERNEL - 4096, KERNEL + 64 * 4096, "it overlaps the kernel"),
        (first.begin, first.end, "it overlaps another module"),
        (first.begin + 4096, first.end + 64 * 4096, "it overlaps another module"),
        (IMAGES + 9 * MB + 1, IMAGES + 10 * MB, "it does not begin at a page boundary"),
        (0xA0000, 0xB0000, "it does not lie in memory"),
        (60 * MB, 80 * MB, "it does not lie in memory"),
        (100 * MB, 101 * MB, "it does not lie in memory"),
        (60 * MB, 0xFFFFFFFF, "it lies above the memory that the kernel uses"),
        (0xFFFFF000, 0xFFFFFFFF, "it lies above the memory that the kernel uses"),
    ]
    told.modules += [ModuleEntry(begin, end, line) for begin, end, _ in wrong]
    reasons = refused(comes_up(lab, told))
    assert reasons == [why for _, _, why in wrong], "\n".join(["told:", *reasons])


@system_test(seconds=40)
def test_module_over_all_memory_is_told(lab: Lab) -> None:
    """A module said to lie over all the memory leaves none: the kernel says so and halts."""
    told = honest(lab)
    told.modules.append(ModuleEntry(0, MB * 64, told.text("/boot/evil.elf a\\evil")))
    halts(boot_made_up(lab, told), "boot: too little memory")


@system_test(seconds=40)
def test_wild_module_lines_are_refused(lab: Lab) -> None:
    """Module lines that lie nowhere, have no end, or are absent are refused; one in any memory is read."""
    told = honest(lab)
    image = told.add(b"some text", "/boot/some file:some")
    endless = told.put(IMAGES + 20 * MB, b"/boot/x a\\x " + b"y" * 70000)
    told.modules[-1] = ModuleEntry(image.begin, image.end, NOWHERE)
    for line in (0, endless):
        begin = told.add(b"text", "unused").begin
        told.modules[-1] = ModuleEntry(begin, begin + 4, line)
    high = told.put(63 * MB, b"/boot/high file:high\0")
    begin = told.add(b"text", "unused").begin
    told.modules[-1] = ModuleEntry(begin, begin + 4, high)
    serial = comes_up(lab, told)
    assert len(refused(serial)) == 3, str(refused(serial))
    expect_in("5 programs and 3 files came with the kernel", serial)


@system_test(seconds=40)
def test_absurd_module_counts_are_cut(lab: Lab) -> None:
    """A module count of four thousand million, or a module list that lies nowhere, is cut to what the kernel takes."""
    told = honest(lab)
    told.module_count = 0xFFFFFFFF
    serial = comes_up(lab, told)
    expect_in("4294967167 boot modules are refused: only the first 128 are used", serial)
    told = honest(lab)
    told.module_list, told.module_count = NOWHERE, 50
    told.flags |= HAS_COMMAND_LINE
    told.command_line = told.text("kernel early=serial panic=halt")
    with boot_made_up(lab, told) as machine:
        machine.wait_for("halted: there is no a\\log", BOOT_SECONDS)
    expect_in("boot module 50 () is refused", machine.serial_text())


@system_test(seconds=40)
def test_structures_nowhere_do_no_harm(lab: Lab) -> None:
    """Information or a command line that lie nowhere are read as what stands there, and nothing else goes wrong."""
    told = honest(lab)
    told.command_line = NOWHERE
    comes_up(lab, told)
    told = MadeUp(information=NOWHERE, map=memory_map())
    with boot_made_up(lab, told, reboot=True) as machine:
        wait_for_screen(machine, "boot: ")
        assert not machine.triple_fault()


@system_test(seconds=40)
def test_modules_in_odd_places_start(lab: Lab) -> None:
    """Modules in low memory, right behind the kernel, at the memory's end and over the log's usual place are started."""
    image = witness(lab, r"a\w").path.read_bytes()
    size = -(-len(image) // 4096) * 4096
    told = honest(lab)
    for name, at in (("low", 0x40000), ("ring", 0x2F0000), ("end", 64 * MB - size)):
        told.add(image, f"/boot/w.elf a\\{name} say=1 stay", at)
    serial = comes_up(lab, told)
    assert refused(serial) == []
    for name in ("low", "ring", "end"):
        assert texts(serial, f"a\\{name}") == ["line 1"], name
