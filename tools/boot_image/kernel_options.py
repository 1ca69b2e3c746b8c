"""Which options the kernel knows (kernel/options.c), so that a mistake is told before the machine is booted."""

from __future__ import annotations

VALUES = {"early": ("serial", "vga", "e9"), "panic": ("reboot", "halt"), "exit": ("qemu",), "plant": ("panic",)}
SEVERAL = {"early"}             # these take several values, separated by commas


def complaints(options: str) -> list[str]:
    """What the kernel would not understand of its line, as it would say it."""
    found = []
    for word in dict.fromkeys(filter(None, options.split(" "))):
        name, is_option, value = word.partition("=")
        values = value.split(",") if name in SEVERAL else [value]
        if name not in VALUES or not is_option:
            found.append(f"{word} is not understood: known are {', '.join(f'{known}=' for known in VALUES)}")
        elif not set(values) <= set(VALUES[name]):
            found.append(f"{word} is not understood: after {name}= known are {', '.join(VALUES[name])}")
    return found
