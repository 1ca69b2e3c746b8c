"""Images of exactly the modules that a test boots, for machines that need a boot loader."""

from __future__ import annotations

from pathlib import Path

from boot_entry import Module
from lab import Lab
from shell import mkimage, succeed

_FILE = "file:"


def make_image(lab: Lab, image: Path, modules: list[Module], options: str = "") -> None:
    """A CD image with these modules, in their order but for files, which come last."""
    arguments: list[str | Path] = []
    for module in modules:
        if module.name.startswith(_FILE):
            arguments += ["--file", f"{module.path}:{module.name.removeprefix(_FILE)}"]
        else:
            arguments += ["--module", f"{module.path} {module.command}"]
    succeed(mkimage("iso", "-o", image, "--build", lab.build, "--bare", "--kernel", options, *arguments))
