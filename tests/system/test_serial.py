"""The serial lines of d\\serial: bytes both ways, text, settings, and clients that die."""

from __future__ import annotations

import hashlib
import os
import random
import re
import socket
import time

from boot import BOOT_SECONDS, boot, expect_in, file_module, program, standard, texts, wait_for_screen, wait_until, witness
from boot_entry import Module
from images import make_image
from lab import Lab, system_test
from qemu import Qemu

MEGABYTE = 1 << 20
WINDOW = 32 * 1024                      # bytes that are on their way at a time: more than the driver has room for
PIECE = 4096
POLL_SECONDS = 0.002
TRANSFER_SECONDS = 150.0
BOCHS_SECONDS = 120.0
STATISTICS = re.compile(r"received (\d+) sent (\d+) overruns (\d+) errors (\d+) breaks (\d+) waiting (\d+)")


def typist(lab: Lab, arguments: str, name: str = r"s\typist") -> Module:
    return program(lab, "typist", name, arguments)


def with_ports(lab: Lab, ports: str, log: str = "serial") -> list[Module]:
    """The standard programs, d\\serial with these ports."""
    return [program(lab, "serial", r"d\serial", f"ports={ports}") if module.name == r"d\serial" else module
            for module in standard(lab, log)]


class ExtraLine:
    """A serial port beside COM1: QEMU's arguments for it; what goes in and what comes out are files."""

    def __init__(self, lab: Lab, name: str, port: int, irq: int) -> None:
        path = lab.directory / name
        self.out = path.with_suffix(".out")
        self.out.touch()
        os.mkfifo(path.with_suffix(".in"))
        self._in = os.open(path.with_suffix(".in"), os.O_RDWR)
        self.arguments = ["-chardev", f"pipe,id={name},path={path}",
                          "-device", f"isa-serial,chardev={name},iobase={port:#x},irq={irq}"]

    def send(self, data: bytes) -> None:
        os.write(self._in, data)

    def __enter__(self) -> "ExtraLine":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._in)


def transfer(machine: Qemu, data: bytes) -> bytes:
    """Sends bytes to COM1 and takes what comes back: behind the dot that says that somebody is there."""
    wait_until(lambda: machine.serial_path.read_bytes().decode("latin-1"), ".", "on the line", BOOT_SECONDS)
    before = machine.serial_path.read_bytes().index(b".") + 1
    sent, deadline = 0, time.monotonic() + TRANSFER_SECONDS
    while (got := machine.serial_path.stat().st_size - before) < len(data):
        assert time.monotonic() < deadline, f"{sent} bytes were sent, {got} came back"
        if sent < len(data) and sent - got <= WINDOW - PIECE:
            machine.send_serial(data[sent:sent + PIECE])
            sent += PIECE
        else:
            time.sleep(POLL_SECONDS)
    return machine.serial_path.read_bytes()[before:]


@system_test(seconds=200)
def test_megabyte_both_ways_is_whole(lab: Lab) -> None:
    """A megabyte of all bytes comes in and goes out over COM1 at once, and not one is lost, damaged or out of order."""
    data = random.Random(1).randbytes(MEGABYTE)
    modules = [*standard(lab, "screen"), typist(lab, rf"line=lines\serial\0 echo={MEGABYTE} statistics stay")]
    with boot(lab, modules, icount=0, lifetime=200) as machine:
        back = transfer(machine, data)
        screen = wait_for_screen(machine, "waiting")
    assert hashlib.sha256(back).digest() == hashlib.sha256(data).digest(), \
        f"{len(back)} bytes, the first that differs is {next((i for i, (a, b) in enumerate(zip(back, data)) if a != b), None)}"
    counts = STATISTICS.search(screen)
    assert counts is not None, screen
    assert [int(count) for count in counts.groups()] == [MEGABYTE, MEGABYTE + 1, 0, 0, 0, 0], counts[0]


