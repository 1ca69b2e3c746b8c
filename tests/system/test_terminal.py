"""The terminal of d\\console: what programs write to screens\\text\\0, cell by cell on the adapter."""

from __future__ import annotations

import re
from collections.abc import Callable

from boot import BOOT_SECONDS, boot, file_module, program, standard, texts, wait_until, witness
from boot_entry import Module
from images import make_image
from lab import Lab, system_test
from machine import Machine
from qemu import Qemu
from screen import CELLS, COLUMNS, ROWS, Screen, parse_memory_dump

NORMAL = 0x07
BOCHS_SECONDS = 100.0
MONOCHROME_BASE = 0xB0000

CRTC = 0x3D4
CURSOR_FIRST, START_HIGH, START_LOW, CURSOR_HIGH, CURSOR_LOW = 10, 12, 13, 14, 15
CURSOR_HIDDEN = 0x20


class Canvas:
    """A screen as it should be."""

    def __init__(self, background: int = 0) -> None:
        self.cells = [background << 12 | 0x0720] * CELLS

    def put(self, row: int, column: int, text: str | bytes, attribute: int = NORMAL) -> "Canvas":
        data = text.encode("cp437") if isinstance(text, str) else text
        for place, character in enumerate(data, row * COLUMNS + column):
            self.cells[place] = attribute << 8 | character
        return self

    def expect(self, screen: Screen) -> None:
        wrong = [f"{place // COLUMNS},{place % COLUMNS}: {cell:04x} instead of {wanted:04x}"
                 for place, (cell, wanted) in enumerate(zip(screen.cells, self.cells, strict=True)) if cell != wanted]
        assert not wrong, "\n".join([f"{len(wrong)} cells are wrong:", *wrong[:20], "the screen shows:", screen.text])


# ---- Three demonstrations of all that docs/terminal.md lists ----

CURSOR = (b"\033c"
          b"home\033[2;3Hhere\033[AU\033[2BD\033[3CR\033[9DL"          # H A B C D
          b"\033[2Enext\033[Fbefore\033[20Gc20\033[7dr7"               # E F G d
          b"\033[9;9f9;9\033[2er\033[2aC\033[40`H"                     # f e a `
          b"\033[12H\tone\t\ttwo\033[3Zback\033[2Itab"                 # HT, Z, I
          b"\033[13;5H\033H\r\033[3g\033[13;7H\033H\r\tstop"           # H and g of tab stops
          b"\033[14;1H\033[31m\0337\033[14;70H\033[m\0338restored\033[m"     # ESC 7 8
          b"\033[15;9H\033[s\033[H\033[ukept"                          # s u
          b"\033[16;78Hwraps\033[17;78H\033[?7lkeeps\033[?7h"          # the end of a row, with and without wrap
          b"\033[19;1Hback\b\b\bX\rY\nline\033Dindex\033Erow\033M\033M\033Mup"     # BS CR LF, ESC D E M
          b"\033[24;1Ha\033[5b\v\033[25;80Hx")                         # b VT, and no scrolling at the last cell

CURSOR_CANVAS = (Canvas().put(0, 0, "home").put(1, 2, "here").put(0, 6, "U").put(2, 7, "D").put(2, 11, "R").put(2, 3, "L")
                 .put(4, 0, "next").put(3, 0, "before").put(3, 19, "c20").put(6, 22, "r7")
                 .put(8, 8, "9;9").put(10, 11, "r").put(10, 14, "C").put(10, 39, "H")
                 .put(11, 8, "one").put(11, 24, "two").put(11, 8, "back").put(11, 24, "tab")
                 .put(12, 6, "stop").put(13, 0, "restored", 0x04).put(14, 8, "kept")
                 .put(15, 77, "wra").put(16, 0, "ps").put(16, 77, "kes")
                 .put(18, 0, "YXck").put(19, 0, "line").put(20, 4, "index").put(21, 0, "row").put(18, 3, "up")
                 .put(23, 0, "aaaaaa").put(24, 79, "x"))

