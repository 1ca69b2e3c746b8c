"""The way of a record: from whoever says it, through the kernel's ring and a\\log, to the serial line."""

from __future__ import annotations

import re

from boot import BOOT_SECONDS, LIST_DONE, boot, expect_in, records, standard, texts, whole_entry, with_list, without, witness
from boot_entry import Module
from lab import Lab, system_test

_LINE = re.compile(r"\[ {0,3}\d+\.\d{6}\] (emerg|error|warn|info|debug) (kernel|[dsa]\\\S+): \S.*")
LOG_REPEATED = 2                 # abi/log.h
_LOST = re.compile(r"(\d+) records lost")


REPEATED = "(repeated) "          # what an a\log that died may not have got to print


def numbers(serial: str, name: str, mark: str = "") -> list[int]:
    """The N of each `line N` that a witness said, of those with this mark."""
    start = f"{mark}line "
    return [int(text.removeprefix(start)) for text in texts(serial, name) if text.startswith(start)]


def expect_all_lines(serial: str, name: str, count: int) -> None:
    """Every line of a witness arrived: once and in order, but for those that are marked as repeated."""
    said, repeated = numbers(serial, name), numbers(serial, name, REPEATED)
    missing = sorted(set(range(1, count + 1)) - set(said) - set(repeated))
    assert not missing, f"missing: {missing}"
    assert said == sorted(set(said)), "out of order, or twice without being marked"


@system_test(seconds=40)
def test_line_has_its_form(lab: Lab) -> None:
    """Every line on the serial line is `[   0.123456] <level> name: text`, and times never go back."""
    with boot(lab, whole_entry(lab)) as machine:
        machine.wait_for(LIST_DONE, BOOT_SECONDS)
    serial = machine.serial_text()
    odd = [line for line in serial.splitlines() if _LINE.fullmatch(line) is None]
    assert not odd, f"odd lines: {odd}"
    times = [record.seconds for record in records(serial)]
    assert times == sorted(times), "times go back"
    expect_in("info kernel: Ternion", serial.splitlines()[0])


@system_test(seconds=40)
def test_early_records_arrive(lab: Lab) -> None:
    """What drivers and kernel said before a\\log ran arrives there, all of it and in order."""
    modules = [witness(lab, r"d\early", "say=250 stay"), *standard(lab, "serial history=1000"),
               witness(lab, r"d\second", "say=250 stay"), witness(lab, r"a\last", "say=1 stay")]
    with boot(lab, modules) as machine:
        machine.wait_for(r"a\last: line 1", BOOT_SECONDS)
    serial = machine.serial_text()
    for name in (r"d\early", r"d\second"):
        assert numbers(serial, name) == list(range(1, 251)), f"{name}: {numbers(serial, name)}"
    expect_in("info kernel: Ternion", serial.splitlines()[0])


@system_test(seconds=40)
def test_lost_records_are_counted(lab: Lab) -> None:
    """What a driver says faster than a\\log can read is lost from the oldest on, and a\\log says how many records were."""
    modules = [*standard(lab, "serial history=1000"), witness(lab, r"d\flood", "sleep=200 say=3000 stay")]
    with boot(lab, modules) as machine:
        machine.wait_for(r"d\flood: line 3000", BOOT_SECONDS)
    serial = machine.serial_text()
    said = numbers(serial, r"d\flood")
    lost = sum(int(count) for count in _LOST.findall("\n".join(texts(serial, r"a\log"))))
    assert lost > 0 and len(said) + lost == 3000, f"{len(said)} lines and {lost} lost"
    assert said == sorted(set(said)) and said[-1] == 3000


@system_test(seconds=40)
def test_control_characters_become_spaces(lab: Lab) -> None:
    """Line ends and control characters in what a process says cannot make a line that it did not say."""
    with boot(lab, [*standard(lab), witness(lab, r"a\w", "controls say=1 stay")]) as machine:
        machine.wait_for("line 1", BOOT_SECONDS)
    assert texts(machine.serial_text(), r"a\w")[0] == "one [   9.999999] emerg kernel: two   [2J  three"


@system_test(seconds=40)
def test_long_text_is_cut(lab: Lab) -> None:
    """200 bytes of text stay whole; longer text is cut to 200 bytes and says so."""
    with boot(lab, [*standard(lab), witness(lab, r"a\w", "text=200 text=201 text=1024 say=1 stay")]) as machine:
        machine.wait_for("line 1", BOOT_SECONDS)
    digits = "0123456789" * 20
    assert texts(machine.serial_text(), r"a\w") == [digits, digits[:194] + " [cut]", digits[:194] + " [cut]", "line 1"]


