r"""a\trace: what it shows of programs that know nothing of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from boot import BOOT_SECONDS, boot, expect_in, program, records, texts, wait_for_debug, wait_for_screen, with_list, with_policy
from boot import wait_until, witness
from boot_entry import Module
from lab import Lab, system_test

SINK = r"tests\sink"
_LINE = re.compile(r"^ *(\d+\.\d{6}) (\S+?)(?:/([0-9a-f]+))? (.*)$", re.MULTILINE)
_PORT = re.compile(r"(in|out) 0x([0-9A-F]+)\.(\d) = 0x([0-9A-F]+)  eip=0x[0-9a-f]{8}")


@dataclass(frozen=True)
class Line:
    seconds: float
    process: str
    thread: str
    text: str


def lines_of(text: str) -> list[Line]:
    return [Line(float(seconds), process, thread, rest) for seconds, process, thread, rest in _LINE.findall(text)]


def what(text: str, process: str) -> list[str]:
    """What one process did, without times."""
    return [re.sub(r" <\d+\.\d{6}>$", "", line.text) for line in lines_of(text) if line.process == process]


def ports(lines: list[str]) -> list[tuple[str, int, int, int]]:
    """Direction, port, width and value of each access."""
    found = [_PORT.fullmatch(line) for line in lines]
    return [(match[1], int(match[2], 16), int(match[3]), int(match[4], 16)) for match in found if match]


def files(lab: Lab) -> list[Module]:
    """The programs that init.list's lines may name: t the tracer, w the witness."""
    names = {"trace": "t", "witness": "w", "virtual": "v", "hello_application": "ha", "hello_server": "hs", "hello_driver": "hd"}
    return [program(lab, name, f"file:{path}") for name, path in names.items()]


def serial_bytes(sink: str) -> str:
    r"""What d\serial sent according to its trace."""
    accesses = ports(what(sink, r"d\serial"))
    return bytes(value for direction, port, width, value in accesses if (direction, port, width) == ("out", 0x3F8, 1)).decode("latin-1")


def run(lab: Lab, lines: str, done: str, *modules: Module, at: str = "log", log: str = "serial history=2000",
        policy: str | None = None) -> tuple[str, str]:
    """Boots the standard programs, what the lines of init.list say, and a device that takes text to port 0xE9, until a text
    comes at the `log` or the `sink`, or in what the `serial driver` sent as the sink tells. Gives the serial line and the sink."""
    sink = witness(lab, r"d\sink", f"be-text={SINK}")
    listed = with_list(lab, lines, log)
    if policy is not None:
        listed = with_policy(lab, listed, policy)
    with boot(lab, [*listed, *files(lab), sink, *modules], icount=0) as machine:
        if at == "log":
            machine.wait_for(done, BOOT_SECONDS)
        elif at == "sink":
            wait_for_debug(machine, done)
        else:
            wait_until(lambda: serial_bytes(machine.debug_text()), done, "in the trace of the serial driver", BOOT_SECONDS)
    return machine.serial_text(), machine.debug_text()


def expect_lines(found: list[str], wanted: list[str]) -> None:
    """Line by line; in what is wanted, * stands for any number or address."""
    for number, form in enumerate(wanted):
        assert number < len(found), f"line {number + 1} is missing: {form}"
        pattern = re.escape(form).replace(r"\*", r"(?:0x)?[0-9a-f.]+s?")
        assert re.fullmatch(pattern, found[number]), f"line {number + 1} is {found[number]!r}, not {form!r}"
    assert len(found) == len(wanted), f"more than is wanted: {found[len(wanted):]}"


def said(size: int) -> str:
    """log_print of so many characters."""
    return f"log_write(level=LOG_INFORMATION, text=*, text_size={size}) = OK"


