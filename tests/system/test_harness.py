"""The test of the tests: what must be seen as a failure is seen as one."""

from __future__ import annotations

from pathlib import Path

from boot_entry import ImageError, Module, initrd_argument, read_boot_entry
from guest import GuestPatience, judge_guest, run_guest, watch_guest
from host import judge_host
from lab import Lab, system_test
from machine import Machine, MachineError
from stub import stub_floppy, stub_kernel
from unit import Outcome

PASSES = "[   0.100000] info d\\test: PASS one\n[   0.200000] info d\\test: PASS two\n"
DONE = "[   0.300000] info d\\test: DONE passed=2 failed=0\n"
IMPATIENT = GuestPatience(silence=2, total=10)


def failures(outcomes: list[Outcome]) -> str:
    return "; ".join(f"{outcome.name}: {outcome.why}" for outcome in outcomes if not outcome.passed)


def watch(machine: Machine) -> str:
    with machine:
        return watch_guest(machine, IMPATIENT)


def expect_in(wanted: str, text: str) -> None:
    assert wanted in text, f"{wanted!r} is not in {text!r}"


@system_test(seconds=10)
def test_whole_log_passes(lab: Lab) -> None:
    """A log with every PASS and a matching DONE yields its tests and no failure."""
    outcomes = judge_guest("guest[x]", PASSES + DONE, "")
    assert [outcome.name for outcome in outcomes] == ["guest[x]:one", "guest[x]:two"]
    assert failures(outcomes) == ""


@system_test(seconds=10)
def test_failed_guest_test_fails(lab: Lab) -> None:
    """A FAIL line is a failed test with its reason, and matching numbers add no other."""
    serial = PASSES + "[   0.250000] error d\\test: FAIL three: got 1: not 2\n" + DONE.replace("failed=0", "failed=1")
    assert failures(judge_guest("g", serial, "")) == "g:three: got 1: not 2"


@system_test(seconds=10)
def test_wrong_numbers_fail(lab: Lab) -> None:
    """A DONE that does not match the lines, is missing, malformed or doubled fails the run."""
    for wrong in ("", DONE.replace("passed=2", "passed=3"), DONE.replace("failed=0", "failed=1"), DONE + DONE,
                  DONE.replace("passed=2", "passed=all"), DONE.replace("d\\test", "a\\fake")):
        expect_in("g:completes: DONE", failures(judge_guest("g", PASSES + wrong, "")))


@system_test(seconds=10)
def test_name_told_twice_fails(lab: Lab) -> None:
    """A test that reports twice hides one that did not: the run fails."""
    expect_in("told of twice: g:one", failures(judge_guest("g", PASSES.replace("two", "one") + DONE, "")))


@system_test(seconds=10)
def test_empty_self_test_fails(lab: Lab) -> None:
    """A run of no test at all fails."""
    expect_in("no test ran", failures(judge_guest("g", DONE.replace("passed=2", "passed=0"), "")))


@system_test(seconds=30)
def test_good_guest_passes(lab: Lab) -> None:
    """A kernel that says what a good run says passes on QEMU."""
    machine = lab.qemu(kernel=stub_kernel(lab, "DEBUG_EXIT", PASSES + DONE))
    outcomes = judge_guest("g", "", watch(machine)) and judge_guest("g", machine.serial_text(), "")
    assert failures(outcomes) == "", failures(outcomes)
    assert len(outcomes) == 2 and machine.exit_code == 33 and machine.ending == "debug exit, code 16"


@system_test(seconds=30)
def test_silent_guest_fails(lab: Lab) -> None:
    """A kernel that falls silent before DONE fails, and does so before the whole time is over."""
    assert watch(lab.qemu(kernel=stub_kernel(lab, "HALT", PASSES))) == "silent for 2 s"
    assert watch(lab.qemu(kernel=stub_kernel(lab, "HALT"))) == "silent for 2 s"