@system_test(seconds=40)
def test_text_ends_its_lines(lab: Lab) -> None:
    """lines\\text\\0 ends lines with \\r\\n, lines\\serial\\0 sends bytes as they are, and both keep their order."""
    modules = [*standard(lab, "screen"), file_module(lab, "lines", "one\ntwo\n"), file_module(lab, "bytes", "\n\0\x80\xff\n"),
               typist(lab, r"text=lines\text\0 write=lines size describe line=lines\serial\0 write=bytes describe "
                           r"text=lines\text\0 write=lines say=done stay")]
    with boot(lab, modules) as machine:
        screen = wait_for_screen(machine, "done")
        assert machine.serial_path.read_bytes() == b"one\r\ntwo\r\n\n\0\x80\xff\none\r\ntwo\r\n", machine.serial_path.read_bytes()
    expect_in("0 columns, 0 rows", screen)
    expect_in(r"lines\text\0 is a text: COM1: 16550A with FIFO, 115200 8N1", screen)
    expect_in(r"lines\serial\0 is a line: COM1: 16550A with FIFO, 115200 8N1", screen)


@system_test(seconds=40)
def test_lines_have_the_numbers_of_their_ports(lab: Lab) -> None:
    """Of the ports in its argument d\\serial serves those where a line is, under their own numbers, and names the others."""
    modules = [*with_ports(lab, "2f8,3F8,3E8,2E8,123,"), file_module(lab, "text", "over COM2\n"),
               typist(lab, r"text=lines\text\1 write=text line=lines\serial\1 describe say=done stay")]
    with ExtraLine(lab, "com2", 0x2F8, 3) as com2, boot(lab, modules, arguments=com2.arguments) as machine:
        machine.wait_for("done", BOOT_SECONDS)
        assert com2.out.read_bytes() == b"over COM2\r\n", com2.out.read_bytes()
    serial = machine.serial_text()
    skipped = ('a port of argument "ports=2f8,3F8,3E8,2E8,123," is not known and skipped: '
               "its form is ports=3F8,2F8,3E8,2E8 or some of these")
    assert texts(serial, r"d\serial") == [
        skipped, skipped, "COM1: 16550A with FIFO, 115200 8N1, interrupt 4", "COM2: 16550A with FIFO, 115200 8N1, interrupt 3",
        "no serial line at port 0x3E8", "no serial line at port 0x2E8"], serial
    expect_in(r"lines\serial\1 is a line: COM2: 16550A with FIFO, 115200 8N1", serial)


@system_test(seconds=40)
def test_second_line_of_an_interrupt_works(lab: Lab) -> None:
    """COM1 and COM3 share an interrupt, and both send and receive."""
    modules = [*with_ports(lab, "3F8,3E8"), file_module(lab, "text", "x" * 4000),
               typist(lab, r"line=lines\serial\2 write=text read=1 say=done stay"),
               typist(lab, r"line=lines\serial\0 read=1 say=too stay", r"s\other")]
    with ExtraLine(lab, "com3", 0x3E8, 4) as com3, boot(lab, modules, arguments=com3.arguments) as machine:
        machine.wait_for("wrote text: OK", BOOT_SECONDS)
        machine.send_serial(b"a")
        machine.wait_for("too", BOOT_SECONDS)
        com3.send(b"b")
        machine.wait_for("done", BOOT_SECONDS)
        assert com3.out.read_bytes() == b"x" * 4000
    assert texts(machine.serial_text(), r"s\other") == ['read 1 bytes: OK, "a"', "too"]
    assert texts(machine.serial_text(), r"s\typist") == ["wrote text: OK", 'read 1 bytes: OK, "b"', "done"]


