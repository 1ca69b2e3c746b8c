"""Boots with d\\pci, d\\rtc and d\\speaker, and with programs that ask them."""

from __future__ import annotations

from bochs import Bochs
from boot import program, standard, with_list
from boot_entry import Module
from lab import Lab
from shell import mkimage, succeed

ASKING = r"a\buses"
DONE = rf"{ASKING}: done"


def image(lab: Lab, name: str, arguments: str = "") -> Module:
    """A program of the build as a file that d\\init or d\\pci can start."""
    return Module(lab.build / "modules" / f"{name}.elf", f"file:{name}.elf", arguments)


def with_drivers(lab: Lab, *drivers: str, lines: str = "") -> list[Module]:
    """The standard programs, and these drivers, started by d\\init."""
    starts = "".join(f"d\\{name} {name}.elf restart=on-failure\n" for name in drivers)
    return [*with_list(lab, starts + lines, "serial history=1000"), *(image(lab, name) for name in drivers)]


def asking(lab: Lab, arguments: str, process: str = ASKING) -> Module:
    """tests/guest/buses under a name, with what it is to do."""
    return program(lab, "buses", process, arguments)


def boot_in_bochs(lab: Lab, driver: str, arguments: str, process: str = ASKING) -> Bochs:
    """A Bochs machine that boots a driver, started by the kernel, and who asks it; not yet started."""
    floppy = lab.directory / "buses.img"
    modules = [*standard(lab, "screen serial"), program(lab, driver, rf"d\{driver}"), asking(lab, arguments, process)]
    words = [word for module in modules if not module.name.startswith("file:")
             for word in ("--module", f"{module.path} {module.command}")]
    succeed(mkimage("floppy", "--build", lab.build, "--bare", "--kernel", "", "-o", floppy, *words))
    return lab.bochs(floppy=floppy)