STYLES = (b"\033c"
          + b"".join(b"\033[%d;1H\033[3%dmdark\033[9%dmbright\033[0;4%dmon\033[10%dmon bright" % (n + 1, n, n, n, n)
                     + b"\033[39;49m." for n in range(8))
          + b"\033[10;1H\033[1mbold\033[22m \033[2mdim\033[22m \033[4munder\033[24m \033[5mblink\033[25m \033[7mreverse\033[27m ."
          + b"\033[11;1H\033[1;31mred\033[7mreverse\033[m.\033[33;44;7mboth\033[27mturns\033[0m."
          + b"\033[12;1H\033[38;5;9mnine\033[38;5;21mcube\033[48;5;250mgrey\033[48;2;0;0;170mtrue\033[38;2;255;255;85mcolour\033[m."
          + b"\033[13;1H\033[44m\033[Kerased in blue\033[m\033[14;1H\033[101m\033[10X\033[m"
          + b"\033[?25l")

_DARK = [0, 4, 2, 6, 1, 5, 3, 7]


def _styles_canvas() -> Canvas:
    canvas = Canvas()
    for row, colour in enumerate(_DARK):
        canvas.put(row, 0, "dark", colour).put(row, 4, "bright", colour | 8).put(row, 10, "on", colour << 4 | 7)
        canvas.put(row, 12, "on bright", (colour | 8) << 4 | 7).put(row, 21, ".")
    canvas.put(9, 0, "bold", 0x0F).put(9, 5, "dim", 0x08).put(9, 9, "under", 0x03).put(9, 15, "blink", 0x87)
    canvas.put(9, 21, "reverse", 0x70).put(9, 29, ".")
    canvas.put(10, 0, "red", 0x0C).put(10, 3, "reverse", 0xC0).put(10, 10, ".").put(10, 11, "both", 0x61).put(10, 15, "turns", 0x16)
    canvas.put(10, 20, ".").put(11, 0, "nine", 0x0C).put(11, 4, "cube", 0x01).put(11, 8, "grey", 0x71).put(11, 12, "true", 0x11)
    canvas.put(11, 16, "colour", 0x1E).put(11, 22, ".").put(12, 0, "erased in blue".ljust(COLUMNS), 0x17).put(13, 0, " " * 10, 0xC7)
    return canvas


EDITING = (b"\033c"
           + b"".join(b"\033[%d;1Hrow %c" % (row + 1, b"a"[0] + row) for row in range(ROWS))
           + b"\033[2;1H\033[L\033[4;1H\033[2M"                                             # L M
           + b"\033[6;10r\033[2S\033[T\033[6;1H\033Mback\033[10;1H\ninto"                   # r S T, ESC M and LF in a region
           + b"\033[?6h\033[2;5Hregion\033[?6l\033[r"                                       # the region as the origin
           + b"\033[12;1H0123456789\033[12;4H\033[2@\033[12;10H\033[P\033[4h\033[1Gins\033[4l"      # @ P, insertion
           + b"\033[13;1H0123456789\033[13;4H\033[3X\033[14;1H0123456789\033[14;4H\033[K"   # X K
           + b"\033[15;1H0123456789\033[15;4H\033[1K\033[16;1H0123456789\033[2Kgone"        # 1K 2K
           + b"\033[17;1H\033(0lqk\033(B \033)0\016mqj\017 mqj"                             # line graphics
           + b"\033[18;1Ha\033[6nb\033[cc\033[?1049hd\033]0;title\ae\033P1$r\033\\f\033[4:3mg\033[31\030h\033[5;6;7yi\a"
           + b"\033[22;5H\033[J\033[20;1Hlast\033[3J")                                      # J

EDITING_ROWS = ["row a", "", "row b", "row e", "row f",
                "", "row region", "row j", "row k", "into",
                "row l", "ins012  345689", "012   6789", "012", "    456789",
                "          gone", "┌─┐ └─┘ mqj", "abcdefghi", "row t", "lastu",
                "row v", "row "]


def _editing_canvas() -> Canvas:
    canvas = Canvas()
    for row, text in enumerate(EDITING_ROWS):
        canvas.put(row, 0, text)
    return canvas


DEMONSTRATIONS = {"cursor": (CURSOR, CURSOR_CANVAS), "styles": (STYLES, _styles_canvas()), "editing": (EDITING, _editing_canvas())}


# ---- Machines ----

def typist(lab: Lab, arguments: str, name: str = r"s\typist") -> Module:
    return program(lab, "typist", name, arguments)