@system_test(seconds=60)
def test_hello_programs_do_what_their_sources_say(lab: Lab) -> None:
    r"""The system calls of a\hello and s\hello, from the first to the last, are those of their sources, line by line."""
    _, sink = run(lab, f"s\\trace t restart=never -- a\\hello s\\hello calls text={SINK}\n"
                       "a\\hello ha restart=never\ns\\hello hs restart=never\n", r"a\hello +++ exit code 0 +++", at="sink")
    delay = ["thread_delay(deadline_ns=* <unfinished ...>", "<... thread_delay resumed>) = OK"]
    end = ["process_exit(code=0) = ?", "+++ exit code 0 +++"]
    expect_lines(what(sink, r"s\hello"), [
        "--- process * is traced from now on ---", said(19),
        "physical_map(physical=0xb8000, pages=1, flags=0x0) = NOT_ALLOWED", said(33),
        "irq_listen(line=1) = NOT_ALLOWED", said(46),
        "process_downgrade(class=CLASS_DRIVER) = BAD_ARGUMENT", said(70),
        r"process_find(name=*, name_size=9) = OK id=d\console",
        r"process_terminate(id=d\console, code=0) = NOT_ALLOWED", said(25), r"process_sleep(id=d\console) = NOT_ALLOWED", said(35),
        r"process_find(name=*, name_size=7) = OK id=a\hello", *delay,
        r"process_sleep(id=a\hello) = OK", said(33), r"process_information(id=a\hello, information=*) = OK", said(17), *delay,
        r"process_wake(id=a\hello) = OK", said(23), *end])
    resources = [line for line in what(sink, r"a\hello")[3:8] if line.startswith("log_write(level=LOG_INFORMATION")]
    assert len(resources) == 5, str(resources)
    expect_lines(what(sink, r"a\hello"), [
        "--- process * is traced from now on ---", said(31), "process_information(id=SELF, information=*) = OK", *resources,
        "memory_allocate(pages=25, flags=0x0) = OK address=*", said(31), "memory_free(address=*, pages=25) = OK",
        r"process_find(name=*, name_size=9) = OK id=d\console", r"process_terminate(id=d\console, code=0) = NOT_ALLOWED", said(25),
        r"process_find(name=*, name_size=7) = OK id=s\hello", r"process_sleep(id=s\hello) = NOT_ALLOWED", said(33),
        "physical_map(physical=0xb8000, pages=1, flags=0x0) = NOT_ALLOWED", said(33),
        "system_power(action=POWER_OFF) = NOT_ALLOWED", said(34), *3 * [said(11), *delay], *end])


@system_test(seconds=60)
def test_times_and_order_are_those_of_the_log(lab: Lab) -> None:
    """Records come in the order of their times; a call that sleeps tells how long; what is said in between has the log's time."""
    serial, sink = run(lab, f"s\\trace t restart=never -- a\\w calls text={SINK}\na\\w w restart=never -- say=1 sleep=100 say=1\n",
                       r"a\w +++ exit code 0 +++", at="sink")
    lines = lines_of(sink)
    assert [line.seconds for line in lines] == sorted(line.seconds for line in lines)
    slept = next(re.search(r"<(\d+\.\d{6})>$", line.text)[1] for line in lines if "thread_delay resumed" in line.text)
    assert 0.099 <= float(slept) <= 0.103, slept
    told = [line.seconds for line in lines if line.text.startswith("log_write(")]
    logged = [record.seconds for record in records(serial) if record.name == r"a\w"]
    assert len(told) == len(logged) == 2 and all(0 <= b - a < 0.0001 for a, b in zip(told, logged)), f"{told} {logged}"


@system_test(seconds=60)
def test_ports_of_the_serial_driver(lab: Lab) -> None:
    r"""d\serial, traced: what it sends byte by byte is what comes over the line, behind a look at the transmitter; and its interrupts."""
    serial, sink = run(lab, f"a\\trace t restart=never -- d\\serial text={SINK}\na\\w w restart=never -- sleep=50 say=3 sleep=50 text=9\n",
                       r"a\w: 012345678", at="serial driver")
    done = what(sink, r"d\serial")
    accesses = ports(done)
    sent = serial_bytes(sink)
    for number in (1, 2, 3):
        expect_in(f"info a\\w: line {number}\r\n[", sent)
    whole = serial.encode("latin-1").decode("latin-1")
    begin = whole.replace("\r\n", "\n").find(sent.replace("\r\n", "\n")[:200])
    assert begin >= 0, f"not in the serial line: {sent[:200]!r}"
    expect_in(sent.replace("\r\n", "\n")[:-40], whole.replace("\r\n", "\n"))
    ready, room = False, 0
    for direction, port, width, value in accesses:
        assert width == 1 and 0x3F8 <= port <= 0x3FF, f"{direction} 0x{port:X}.{width}"
        if (direction, port) == ("in", 0x3FD):
            ready, room = bool(value & 0x20), 16
        elif (direction, port) == ("out", 0x3F8):
            assert ready and room > 0, "a byte is sent that the transmitter has no room for"
            room -= 1
    expect_in("--- irq id=4 count=1 ---", "\n".join(done))
    irqs = [number for number, line in enumerate(done) if line.startswith("--- irq id=4")]
    assert all(any(line.startswith("irq_acknowledge(line=4") for line in done[at:at + 40]) for at in irqs[:-1])


