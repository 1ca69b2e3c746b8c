r"""init.list's needs=: who waits for whom, and for how long."""

from __future__ import annotations

from boot import expect_in, expect_order, program, records, texts, witness
from lab import Lab, system_test
from test_supervisor import INIT, about, run_list

LAST_LINE = "a\\last w restart=never -- sleep=500 supervised say=1 stay\n"


def when(serial: str, text: str) -> float:
    """When d\\init said a text first."""
    found = [record.seconds for record in records(serial) if record.name == INIT and record.text == text]
    assert found, f"{text!r} was not said"
    return found[0]


@system_test(seconds=40)
def test_program_starts_behind_what_it_needs(lab: Lab) -> None:
    """Programs start behind the processes and devices that they need, wherever those stand in the list."""
    lines = (r"a\third w needs=a\second,a\log -- stay" "\n"
             r"a\second w needs=streams\null,disks\ram\0,a\boot -- stay" "\n"
             r"d\virtual virtual.elf" "\n"
             r"a\none w -- stay" "\n" + LAST_LINE)
    serial = run_list(lab, lines, program(lab, "virtual", "file:virtual.elf"), witness(lab, r"a\boot", "stay"))
    expect_order(serial, r"started d\virtual", r"started a\none", r"started a\second", r"started a\third")
    assert when(serial, r"started a\third") < 0.5
    assert not [record for record in records(serial) if record.name == INIT and record.level == "warn"]


@system_test(seconds=40)
def test_wait_for_what_never_comes_ends(lab: Lab) -> None:
    """A program waits 10 s for what does not come, and no longer for what cannot come any more; each is told."""
    lines = (r"a\patient w needs=a\nobody,lines\serial\9,d\absent,a\done -- stay" "\n"
             r"a\quick w needs=d\small -- stay" "\n"
             r"d\absent w -- exit=19" "\n"
             r"a\done w restart=never -- exit=0" "\n"
             r"d\small w limit frames=1" "\n" + LAST_LINE)
    serial = run_list(lab, lines, done=r"started a\patient")
    assert "waiting" in next(text for text in texts(serial, r"a\last") if r"a\patient" in text)
    nobody = "which is not there after 10 s"
    for name, level, text in (
            ("patient", "warn", rf"a\patient must begin without a\nobody, {nobody}"),
            ("patient", "warn", rf"a\patient must begin without lines\serial\9, {nobody}"),
            ("patient", "info", r"a\patient must begin without d\absent, whose hardware is not in this machine"),
            ("patient", "warn", r"a\patient must begin without a\done, which has ended"),
            ("quick", "warn", r"a\quick must begin without d\small, which was given up")):
        assert (level, text) in [(record.level, record.text) for record in about(serial, f"a\\{name}")], text
    assert 10 <= when(serial, r"started a\patient") < 10.3
    assert when(serial, r"started a\quick") < 0.5


@system_test(seconds=40)
def test_programs_that_need_each_other_start(lab: Lab) -> None:
    """Two programs that need each other start after the wait, the first with a warning."""
    serial = run_list(lab, "a\\egg w needs=a\\hen -- stay\na\\hen w needs=a\\egg -- stay\n", done=r"started a\hen")
    assert [record.text for record in records(serial) if record.name == INIT and record.level == "warn"] == \
        [r"a\egg must begin without a\hen, which is not there after 10 s"]


@system_test(seconds=40)
def test_dependants_hear_of_who_is_given_up(lab: Lab) -> None:
    """When a program is given up, the log names those that need it, or a device of its."""
    lines = (r"a\one w needs=a\mortal -- stay" "\n"
             r"a\other w needs=a\log -- stay" "\n"
             r"a\mortal w -- sleep=20 exit=3" "\n")
    serial = run_list(lab, lines, done=r"a\one needs")
    expect_order(serial, r"gave up a\mortal: it died 8 times within 60 s", r"a\one needs a\mortal, and a\mortal was given up")
    assert not [record for record in about(serial, r"a\other") if "needs" in record.text]
    device = r"a\user w needs=streams\null -- wait=d\virtual chat=100 stay" "\n" r"d\virtual virtual.elf" "\n"
    killer = witness(lab, r"d\killer", " ".join(["kill=d\\virtual", "sleep=9"] * 8) + " stay")
    serial = run_list(lab, device, program(lab, "virtual", "file:virtual.elf"), killer, done=r"a\user needs")
    expect_in(r"a\user needs streams\null, and d\virtual was given up", serial)


@system_test(seconds=40)
def test_restart_does_not_wait(lab: Lab) -> None:
    """A program that is started again does not wait for what it needs: it comes back at once."""
    lines = (r"a\again w needs=a\mortal -- sleep=300 exit=3" "\n"
             r"a\mortal w restart=never -- sleep=20 exit=3" "\n")
    serial = run_list(lab, lines, done=r"restarted a\again")
    ended, restarted = when(serial, r"a\again ended: exit code 3"), when(serial, r"restarted a\again")
    assert restarted - ended < 0.01, f"{restarted - ended}"