@system_test(seconds=30)
def test_triple_fault_fails(lab: Lab) -> None:
    """A triple fault is told from a reset and fails, although QEMU exits with 0."""
    machine = lab.qemu(kernel=stub_kernel(lab, "TRIPLE_FAULT", PASSES))
    assert watch(machine) == "the machine ended: triple fault"
    assert machine.exit_code == 0


@system_test(seconds=30)
def test_reset_fails(lab: Lab) -> None:
    """A reset fails, also one after DONE."""
    assert watch(lab.qemu(kernel=stub_kernel(lab, "RESET", PASSES))) == "the machine ended: reset"
    assert watch(lab.qemu(kernel=stub_kernel(lab, "RESET", PASSES + DONE))) == "reset after DONE"


@system_test(seconds=60)
def test_bochs_endings_are_told_apart(lab: Lab) -> None:
    """Bochs: a power-off, a triple fault, a reset and silence are each seen for what they are."""
    expected = {"POWER_OFF": "the machine ended: powered off", "TRIPLE_FAULT": "the machine ended: triple fault",
                "RESET": "the machine ended: reset", "HALT": "silent for 2 s"}
    for ending, wanted in expected.items():
        machine = lab.bochs(floppy=stub_floppy(lab, ending, "hello"), cpu="pentium")
        assert watch(machine) == wanted, f"{ending}: {machine.ending}"
        expect_in("hello", machine.serial_text())
        expect_in("hello", machine.debug_text())


@system_test(seconds=60)
def test_bochs_screen_is_read(lab: Lab) -> None:
    """Bochs: the text screen is read with its attributes, and the machine runs on after it."""
    with lab.bochs(floppy=stub_floppy(lab, "HALT", "hello")) as machine:
        machine.wait_for("hello", seconds=30)
        for _ in range(2):
            screen = machine.screen_text()
            assert screen.rows[0][0] == "T" and screen.background(0, 0) == 1 and screen.foreground(0, 0) == 15
        assert not machine.ended()


@system_test(seconds=60)
def test_bochs_window_is_pictured(lab: Lab) -> None:
    """Bochs: a screenshot of its window is a PNG of the screen alone."""
    with lab.bochs(floppy=stub_floppy(lab, "HALT", "hello"), window=True) as machine:
        machine.wait_for("hello", seconds=30)
        picture = lab.directory / "screen.png"
        machine.screenshot(picture)
        assert png_size(picture) == (720, 400), str(png_size(picture))


@system_test(seconds=30)
def test_qemu_is_spoken_to(lab: Lab) -> None:
    """QEMU: keys, serial bytes, text screen, screenshot, port 0xE9 and the exit of its own accord."""
    with lab.qemu(kernel=stub_kernel(lab, "ECHO", "ready\n")) as machine:
        start = machine.wait_for("ready", seconds=10).end()
        machine.send_key("a")
        machine.wait_for("K", seconds=5, after=start)
        machine.type_text("aB")
        machine.wait_for("KKKK", seconds=5, after=start)
        machine.send_serial(b"over the line")
        machine.wait_for("over the line", seconds=5)
        screen = machine.screen_text()
        assert screen.rows[0][0] == "T" and screen.background(0, 0) == 1 and screen.foreground(0, 0) == 15
        machine.screenshot(lab.directory / "screen.png")
        assert png_size(lab.directory / "screen.png") == (720, 400)
        expect_in("over the line", machine.debug_text())
        machine.system_reset()
        machine.wait_for_exit(seconds=5)
        assert machine.ending == "reset", machine.ending


@system_test(seconds=30)
def test_machine_may_reboot(lab: Lab) -> None:
    """QEMU: with `reboot` a reset is noticed and the machine runs on."""
    with lab.qemu(kernel=stub_kernel(lab, "HALT", "up\n"), reboot=True) as machine:
        machine.wait_for("up", seconds=10)
        machine.system_reset()
        machine.wait_for("up\nup", seconds=10)
        assert machine.resets() >= 1
        assert not machine.ended()