@system_test(seconds=60)
def test_ports_of_the_console_driver(lab: Lab) -> None:
    r"""d\console, traced: it sets the cursor by index and data, and to where the screen shows that the text ends."""
    sink = witness(lab, r"d\sink", f"be-text={SINK}")
    lines = f"a\\trace t restart=never -- d\\console ports text={SINK}\na\\w w restart=never -- sleep=50 say=30 sleep=50 say=1 sleep=50 say=1\n"
    with boot(lab, [*with_list(lab, lines, "screen serial"), *files(lab), sink], icount=0) as machine:
        wait_for_screen(machine, r"d\init: a\w ended")
        wait_for_debug(machine, "0x3D5")
    registers: dict[int, int] = {}
    index, cursors = -1, []
    for direction, port, width, value in ports(what(machine.debug_text(), r"d\console")):
        assert width == 1 and 0x3B0 <= port <= 0x3DF, f"{direction} 0x{port:X}.{width}"
        if (direction, port) == ("out", 0x3D4):
            index = value
        elif (direction, port) == ("out", 0x3D5):
            registers[index] = value
            if index in (14, 15) and {14, 15} <= registers.keys():
                cursors.append(registers[14] << 8 | registers[15])
    assert cursors and cursors[-1] - (registers.get(12, 0) << 8 | registers.get(13, 0)) == 24 * 80, f"{cursors[-5:]} {registers}"


@system_test(seconds=60)
def test_restarted_process_is_followed(lab: Lab) -> None:
    """A name is waited for, and traced again when its process was started again; a name that never comes harms nothing."""
    _, sink = run(lab, f"a\\trace t restart=never -- a\\later a\\never calls text={SINK}\na\\later w -- sleep=300 say=1 exit=5\n"
                       "a\\last w restart=never -- sleep=9500 say=1\n", r"a\last: line 1")
    lines = [line.text for line in lines_of(sink) if line.process == r"a\later"]
    ids = [match[1] for line in lines if (match := re.fullmatch(r"--- process (0x[0-9a-f]+) is traced from now on ---", line))]
    assert len(set(ids)) == len(ids) == 8, str(ids)
    assert lines.count("+++ exit code 5 +++") == 8
    assert sum(line.startswith("log_write(") for line in lines) == 8


@system_test(seconds=60)
def test_lost_records_are_counted(lab: Lab) -> None:
    """Of 5,000 accesses without a pause each is shown or told as lost, be it by the kernel or by the tracer, whose room is small."""
    knocker = witness(lab, r"d\knock", "sleep=50 knock=1 sleep=50 knock=5000 sleep=50 knock=1 say=1 stay")
    for room in (4096, 64):
        _, sink = run(lab, f"a\\trace t restart=never -- d\\knock ports records={room} seconds=1 summary text={SINK}\n",
                      r"a\trace ended: exit code 0", knocker)
        shown = ports(what(sink, r"d\knock"))
        assert set(shown) == {("in", 0x80, 1, shown[0][3])}, str(set(shown))
        lost = [int(match) for match in re.findall(r"--- (\d+) records lost ---", sink)]
        assert lost and len(shown) + sum(lost) == 5002, f"{len(shown)} shown, {lost} lost"
        expect_in(f"{len(shown)} port reads, {sum(lost)} records lost", sink)