@system_test(seconds=60)
def test_killed_log_loses_nothing(lab: Lab) -> None:
    """a\\log is killed five times while a process talks: it is back within a second each time, and every line arrives in order."""
    killer = witness(lab, r"s\killer", "wait=a\\log sleep=150 replace=a\\log sleep=70 replace=a\\log sleep=130 replace=a\\log "
                                       "sleep=110 replace=a\\log sleep=90 replace=a\\log say=1 stay")
    with boot(lab, [*standard(lab), witness(lab, r"a\talker", "chat=1200 sleep=1500 levels stay"), killer], icount=0) as machine:
        machine.wait_for(r"s\killer: line 1", BOOT_SECONDS)
        machine.wait_for(r"a\talker: level debug", BOOT_SECONDS)
    serial = machine.serial_text()
    back = [int(text.split()[-2]) for text in texts(serial, r"s\killer") if "is back after" in text]
    assert len(back) == 5 and max(back) <= 1000, f"back after {back} ms"
    expect_all_lines(serial, r"a\talker", 1200)


@system_test(seconds=60)
def test_log_killed_before_it_printed_loses_nothing(lab: Lab) -> None:
    """Killed after it has taken a dozen records and before the serial line took them, a\\log prints them in its next life."""
    killer = witness(lab, r"d\killer", "wait=a\\log sleep=100 hold=d\\serial say=12 sleep=50 kill=a\\log sleep=50 "
                                       "release=d\\serial sleep=50 say=1 stay")
    with boot(lab, [*standard(lab), killer]) as machine:
        machine.wait_for(r"d\killer: line 13", BOOT_SECONDS)
    expect_all_lines(machine.serial_text(), r"d\killer", 13)


@system_test(seconds=60)
def test_stranger_log_gets_every_record(lab: Lab) -> None:
    """A stranger's a\\log gets every record as abi/log.h says: words, record, names, numbers without gaps, also across its death."""
    modules = [witness(lab, r"d\early", "say=20 stay"), *without(with_list(lab, ""), r"a\log"), witness(lab, r"a\log", "be-log"),
               witness(lab, r"s\killer", "levels wait=a\\log sleep=100 replace=a\\log sleep=50 say=1 stay")]
    with boot(lab, modules) as machine:
        machine.wait_for(r"s\killer|line 1", BOOT_SECONDS)
    lines = [line for line in machine.serial_text().splitlines() if line.startswith("RECORD")]
    form = re.compile(r"RECORD words=(\d+),(\d+),(\d+),(\w+) bytes=(\d+) "
                      r"record=(\d+),(\d+),(\d+),(\w+),(\d+),(\d+) ([^|]*)\|(.*)")
    said = []
    newest = 0
    for line in lines:
        match = form.fullmatch(line)
        assert match is not None, f"{line!r}"
        words, (size, *record), (name, text) = match.groups()[:4], match.groups()[4:11], match.groups()[11:]
        assert words == tuple(record[:4]), f"words and record differ: {line}"
        number, repeated = int(record[2]), record[1] == str(LOG_REPEATED)
        assert number <= newest if repeated else number == newest + 1, f"record {number} comes behind {newest}"
        newest = max(newest, number)
        assert (int(record[4]), int(record[5])) == (len(name), len(text)), line
        assert int(size) == 20 + len(name) + len(text), line
        assert (record[3] == "0") == (name == "kernel"), line
        assert record[1] in ("0", str(LOG_REPEATED)), f"flags of {line}"
        if not repeated:
            said.append((int(record[0]), name, text))
    for level, word in enumerate(("emerg", "error", "warn", "info", "debug")):
        assert (level, r"s\killer", f"level {word}") in said
    assert [text for _, name, text in said if name == r"d\early"] == [f"line {i}" for i in range(1, 21)]


def emergencies(serial: str) -> list[tuple[float, str]]:
    return [(record.seconds, record.text) for record in records(serial) if record.name == "kernel" and record.level == "emerg"]


NOT_BACK = r"a\log is not back: every process has 2 s to save its state"