@system_test(seconds=30)
def test_wait_fails_at_the_end(lab: Lab) -> None:
    """A wait for a line fails at once when the machine is gone, and names the last line."""
    with lab.qemu(kernel=stub_kernel(lab, "DEBUG_EXIT", "almost\n")) as machine:
        try:
            machine.wait_for("never", seconds=20)
        except MachineError as error:
            expect_in("its last line was 'almost'", str(error))
            expect_in("debug exit, code 16", str(error))
            return
    raise AssertionError("a wait for what was never said came back")


@system_test(seconds=30)
def test_emulator_lives_no_longer_than_allowed(lab: Lab) -> None:
    """An emulator is ended at its lifetime even if nobody asks."""
    with lab.qemu(lifetime=2, kernel=stub_kernel(lab, "HALT")) as machine:
        machine.wait_for_exit(seconds=10)
        assert machine.ending == "its time limit", machine.ending


@system_test(seconds=30)
def test_failed_run_keeps_its_logs(lab: Lab) -> None:
    """A failed guest run leaves its serial log; a good one leaves nothing."""
    for text, kept in ((PASSES, True), (PASSES + DONE, False)):
        inner = Lab(lab.build, lab.directory / "inner", 20)
        machine = inner.qemu(kernel=stub_kernel(lab, "DEBUG_EXIT", text))
        outcomes = run_guest("g", inner, machine, IMPATIENT)
        assert bool(failures(outcomes)) == kept
        assert machine.serial_path.exists() == kept


@system_test(seconds=10)
def test_host_verdicts(lab: Lab) -> None:
    """A host test fails by a FAIL line, a sanitizer report, its exit code, its silence or no end."""
    assert failures(judge_host("h", "PASS a sentence\nPASS another\n", 0, 1)) == ""
    assert failures(judge_host("h", "PASS a\nFAIL b: 1 is not 2\n", 1, 1)) == "h:b: 1 is not 2"
    expect_in("AddressSanitizer", failures(judge_host("h", "PASS a\n==1==ERROR: AddressSanitizer: overflow\n", 0, 1)))
    expect_in("runtime error", failures(judge_host("h", "PASS a\nx.c:1:2: runtime error: shift\n", 0, 1)))
    expect_in("exit code 1", failures(judge_host("h", "PASS a\n", 1, 1)))
    expect_in("exit code -11", failures(judge_host("h", "PASS a\nFAIL b: c\n", -11, 1)))
    expect_in("exit code 0", failures(judge_host("h", "FAIL b: c\n", 0, 1)))
    expect_in("neither", failures(judge_host("h", "", 0, 1)))
    expect_in("did not end", failures(judge_host("h", "PASS a\n", None, 1)))


@system_test(seconds=10)
def test_modules_are_named_for_qemu(lab: Lab) -> None:
    """QEMU gets modules in order with their arguments, commas doubled; a space in a path is refused."""
    modules = [Module(Path("/x/log.elf"), "a\\log", "screen,serial history=1"), Module(Path("/x/y"), "file:y")]
    assert initrd_argument(modules) == "/x/log.elf a\\log screen,,serial history=1,/x/y file:y"
    try:
        initrd_argument([Module(Path("/my tree/y"), "file:y")])
    except ImageError as error:
        expect_in("/my tree/y: QEMU", str(error))
    else:
        raise AssertionError("a path that QEMU would cut was taken")


@system_test(seconds=10)
def test_unknown_boot_entry_is_refused(lab: Lab) -> None:
    """An entry that the boot menu does not have is refused by name."""
    try:
        read_boot_entry("no-such-entry", lab.build)
    except ImageError as error:
        expect_in("no entry no-such-entry", str(error))
    else:
        raise AssertionError("an entry came out of nothing")


def png_size(path: Path) -> tuple[int, int]:
    header = path.read_bytes()[:24]
    assert header.startswith(b"\x89PNG"), f"{path} is no PNG picture"
    return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")