def text_module(lab: Lab, path: str, data: bytes) -> Module:
    return file_module(lab, path, data)


def port_read(machine: Qemu, port: int) -> int:
    return int(re.search(r"= (0x[0-9a-f]+)", machine.qmp.monitor(f"i /b {port:#x}"))[1], 16)     # type: ignore[index]


def port_write(machine: Qemu, port: int, value: int) -> None:
    machine.qmp.monitor(f"o /b {port:#x} {value:#x}")


def crtc_read(machine: Qemu, index: int) -> int:
    port_write(machine, CRTC, index)
    return port_read(machine, CRTC + 1)


def crtc_write(machine: Qemu, index: int, value: int) -> None:
    port_write(machine, CRTC, index)
    port_write(machine, CRTC + 1, value)


def cursor(machine: Qemu) -> tuple[int, int]:
    return divmod(crtc_read(machine, CURSOR_HIGH) << 8 | crtc_read(machine, CURSOR_LOW), COLUMNS)


def demonstrate(lab: Lab, name: str) -> list[Module]:
    return [*standard(lab), text_module(lab, name, DEMONSTRATIONS[name][0]),
            typist(lab, rf"text=screens\text\0 write={name} stay")]


@system_test(seconds=60)
def test_demonstration_is_shown(lab: Lab) -> None:
    """Every sequence that the terminal obeys, and some that it must swallow, leave on the adapter what they should, to the cell."""
    for name, (_, canvas) in DEMONSTRATIONS.items():
        with boot(lab, demonstrate(lab, name)) as machine:
            machine.wait_for(f"wrote {name}: OK", BOOT_SECONDS)
            canvas.expect(machine.screen_text())
            hidden = crtc_read(machine, CURSOR_FIRST) & CURSOR_HIDDEN
            assert bool(hidden) == (name == "styles"), f"{name}: cursor first {hidden:#x}"
            if name == "cursor":
                assert cursor(machine) == (24, 79), str(cursor(machine))


@system_test(seconds=160)
def test_demonstration_is_shown_in_bochs(lab: Lab) -> None:
    """In Bochs, too, every style is on the adapter what it should be."""
    image = lab.directory / "styles.iso"
    make_image(lab, image, demonstrate(lab, "styles"))
    with lab.bochs(cdrom=image) as machine:
        machine.wait_for("wrote styles: OK", BOCHS_SECONDS)
        DEMONSTRATIONS["styles"][1].expect(machine.screen_text())


@system_test(seconds=40)
def test_backgrounds_are_bright(lab: Lab) -> None:
    """The attribute controller of a VGA does not blink, and is left so that the next access finds its index."""
    with boot(lab, demonstrate(lab, "styles")) as machine:
        machine.wait_for("wrote styles: OK", BOOT_SECONDS)
        port_read(machine, 0x3DA)
        port_write(machine, 0x3C0, 0x30)
        mode = port_read(machine, 0x3C1)
        assert mode & 0x08 == 0 and mode & 0x01 == 0, f"mode {mode:#x}"


@system_test(seconds=40)
def test_unknown_devices_and_sizes_are_refused(lab: Lab) -> None:
    """d\\console answers ABSENT for devices that it does not have, TOO_BIG for texts that are too long, and tells its size."""
    with boot(lab, [*standard(lab), typist(lab, r"text=screens\text\0 size describe hostile initialise say=done stay")]) as machine:
        machine.wait_for("done", BOOT_SECONDS)
    said = texts(machine.serial_text(), r"s\typist")
    assert said == [r"asked the size of screens\text\0: OK", "80 columns, 25 rows",
                    r"screens\text\0 is a text: text screen of a VGA, 80 by 25, 16 colours",
                    "asked 37 questions, 0 answers were wrong", r"initialised screens\text\0: OK", "done"], str(said)


# ---- What others have written ----