@system_test(seconds=60)
def test_all_outputs_at_once(lab: Lab) -> None:
    """The same lines come to the screen, the serial line, the log, a device of text and a disk; after count=N records it ends with a summary."""
    outputs = f"screen serial log text={SINK} file=disks\\ram\\0"
    # The log has an output of its own, so that nothing but the trace comes to screen and line.
    serial, sink = run(lab, f"d\\virtual v -- ram=64\na\\trace t restart=never -- a\\w calls {outputs} count=12 summary\n"
                            "a\\w w restart=never -- sleep=100 say=5 stay\ns\\w w restart=never -- sleep=800 show=disks\\ram\\0 say=1\n",
                       r"s\w: line 1")
    wanted = [line for line in sink.splitlines() if "a\\w" in line]
    assert len(wanted) >= 7 and "log_write(" in wanted[3], sink
    assert "event_wait" not in sink, "the thirteenth record is shown"
    summary = sink.splitlines()[len(wanted):]
    assert summary[0].startswith("% time") and summary[-1] == "0 records lost", sink
    expect_in("total", summary[-2])
    logged = [text for text in texts(serial, r"a\trace")]
    on_disk = [text.removeprefix("disks\\ram\\0 has ") for text in texts(serial, r"s\w") if "has" in text]
    assert logged == sink.splitlines(), f"in the log: {logged}"
    assert on_disk == sink.splitlines(), f"on the disk: {on_disk}"
    for line in sink.splitlines():
        expect_in(line, serial.replace("\r\n", "\n"))
    expect_in(r"d\init: a\trace ended: exit code 0", serial)


@system_test(seconds=60)
def test_trace_without_an_output(lab: Lab) -> None:
    """Without an output, and without a standard output, the trace is in the log."""
    lines = "a\\trace t restart=never -- a\\w calls\na\\w w restart=never -- sleep=100 say=1 exit=9\n"
    with boot(lab, [*with_list(lab, lines, "serial"), *files(lab)], icount=0) as machine:
        machine.wait_for(r"a\w +++ exit code 9 +++", BOOT_SECONDS)
    expect_in("process_exit(code=9) = ?", "\n".join(texts(machine.serial_text(), r"a\trace")))


@system_test(seconds=60)
def test_loops_are_refused(lab: Lab) -> None:
    """The driver of an output, and with the log a\\log and what it prints to, are not traced: it is said once, and the others are."""
    refused = r"is not traced: this trace is printed to {}, which it serves, and each line would bring the next; choose another output"
    cases = [("screen", r"d\console", "screens\\text\\0"), ("serial", r"d\serial", "lines\\text\\0"), (f"text={SINK}", r"d\sink", SINK),
             ("log", r"a\log", "the log"), ("log", r"d\serial", "the log"), ("log", r"d\console", "the log")]
    for output, name, device in cases:
        serial, _ = run(lab, f"a\\trace t restart=never -- {name} a\\w {output} seconds=1\na\\w w restart=never -- sleep=100 say=1 stay\n",
                        r"a\trace ended: exit code 0", log="serial history=2000" if output != "log" else "screen serial")
        told = [record.text for record in records(serial) if record.name == r"a\trace" and record.level == "warn"]
        assert told == [f"{name} {refused.format(device)}"], f"{output} {name}: {told}"


@system_test(seconds=60)
def test_output_that_is_bound_to_a_traced_driver_ends_its_trace(lab: Lab) -> None:
    """If the name of an output leads to the driver that is traced from some time on, that is traced no longer."""
    binder = witness(lab, r"d\binder", rf"bind=tests\out,{SINK} sleep=200 say=1 stay")
    other = witness(lab, r"d\other", rf"be-text=tests\other")
    third = witness(lab, r"d\third", rf"sleep=400 bind=tests\out2,tests\other sleep=100 say=1 stay")
    serial, sink = run(lab, "a\\trace t restart=never -- d\\other text=tests\\out text=tests\\out2 seconds=1\n", r"a\trace ended: exit code 0",
                       other, binder, third)
    expect_in(r"binding tests\out2,tests\other: OK", serial)
    expect_in("--- process ", sink)
    expect_in(r"d\other is not traced: this trace is printed to tests\out2, which it serves", serial)


