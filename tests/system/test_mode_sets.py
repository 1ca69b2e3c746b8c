"""Mode sets again and again: nothing is left behind, and deaths in the middle hurt nobody."""

from __future__ import annotations

import os

from adapters import ADAPTERS
from boot import expect_in, texts
from displays import painted
from lab import Lab, system_test

SETS = int(os.environ.get("TERNION_MODE_SETS", "1000"))
KILLS = 6                                  # in a boot: d\\init gives up what dies more often
BOOTS_OF_KILLS = int(os.environ.get("TERNION_MODE_KILLS", "12")) // KILLS
SETS_SECONDS = 60 + SETS / 4
KILLS_SECONDS = 60


@system_test(seconds=SETS_SECONDS)
def test_mode_sets_leave_nothing_behind(lab: Lab) -> None:
    """A client sets the modes of a display in turn, again and again; the ledgers are then what they were, and each was set."""
    machine, artist = painted(lab, ADAPTERS["std"], f"sets={SETS} say=over stay", icount=0, megabytes=64)
    with machine:
        artist.until("says over", SETS_SECONDS)
        said = texts(artist.text, r"a\artist")
    expect_in(f"SETS {SETS} failed=0 ", "\n".join(said))
    expect_in("LEDGER same", "\n".join(said))


@system_test(seconds=BOOTS_OF_KILLS * 30)
def test_mode_is_set_whenever_the_driver_dies(lab: Lab) -> None:
    """The display's driver is killed in the middle of mode sets, each time elsewhere: the client has its mode all the same."""
    for boot in range(BOOTS_OF_KILLS):
        verbs = f"kills={KILLS},{boot * KILLS} release say=over stay"
        machine, artist = painted(lab, ADAPTERS["std"], verbs, name=r"d\artist", icount=0)
        with machine:
            artist.until("says over", KILLS_SECONDS)
            serial = machine.serial_text()
        expect_in(f"KILLS {KILLS} failed=0", serial)
        assert serial.count(r"d\vesa was terminated by d\artist") == KILLS, "not all were killed"
