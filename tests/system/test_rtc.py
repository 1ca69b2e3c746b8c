"""d\\rtc: the date and the time of day, read, set and waited for."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import buses
from boot import BOOT_SECONDS, boot, expect_in, program, texts, witness
from boot_entry import Module
from buses import boot_in_bochs, image, with_drivers
from lab import Lab, system_test
from qemu import Qemu

CHIP = r"d\rtc"
ASKING = r"s\buses"        # no application: these do not set the clock
DONE = rf"{ASKING}: done"

_TIME = re.compile(r"(date|second|crowd) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) weekday (\d)")


def asking(lab: Lab, arguments: str, process: str = ASKING) -> Module:
    return buses.asking(lab, arguments, process)


def clock(base: str) -> list[str]:
    """QEMU's arguments for a clock that begins at this time, and goes with the instructions."""
    return ["-rtc", f"base={base},clock=vm"]


def times(serial: str, name: str = ASKING) -> list[tuple[str, datetime, int]]:
    """What a process told about the time: what it did, what it got, the day of the week."""
    found = (_TIME.fullmatch(text) for text in texts(serial, name))
    return [(match[1], datetime.fromisoformat(match[2]), int(match[3])) for match in found if match]


def run_clock(lab: Lab, arguments: str, base: str, *more: Module) -> str:
    """Boots with a clock that begins at a time; the serial log when all that was asked for is done."""
    modules = [*with_drivers(lab, "rtc"), *more, asking(lab, arguments)]
    with boot(lab, modules, icount=0, arguments=clock(base)) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
    return machine.serial_text()


def check_rolls_over(lab: Lab, base: str, midnight: str) -> None:
    """Two seconds before a midnight: do all the seconds around it come, in their order?"""
    said = times(run_clock(lab, "date second second second date", base))
    wanted = datetime.fromisoformat(midnight)
    after = wanted.isoweekday()
    assert said[0][:2] == ("date", wanted - timedelta(seconds=2)), str(said)
    assert said[1:4] == [("second", wanted - timedelta(seconds=1), (after + 5) % 7 + 1), ("second", wanted, after),
                         ("second", wanted + timedelta(seconds=1), after)], str(said)
    assert said[4][:2] == ("date", wanted + timedelta(seconds=1)), str(said)


@system_test(seconds=60)
def test_days_months_and_centuries_end_in_time(lab: Lab) -> None:
    """Years, leap days and the end of 1999 come as the calendar has them, second by second, with their day of the week."""
    check_rolls_over(lab, "1999-12-31T23:59:58", "2000-01-01")
    check_rolls_over(lab, "2000-02-28T23:59:58", "2000-02-29")
    check_rolls_over(lab, "2024-02-28T23:59:58", "2024-02-29")
    check_rolls_over(lab, "2023-02-28T23:59:58", "2023-03-01")
    check_rolls_over(lab, "2037-12-31T23:59:58", "2038-01-01")


def qemu_time(machine: Qemu) -> datetime:
    """The time that QEMU's own chip has."""
    time = machine.qmp.execute("qom-get", path="/machine", property="rtc-time")
    return datetime(time["tm_year"] + 1900, time["tm_mon"] + 1, time["tm_mday"], time["tm_hour"], time["tm_min"], time["tm_sec"])


@system_test(seconds=60)
def test_clock_is_set_and_goes_on(lab: Lab) -> None:
    """The clock can be set, to leap days and other centuries too; it reads so, the chip has it so, and it goes on from there."""
    for wanted in ("1980-01-01 00:00:00", "1999-12-31 12:00:00", "2024-02-29 23:59:59", "2079-12-31 00:30:01"):
        time = datetime.fromisoformat(wanted)
        value = ",".join(str(number) for number in (time.year, time.month, time.day, time.hour, time.minute, time.second))
        modules = [*with_drivers(lab, "rtc"), asking(lab, f"set={value} date second second stay")]
        with boot(lab, modules, icount=0, arguments=clock("2001-02-03T04:05:06")) as machine:
            machine.wait_for(re.compile(r"second .*\n.*second .*\n"), BOOT_SECONDS)
            chip = qemu_time(machine)
        serial = machine.serial_text()
        expect_in("set: OK", serial)
        expect_in(rf"{CHIP}: set to {wanted} by process", serial)
        said = [moment for _, moment, _ in times(serial)]
        assert said == [time, time + timedelta(seconds=1), time + timedelta(seconds=2)], f"{wanted}: {said}"
        assert said[2] <= chip <= said[2] + timedelta(hours=24), f"{wanted}: the chip has {chip}"