@system_test(seconds=60)
def test_mistakes_are_traced(lab: Lab) -> None:
    """Strikes and exceptions stand in the trace, with how the process ended."""
    _, sink = run(lab, f"a\\trace t restart=never -- d\\strike a\\write faults text={SINK}\nd\\strike w restart=never -- sleep=50 mistake=strike\n"
                       "a\\write w restart=never -- sleep=100 mistake=write\n", r"a\write +++", at="sink")
    strikes = what(sink, r"d\strike")
    assert len(strikes) == 18 and strikes[-1] == "+++ unloaded: too many strikes +++", str(strikes)
    assert all(re.fullmatch(r"--- strike: read of port 0x60 eip=0x[0-9a-f]{8} ---", line) for line in strikes[1:-1]), str(strikes)
    fault = what(sink, r"a\write")
    assert re.fullmatch(r"--- page fault error_code=0x6 address=0x00000000 eip=0x\w{8} esp=0x\w{8} ---", fault[1]), str(fault)
    expect_in("+++ ended by a fault (exception 14) +++", fault[2])


@system_test(seconds=60)
def test_events_have_words(lab: Lab) -> None:
    """Events stand behind the call that took them: who sent a message, which process ended."""
    _, sink = run(lab, f"a\\trace t restart=never -- s\\w events text={SINK}\ns\\w w restart=never -- sleep=50 watch=a\\w\n"
                       "a\\w w restart=never -- sleep=100 exit=6\n", r"s\w +++", at="sink")
    assert any(re.fullmatch(r"--- process exited id=(a\\w|0x\w+) exit code 6 ---", line) for line in what(sink, r"s\w")), sink


@system_test(seconds=60)
def test_wrong_arguments_are_told(lab: Lab) -> None:
    """What is wrong with arguments is said; without a name there is nothing to trace; a second tracer is refused."""
    serial, _ = run(lab, "a\\none t restart=never -- screen\n"
                         "a\\trace t restart=never -- a\\w a\\trace x\\y count=0 records=1 text= all seconds=2\n"
                         "a\\second t restart=never -- a\\w\na\\w w restart=never -- sleep=100 stay\n", r"a\trace ended: exit code 0",
                    policy="* manifest\n")
    expect_in(r"error a\none: there is nothing to trace: give names of processes, such as d\serial", serial)
    for word in ("x\\y", "count=0", "records=1", "text="):
        expect_in(f'argument "{word}" is skipped: known are ', serial)
    expect_in(r"warn a\trace: a\trace is not traced: that is this process itself", serial)
    expect_in(r"error a\second: nothing is traced: another process traces already", serial)
    expect_in(r"d\init: a\second ended: exit code 1", serial)


@system_test(seconds=60)
def test_trace_needs_its_right(lab: Lab) -> None:
    """A tracer whose policy gives it no right traces nothing, and says why."""
    serial, _ = run(lab, "a\\spy t restart=never -- a\\w screen\na\\w w restart=never -- stay\n", r"d\init: a\spy ended")
    expect_in(r"error a\spy: nothing is traced: the grant of this process has not RIGHT_TRACE", serial)


@system_test(seconds=60)
def test_ports_of_a_bios_are_seen_where_the_driver_does_them(lab: Lab) -> None:
    r"""With `trap-ports` a mode set's accesses by d\vesa's BIOS stand in the trace of its ports; without, the driver's own alone."""
    width_is_set = ("out", 0x1CF, 2, 640)                # DISPI's register of the width
    for argument, is_seen in (("trap-ports", True), ("report", False)):
        artist = program(lab, "artist", r"d\artist", "try=0x115 sleep=300 try=0x112 sleep=300 release sleep=300 kill")
        _, sink = run(lab, f"s\\trace t restart=never -- d\\vesa.isa ports text={SINK}\nd\\vesa.isa vesa restart=never -- {argument}\n",
                      r"d\vesa.isa +++", program(lab, "vesa", "file:vesa"), artist, at="sink")
        seen = ports(what(sink, r"d\vesa.isa"))
        assert ("out", 0x3C8, 1, 0) in seen, f"{len(seen)} accesses"     # the driver's own: colours of text, when that is set behind a mode
        assert (width_is_set in seen) == is_seen, f"{argument}: {[access for access in seen if access[1] in (0x1CE, 0x1CF)]}"