def ends_without_log(lab: Lab, modules: list[Module], options: str = "") -> str:
    """Boots programs without a\\log until the machine reboots by itself; the serial log."""
    with boot(lab, modules, f"early=serial {options}", icount=0) as machine:
        machine.wait_for_exit(BOOT_SECONDS)
        assert machine.ending == "reset", machine.ending
    return machine.serial_text()


@system_test(seconds=40)
def test_no_log_saves_state_and_reboots(lab: Lab) -> None:
    """Without a\\log every process is asked to save its state after 3 s, and when all have, the machine reboots at once."""
    modules = [*without(standard(lab), r"a\log"), witness(lab, r"s\one"), witness(lab, r"a\two")]
    serial = ends_without_log(lab, modules)
    (asked, first), (went, second) = emergencies(serial)
    assert first == NOT_BACK and second == r"rebooting: there is no a\log", serial
    missed = next(record.seconds for record in records(serial) if record.text == r"there is no a\log: it has 3 s to come back")
    assert 2.9 <= asked - missed <= 3.2, f"{asked - missed} s"
    assert went - asked < 0.5, f"went down {went - asked} s after all had saved"
    for name in (r"s\one", r"a\two"):
        (told,) = texts(serial, name)
        left = int(told.removeprefix("asked to save its state, ").split()[0])
        assert 1900 <= left <= 2000, f"{name}: {told}"


@system_test(seconds=40)
def test_unsaved_process_has_until_the_deadline(lab: Lab) -> None:
    """A process that does not save its state holds the reboot up to the deadline of 2 s, and no longer."""
    modules = [witness(lab, r"s\one"), witness(lab, r"a\never", "stay=unsaved")]
    (asked, _), (went, text) = emergencies(ends_without_log(lab, modules))
    assert text == r"rebooting: there is no a\log" and 1.9 <= went - asked <= 2.2, f"{went - asked} s, {text}"


@system_test(seconds=40)
def test_panic_halt_halts_without_log(lab: Lab) -> None:
    """With panic=halt a machine without a\\log halts instead, and stays so."""
    with boot(lab, [witness(lab, r"a\one")], "early=serial panic=halt") as machine:
        machine.wait_for(r"emerg kernel: halted: there is no a\log (panic=halt)", BOOT_SECONDS)
        status = machine.qmp.execute("query-status")
        assert status["running"] and not machine.ended()
        expect_in("HLT=1", machine.qmp.monitor("info registers"))


@system_test(seconds=60)
def test_log_given_up_ends_the_machine(lab: Lab) -> None:
    """An a\\log that dies again and again is restarted until the grace time is not kept; then all save their state."""
    modules = [*without(standard(lab), r"a\log"), witness(lab, r"a\log", "exit=1"), witness(lab, r"a\two")]
    serial = ends_without_log(lab, modules)
    assert [text for _, text in emergencies(serial)] == [NOT_BACK, r"rebooting: there is no a\log"], serial
    expect_in("asked to save its state", serial)


@system_test(seconds=40)
def test_log_back_in_time_is_told(lab: Lab) -> None:
    """An a\\log that comes back within the grace time ends the alarm: nobody is asked to save anything."""
    killer = witness(lab, r"s\killer", "wait=a\\log replace=a\\log replace=a\\log replace=a\\log sleep=3500 say=1 stay")
    with boot(lab, [*standard(lab), killer], icount=0) as machine:
        machine.wait_for(r"s\killer: line 1", BOOT_SECONDS)
    said = texts(machine.serial_text(), "kernel")
    assert said.count(r"there is no a\log: it has 3 s to come back") >= 1, str(said)
    assert said.count(r"a\log is back") == said.count(r"there is no a\log: it has 3 s to come back"), str(said)
    assert not emergencies(machine.serial_text())


@system_test(seconds=40)
def test_early_console_is_quiet_once_log_is_there(lab: Lab) -> None:
    """With early=serial the kernel prints until a\\log is there; a\\log then prints all, from the first record on."""
    with boot(lab, [*standard(lab), witness(lab, r"a\w", "sleep=100 say=1 stay")], "early=serial") as machine:
        machine.wait_for("line 1", BOOT_SECONDS)
    said = [record.text for record in records(machine.serial_text())]
    hello = next(text for text in said if text.startswith("Ternion"))
    first, second = (index for index, text in enumerate(said) if text == hello)
    assert first == 0 and said[:second] == said[second:2 * second], "the kernel's lines are not a\\log's first"
    assert said.count("line 1") == 1