@system_test(seconds=40)
def test_dates_that_are_none_are_refused(lab: Lab) -> None:
    """Dates that there are not are refused, and change nothing; so are clocks that there are not."""
    serial = run_clock(lab, r"clock-hostile date describe=clocks\rtc\0,8", "2001-02-03T04:05:06")
    said = texts(serial, ASKING)
    assert said[:11] == ["bad date: BAD_ARGUMENT"] * 11 and said[11:14] == ["clock 1: ABSENT"] * 3, str(said)
    assert times(serial)[0][1] == datetime(2001, 2, 3, 4, 5, 6), serial
    expect_in(r"clocks\rtc\0 is clock: clock with battery, MC146818: decimal, 24 hours", serial)
    expect_in("initialise: OK", serial)


@system_test(seconds=40)
def test_many_wait_for_the_same_second(lab: Lab) -> None:
    """All who wait for a second get the same one; those who die while they wait harm nobody."""
    victims = [asking(lab, "crowd=9 sleep=100", rf"a\victim{number}") for number in range(2)]
    killed = [asking(lab, "crowd=5 sleep=60000", r"a\killed"), witness(lab, r"d\killer", r"wait=a\killed sleep=200 kill=a\killed")]
    serial = run_clock(lab, "crowd=12 second second", "2001-02-03T04:05:06", *victims, *killed)
    said = times(serial)
    assert len(said) == 14, serial
    assert {moment for _, moment, _ in said[:13]} == {datetime(2001, 2, 3, 4, 5, 7)}, serial
    assert said[13][:2] == ("second", datetime(2001, 2, 3, 4, 5, 8)), serial
    assert not times(serial, r"a\victim0") and not times(serial, r"a\victim1") and not times(serial, r"a\killed"), serial
    assert not texts(serial, CHIP)[1:], serial


@system_test(seconds=40)
def test_clients_do_not_notice_that_the_driver_dies(lab: Lab) -> None:
    """Who waits for a second while the driver dies waits on at its successor; the clock is right."""
    killer = witness(lab, r"d\killer", r"wait=s\buses sleep=300 replace=d\rtc")
    serial = run_clock(lab, "second second date", "2001-02-03T04:05:06", killer)
    expect_in(r"restarted d\rtc", serial)
    assert [moment.second for _, moment, _ in times(serial)] == [7, 8, 8], serial


@system_test(seconds=40)
def test_date_is_told_and_set(lab: Lab) -> None:
    """date tells the date, sets the clock, and says what is wrong with a date, or with who sets it."""
    lines = ("a\\date date.elf restart=never\n"
             "s\\wrong date.elf restart=never -- 2023-02-29T12:34:56\n"
             "s\\tasks tasks.elf -- power=a\\shell\n"
             "a\\denied date.elf restart=never -- 2024-02-28T12:34:56\n")
    setter = program(lab, "date", r"d\setter", "2024-02-29T12:34:56")
    modules = [*with_drivers(lab, "rtc", lines=lines), image(lab, "date"), image(lab, "tasks"), asking(lab, "sleep=500 date")]
    with boot(lab, modules, icount=0, arguments=clock("1999-12-31T12:00:00")) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
    serial = machine.serial_text()
    expect_in(r"a\date: Friday, 1999-12-31 12:00:0", serial)
    expect_in(r"s\wrong: wrong: 2023-02-29T12:34:56: there is no such date", serial)
    expect_in(r"a\denied: denied: the clock is for persons to set", serial)
    assert times(serial)[0][1].year in (1999, 2000), serial
    with boot(lab, [*with_drivers(lab, "rtc"), setter, asking(lab, "sleep=500 date")], icount=0) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
    assert times(machine.serial_text())[0][1].replace(second=0) == datetime(2024, 2, 29, 12, 34), machine.serial_text()


@system_test(seconds=40)
def test_clock_of_an_old_board_is_read(lab: Lab) -> None:
    """The clock of an ISA board with a 486 is read, and interrupts, as the others do."""
    modules = [*with_drivers(lab, "rtc"), asking(lab, "date second second")]
    with boot(lab, modules, machine="isapc", cpu="486", icount=0, arguments=clock("2001-02-03T04:05:06")) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
    assert [moment.second for _, moment, _ in times(machine.serial_text())] == [6, 7, 8], machine.serial_text()


@system_test(seconds=60)
def test_clock_of_bochs_is_read(lab: Lab) -> None:
    """The clock of Bochs is read and set, and interrupts. (Bochs itself may take what it was told for summer time, and goes on an hour off.)"""
    with boot_in_bochs(lab, "rtc", "date second second set=2024,2,29,12,34,56 date second", ASKING) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
    said = [moment for _, moment, _ in times(machine.serial_text())]
    assert abs(said[0] - datetime(2000, 1, 1)) < timedelta(days=2), machine.serial_text()
    assert said[2] - said[1] == timedelta(seconds=1) and said[3] == datetime(2024, 2, 29, 12, 34, 56), machine.serial_text()
    assert (said[4].minute, said[4].second) == (34, 57), machine.serial_text()