@system_test(seconds=40)
def test_readers_take_turns(lab: Lab) -> None:
    """While one reads another is told BUSY; when the first has died the next gets what comes."""
    modules = [*standard(lab), typist(lab, r"line=lines\serial\0 say=waits read=10 stay", r"a\first"),
               typist(lab, r"line=lines\serial\0 sleep=100 read=10 end=a\first read=10 stay", r"d\second")]
    with boot(lab, modules, icount=0) as machine:
        machine.wait_for(r"ended a\first: OK", BOOT_SECONDS)
        machine.send_serial(b"x")
        machine.wait_for('read 1 bytes: OK, "x"', BOOT_SECONDS)
    said = texts(machine.serial_text(), r"d\second")
    assert said == ['read 0 bytes: BUSY, ""', r"ended a\first: OK", 'read 1 bytes: OK, "x"'], str(said)
    assert texts(machine.serial_text(), r"a\first") == ["waits"]


@system_test(seconds=40)
def test_settings_are_set_or_refused(lab: Lab) -> None:
    """Settings that a UART has are set, others refused; initialising brings the first ones back."""
    modules = [*standard(lab, "screen"),
               typist(lab, r"line=lines\serial\0 configure=9600,7,2,2 describe configure=115200,8,0,1,1 describe configure=57601,8,0,1 "
                           r"configure=9600,9,0,1 configure=9600,8,3,1 configure=9600,8,0,0 configure=0,8,0,1 describe initialise "
                           r"describe say=done stay")]
    with boot(lab, modules) as machine:
        screen = wait_for_screen(machine, "done")
    said = re.findall(r"s\\typist: (.*?) *(?=\[|$)", screen)
    described = r"lines\serial\0 is a line: COM1: 16550A with FIFO, "
    assert said == [
        "configured 9600,7,2,2: OK", described + "9600 7E2", "configured 115200,8,0,1,1: OK", described + "115200 8N1, RTS/CTS",
        "configured 57601,8,0,1: BAD_ARGUMENT", "configured 9600,9,0,1: BAD_ARGUMENT", "configured 9600,8,3,1: BAD_ARGUMENT",
        "configured 9600,8,0,0: BAD_ARGUMENT", "configured 0,8,0,1: BAD_ARGUMENT", described + "115200 8N1, RTS/CTS",
        r"initialised lines\serial\0: OK", described + "115200 8N1", "done"], str(said)


@system_test(seconds=40)
def test_initialising_ends_a_read(lab: Lab) -> None:
    """Who waits for bytes when the line is initialised is told; what had come is gone; the line works."""
    modules = [*standard(lab), typist(lab, r"line=lines\serial\0 read=10 read=10 stay", r"s\reader"),
               typist(lab, r"line=lines\serial\0 sleep=200 initialise stay", r"s\other")]
    with boot(lab, modules, icount=0) as machine:
        machine.wait_for('read 0 bytes: DISCARDED, ""', BOOT_SECONDS)
        machine.wait_for(r"initialised lines\serial\0: OK", BOOT_SECONDS)
        machine.send_serial(b"y")
        machine.wait_for('read 1 bytes: OK, "y"', BOOT_SECONDS)


@system_test(seconds=40)
def test_unknown_lines_and_sizes_are_refused(lab: Lab) -> None:
    """d\\serial answers ABSENT for lines that it does not have, and refuses long writes and reads of nothing or too much."""
    modules = [*standard(lab), typist(lab, r"line=lines\serial\0 hostile text=lines\text\0 hostile say=done stay")]
    with boot(lab, modules) as machine:
        machine.wait_for("done", BOOT_SECONDS)
    said = texts(machine.serial_text(), r"s\typist")
    assert said == ["asked 57 questions, 0 answers were wrong", "asked 94 questions, 0 answers were wrong", "done"], str(said)


@system_test(seconds=40)
def test_reader_hears_of_the_driver_s_death(lab: Lab) -> None:
    """A read that was waiting when the driver ended is answered PEER_DIED; the next one is served by its next instance."""
    modules = [*standard(lab), typist(lab, r"line=lines\serial\0 read=10 read=10 stay", r"s\reader"),
               witness(lab, r"d\killer", r"wait=s\reader sleep=200 replace=d\serial say=1 stay")]
    with boot(lab, modules) as machine:
        first = machine.wait_for("COM1: ", BOOT_SECONDS)
        machine.wait_for('read 0 bytes: PEER_DIED, ""', BOOT_SECONDS)
        machine.wait_for("COM1: ", BOOT_SECONDS, first.end())
        machine.send_serial(b"z")
        machine.wait_for('read 1 bytes: OK, "z"', BOOT_SECONDS)


