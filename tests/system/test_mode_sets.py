"""Mode sets again and again: nothing is left behind, and deaths in the middle hurt nobody."""

from __future__ import annotations

import os
import re

from adapters import ADAPTERS
from boot import expect_in, texts
from displays import painted
from lab import Lab, system_test

SETS = int(os.environ.get("TERNION_MODE_SETS", "100"))
KILLS = int(os.environ.get("TERNION_MODE_KILLS", "24"))
SETS_SECONDS = 60 + SETS / 4
KILLS_SECONDS = 60 + KILLS * 2


@system_test(seconds=SETS_SECONDS)
def test_mode_sets_leave_nothing_behind(lab: Lab) -> None:
    """A client sets the modes of a display in turn, again and again; the ledgers are then what they were, and each was set."""
    machine, artist = painted(lab, ADAPTERS["std"], f"sets={SETS} say=over stay", icount=0, megabytes=64)
    with machine:
        artist.until("says over", SETS_SECONDS)
        said = texts(machine.serial_text(), r"a\artist")
    refused = [text for text in said if "set " in text and "FAULT" in text]
    assert all("mode 0x102" in text for text in refused), str(refused)         # QEMU's adapter has no such mode; its BIOS has
    expect_in(f"SETS {SETS} ", "\n".join(said))
    expect_in("LEDGER same", "\n".join(said))


@system_test(seconds=KILLS_SECONDS)
def test_mode_is_set_whenever_the_driver_dies(lab: Lab) -> None:
    """The display's driver is killed in the middle of mode sets, each time elsewhere: the client has its mode all the same."""
    machine, artist = painted(lab, ADAPTERS["std"], f"kills={KILLS} release say=over stay", name=r"d\artist", log="screen serial")
    with machine:
        artist.until("says over", KILLS_SECONDS)
        serial = machine.serial_text()
    wrong = [text for text in texts(serial, r"d\artist") if "while its driver dies" in text and "mode 0x102" not in text]
    assert not wrong, f"{len(wrong)}: {wrong[0]}"
    assert re.search(rf"KILLS {KILLS} failed=[01]\b", serial), "not all were killed"