@system_test(seconds=40)
def test_kernel_and_terminal_share_the_screen(lab: Lab) -> None:
    """What the kernel prints early, without an a\\log, and what a program writes stand one below the other on the screen."""
    modules = [program(lab, "console", r"d\console"), text_module(lab, "text", b"from a program\n\033[31mred\033[m\n"),
               typist(lab, r"text=screens\text\0 say=first write=text say=second write=text say=third stay")]
    with boot(lab, modules, "early=vga,serial") as machine:
        machine.wait_for("third", BOOT_SECONDS)
        screen = wait_until(lambda: machine.screen_text().text, "third", "on the screen", BOOT_SECONDS)
    rows = [row for row in screen.splitlines() if row]
    assert any(row.endswith(r"s\typist: first") for row in rows), screen
    start = next(number for number, row in enumerate(rows) if row.endswith(r"s\typist: first"))
    shown = [re.sub(r"^\[.*\] ", "", row) for row in rows[start:start + 9]]
    written = ["from a program", "red", r"info s\typist: wrote text: OK"]
    assert shown == [r"info s\typist: first", *written, r"info s\typist: second", *written, r"info s\typist: third"], screen


def restart(lab: Lab, change: Callable[[Qemu], None]) -> Qemu:
    """A machine whose screen shows `old 0` to `old 19`; then the adapter was changed, and the next d\\console wrote."""
    modules = [*standard(lab), text_module(lab, "old", b"\033[2J\033[H" + b"".join(b"old %d\n" % row for row in range(20))),
               text_module(lab, "new", b"\033[1mnew\033[m \033[4mline\033[m \033[34mblue\033[m"),
               typist(lab, r"text=screens\text\0 write=old line=lines\serial\0 say=ready await end=d\console sleep=50 "
                           r"text=screens\text\0 write=new stay", r"d\typist")]
    machine = boot(lab, modules).start()
    machine.wait_for("ready", BOOT_SECONDS)
    change(machine)
    machine.send_serial(b"x")
    machine.wait_for("wrote new: OK", BOOT_SECONDS)
    return machine


@system_test(seconds=40)
def test_moved_screen_is_taken_over(lab: Lab) -> None:
    """A screen that begins in the middle of the adapter's memory is moved to its begin, and text goes on below it."""
    def change(machine: Qemu) -> None:
        crtc_write(machine, START_LOW, COLUMNS)
        crtc_write(machine, CURSOR_FIRST, CURSOR_HIDDEN)

    machine = restart(lab, change)
    canvas = Canvas()
    for row in range(1, 20):
        canvas.put(row - 1, 0, f"old {row}")
    canvas.put(19, 0, "new", 0x0F).put(19, 4, "line", 0x03).put(19, 9, "blue", 0x01)
    canvas.expect(machine.screen_text())
    assert (crtc_read(machine, START_HIGH), crtc_read(machine, START_LOW)) == (0, 0)
    assert cursor(machine) == (19, 13) and crtc_read(machine, CURSOR_FIRST) & CURSOR_HIDDEN == 0


@system_test(seconds=40)
def test_monochrome_adapter_is_used(lab: Lab) -> None:
    """On a VGA that is a monochrome adapter text goes to its other address, and underlined text is underlined."""
    def change(machine: Qemu) -> None:
        port_write(machine, 0x3C2, 0x66)                # miscellaneous output: the CRTC answers at 3B4
        port_write(machine, 0x3CE, 6)
        port_write(machine, 0x3CF, 0x0A)                # graphics controller: memory at B0000

    machine = restart(lab, change)
    canvas = Canvas()
    for row in range(20):
        canvas.put(row, 0, f"old {row}")
    canvas.put(20, 0, "new", 0x0F).put(20, 4, "line", 0x01).put(20, 9, "blue", 0x07)
    canvas.expect(parse_memory_dump(machine.qmp.monitor(f"xp /{CELLS}hx {MONOCHROME_BASE:#x}")))


@system_test(seconds=40)
def test_no_adapter_is_told(lab: Lab) -> None:
    """Without an adapter d\\console says so and ends with the exit code for absent hardware; the log goes on on the line."""
    modules = [*standard(lab, "screen serial"), witness(lab, r"s\w", "sleep=200 say=1 stay")]
    with boot(lab, modules, vga="none") as machine:
        machine.wait_for(r"s\w: line 1", BOOT_SECONDS)
    serial = machine.serial_text()
    assert texts(serial, r"d\console")[0] == "there is no adapter with a text screen", serial
    assert r"d\console ended: its hardware is not in this machine" in serial, serial