@system_test(seconds=60)
def test_flood_costs_no_byte_and_no_driver(lab: Lab) -> None:
    """64 KB that nobody reads for a while do not stop the machine, and all of them come when somebody reads."""
    data = random.Random(2).randbytes(64 * 1024)
    modules = [*standard(lab, "screen"), typist(lab, rf"line=lines\serial\0 say=ready sleep=1000 echo={len(data)} statistics stay"),
               witness(lab, r"a\w", "sleep=500 say=1 stay")]
    with boot(lab, modules) as machine:
        wait_for_screen(machine, "ready")
        machine.send_serial(data[:WINDOW])
        wait_for_screen(machine, r"a\w: line 1")
        machine.send_serial(data[WINDOW:])
        screen = wait_for_screen(machine, "waiting")
        back = machine.serial_path.read_bytes()
    assert back == b"." + data, f"{len(back)} bytes"
    counts = STATISTICS.search(screen)
    assert counts is not None and int(counts[3]) == 0, screen


@system_test(seconds=200)
def test_bytes_at_the_pace_of_the_line_are_whole_in_bochs(lab: Lab) -> None:
    """Bochs' UART takes the time that bytes take at 115200 baud: 16 KB come in and go out at once, and none is lost."""
    data = random.Random(3).randbytes(16 * 1024)
    image = lab.directory / "serial.iso"
    make_image(lab, image, [*with_ports(lab, "3F8,2F8"), typist(lab, rf"line=lines\serial\1 echo={len(data)} statistics stay")])
    with socket.create_server(("localhost", 0)) as host, lab.bochs(cdrom=image, com2_port=host.getsockname()[1]) as machine:
        host.settimeout(BOCHS_SECONDS)
        connection, _ = host.accept()
        with connection:
            connection.settimeout(BOCHS_SECONDS)
            assert connection.recv(1) == b"."
            connection.sendall(data)
            back = bytearray()
            while len(back) < len(data):
                piece = connection.recv(PIECE)
                assert piece, f"{len(back)} bytes came back"
                back += piece
        machine.wait_for("waiting", BOCHS_SECONDS)
    assert bytes(back) == data
    expect_in(f"received {len(data)} sent {len(data) + 1} overruns 0 errors 0 breaks 0 waiting 0", machine.serial_text())


@system_test(seconds=60)
def test_line_without_its_interrupt_is_slow_and_works(lab: Lab) -> None:
    """A UART whose interrupt does not come sends and receives all the same."""
    modules = [*with_ports(lab, "3F8,2F8"), file_module(lab, "text", "y" * 1000),
               typist(lab, r"line=lines\serial\1 write=text read=1 read=1 say=done stay")]
    with ExtraLine(lab, "com2", 0x2F8, 5) as com2, boot(lab, modules, arguments=com2.arguments) as machine:
        machine.wait_for("wrote text: OK", BOOT_SECONDS)
        com2.send(b"ab")
        machine.wait_for("done", BOOT_SECONDS)
        assert com2.out.read_bytes() == b"y" * 1000
    assert texts(machine.serial_text(), r"s\typist") == ["wrote text: OK", 'read 1 bytes: OK, "a"', 'read 1 bytes: OK, "b"', "done"]


@system_test(seconds=40)
def test_no_line_is_told(lab: Lab) -> None:
    """Without a line d\\serial says so and ends with the exit code for absent hardware; the log goes on on the screen."""
    modules = [*standard(lab, "screen serial"), witness(lab, r"a\w", "sleep=200 say=1 stay")]
    with boot(lab, modules, serial=False) as machine:
        screen = wait_for_screen(machine, r"a\w: line 1")
    expect_in(r"d\serial: no serial line at port 0x3F8", screen)
    expect_in(r"d\serial ended: its hardware is not in this machine", screen)
