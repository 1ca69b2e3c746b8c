"""The documentation is true: its commands run, its programs compile and do what the page says, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from adapters import ADAPTERS
from boot import BOOT_SECONDS, boot, expect_in, records, standard, wait_until, with_policy
from boot_entry import TREE
from displays import expect_shown, expect_text
from lab import Lab, system_test
from picture import Picture
from qemu import Qemu
from shell import run, succeed
from test_card import card_rows

PAGES = [TREE / "README.md", *sorted((TREE / "docs").glob("*.md"))]

_NAMED_BLOCK = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LOG_LINE = re.compile(r"^    \[ *\d+\.\d{6}\] (?:info|warn|error) (\S+): ([^\n]*)$", re.MULTILINE)
_C_BLOCK = re.compile(r"(?<!`:\n\n)^```c\n(.*?)^```$", re.MULTILINE | re.DOTALL)        # without a name: a piece of some file
_PIECE = re.compile(f"{_NAMED_BLOCK.pattern}|{_SHELL_BLOCK.pattern}|{_LOG_LINE.pattern}", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([\w-]+))?\)")
_USAGE = re.compile(r"[…|]")           # such a line shows a form, not a command


def page(name: str) -> str:
    return (TREE / "docs" / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Command:
    page: str
    line: str


def commands() -> list[Command]:
    """Every line of every shell block; lines that end in a backslash are joined to the next."""
    return [Command(path.name, line) for path in PAGES for block in _SHELL_BLOCK.findall(path.read_text(encoding="utf-8"))
            for line in block.replace("\\\n", "").splitlines() if line.strip()]


def workshop(lab: Lab) -> Path:
    """A folder that looks like the tree to who types commands in it, and takes what they make."""
    folder = lab.directory / "tree"
    folder.mkdir()
    for name in ("tools", "iso", "tests"):
        (folder / name).symlink_to(TREE / name)
    (folder / "build").symlink_to(lab.build)
    return folder


def do(line: str, folder: Path) -> None:
    """Runs a page's command as it stands, but with warnings as errors, and without a menu that waits for somebody."""
    line = line.replace("ternion-cc ", "ternion-cc -Wall -Werror ")
    succeed(["sh", "-ec", re.sub(r"(tools/mkimage (?:iso|floppy|disk))", r"\1 --menu-timeout 0", line)], folder)


def work_through(lab: Lab, name: str, expected: dict[str, list[str]], arguments: tuple[str, ...] = ()) -> Path:
    """Does what a page says, from its first block to its last: writes its files, runs its commands, boots its images.

    expected: by image, what each boot of it must say, in the order in which the page makes it; arguments: QEMU's. Gives the folder
    where it was done.
    """
    folder, left = workshop(lab), {image: list(texts) for image, texts in expected.items()}
    for file, text in _NAMED_BLOCK.findall(page(name)):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    for command in commands():
        if command.page != name or command.line.startswith("make ") or _USAGE.search(command.line):
            continue
        do(command.line, folder)
        image = re.search(r"mkimage .*-o (\S+)", command.line)
        if image is not None:
            boots(lab, folder / image[1], left[image[1]].pop(0), arguments)
    assert not any(left.values()), f"the page makes fewer images: {left}"
    return folder


def shown_by(text: str, program: str) -> str:
    """A pattern for all that a page shows of a program, line by line."""
    return r"\n(?:.*\n)*?.*?".join(rf"{re.escape(name)}: {re.escape(said)}" for name, said in _LOG_LINE.findall(text) if name == program)


def boots(lab: Lab, image: Path, text: str, arguments: tuple[str, ...] = ()) -> None:
    with lab.qemu(cdrom=image, arguments=arguments) as machine:
        machine.wait_for(re.compile(text), BOOT_SECONDS)


@dataclass(frozen=True)
class Run:
    """A line `make run image=FILE qemu_options='…'` of a page, and the lines of the log that the page shows behind it."""

    image: str
    arguments: tuple[str, ...]
    shown: list[str] = field(default_factory=list)

    @property
    def pattern(self) -> str:
        return r".*\n(?:.*\n)*?.*?".join(any_numbers(line) for line in self.shown)


def run_of(line: str) -> Run:
    said = dict(word.split("=", 1) for word in shlex.split(line)[2:])
    return Run(said["image"], tuple(shlex.split(said.get("qemu_options", ""))))


def work_through_to_the_letter(lab: Lab, name: str, looks: dict[str, Callable[[Qemu, Run], None]]) -> int:
    """As work_through; but what is booted, and how, and what is said then, is all the page's. Gives the number of boots.

    looks: by image, what is done when its first line was said.
    """
    folder, todo = workshop(lab), [match.groups() for match in _PIECE.finditer(page(name))]
    runs: list[Run] = []
    for at, (file, text, shell, *_) in enumerate(todo):
        if file:
            (folder / file).write_text(text, encoding="utf-8")
        for line in (shell or "").replace("\\\n", "").splitlines():
            if not line.startswith("make run "):
                do(line, folder)
                continue
            runs.append(run_of(line))
            for _, _, _, program, said in todo[at + 1:]:
                if program is None:
                    break
                runs[-1].shown.append(f"{program}: {said}")
            does_as_shown(lab, folder, runs[-1], looks)
    return len(runs)


def does_as_shown(lab: Lab, folder: Path, booted: Run, looks: dict[str, Callable[[Qemu, Run], None]]) -> None:
    assert booted.shown, f"the page does not show what {booted.image} says"
    with lab.qemu(cdrom=folder / booted.image, megabytes=64, arguments=booted.arguments) as machine:
        machine.wait_for(re.compile(any_numbers(booted.shown[0])), BOOT_SECONDS)
        if booted.image in looks:
            looks[booted.image](machine, booted)
        machine.wait_for(re.compile(booted.pattern), BOOT_SECONDS)


@system_test(seconds=90)
def test_first_program_page(lab: Lab) -> None:
    """docs/first-program.md: its programs compile without a warning, boot as it says, and say what it shows."""
    for name, text in _LOG_LINE.findall(page("first-program.md")):
        assert name in (r"a\first", r"a\sums") and text, "the page shows what another program says: say here how it is checked"
    sums = shown_by(page("first-program.md"), r"a\sums")
    assert sums.count("sums") == 4
    work_through(lab, "first-program.md", {
        "first.iso": [r"a\\first: hello, moon\n(.*\n)*.*a\\first: hello, stars\n(.*\n)*.*a\\first: up for \d+ ms",
                      r"d\\init: started a\\first\n(.*\n)*.*a\\first: hello, moon\n(.*\n)*.*d\\init: a\\first ended: exit code 0"],
        "sums.iso": [sums], "adder.iso": [r"a\\add: the sum is 40"]})


@system_test(seconds=90)
def test_sdk_page(lab: Lab) -> None:
    """docs/sdk.md: what it shows of autoconf and CMake builds programs, and they say what it shows; the SDK has all that it names."""
    greet, plot = (shown_by(page("sdk.md"), name) for name in (r"a\greet", r"a\plot"))
    assert greet.count("greet") == 2 and plot.count("plot") == 5
    work_through(lab, "sdk.md", {"greet.iso": [greet], "plot.iso": [plot]})
    for name in re.findall(r"^\| `([a-z][\w/.-]+)`", page("sdk.md"), re.MULTILINE):
        assert (lab.build / "sdk" / name).exists(), f"the SDK has no {name}"
    tools = re.search(r"^\| `bin/ternion-ar`(.*?)\|", page("sdk.md"), re.MULTILINE)
    assert tools is not None
    for tool in re.findall(r"`-(\w+)`", tools[1]):
        succeed([lab.build / "sdk" / "bin" / f"ternion-{tool}", "--version"])


@system_test(seconds=90)
def test_ports_page(lab: Lab) -> None:
    """docs/ports.md: Lua runs the script that it shows, tcc compiles the program that it shows, and both say what they should."""
    text = page("ports.md")
    lua, hello = shown_by(text, r"s\lua"), shown_by(text, r"s\hello")
    assert "5\\.4" in lua and hello.count("hello") == 3, f"{lua} {hello}"
    work_through(lab, "ports.md", {"lua.iso": [lua.rstrip("\\ ")], "tcc.iso": [hello]})
    for name in re.findall(r"`([a-z_]+/[\w.]+)`", "".join(re.findall(r"^\| (?:Lua|zlib|tcc) \|.*$", text, re.MULTILINE))):
        assert (lab.build / "ports" / name).exists(), f"make ports makes no {name}"


@system_test(seconds=60)
def test_c_library_page(lab: Lab) -> None:
    """docs/libc.md: its program compiles without a warning, spawns itself, and says what the page shows."""
    lines = r"\n(.*\n)*.*".join(rf"{re.escape(name)}: {text}" for name, text in _LOG_LINE.findall(page("libc.md")))
    assert "words" in lines
    work_through(lab, "libc.md", {"words.iso": [lines]})


@system_test(seconds=60)
def test_messages_page(lab: Lab) -> None:
    """docs/messages.md: its server and client compile without a warning, boot, and say what it shows."""
    shown = [text for name, text in _LOG_LINE.findall(page("messages.md")) if name == r"a\note"]
    assert len(shown) > 3
    lines = r"\n(.*\n)*.*".join(rf"a\\note: {re.escape(text)}" for text in shown)
    work_through(lab, "messages.md", {"notes.iso": [lines]})


@system_test(seconds=60)
def test_driver_page(lab: Lab) -> None:
    """docs/driver.md: its driver compiles without a warning, boots, and reads the clock."""
    work_through(lab, "driver.md", {
        "clock.iso": [r"d\\rtc: this BIOS is of \d\d/\d\d/\d\d\n(.*\n)*.*d\\rtc: it is \d\d:\d\d:\d\d\n"]})


@system_test(seconds=120)
def test_devices_page(lab: Lab) -> None:
    """docs/devices.md: its stream is read, goes on while its name is bound elsewhere, and does what streams promise."""
    between = r"\n(.*\n)*.*a\\peek: "
    work_through(lab, "devices.md", {
        "letters.iso": [between.join([r"a\\peek: 41 42 43 44", "00 00 00 00", "41 42 43 44"])],
        "check.iso": [r"s\\conformance: DONE passed=\d\d failed=0"]})


@system_test(seconds=60)
def test_display_page(lab: Lab) -> None:
    """docs/display.md: its program compiles without a warning, draws, and gives the screen back; its picture is shown."""
    shown = [rf"{re.escape(name)}: {re.escape(text)}" for name, text in _LOG_LINE.findall(page("display.md")) if name in (r"a\rainbow", r"a\picture")]
    assert len(shown) == 4
    between = r"\n(.*\n)*.*"
    work_through(lab, "display.md", {"rainbow.iso": [between.join(shown[:2])], "picture.iso": [between.join(shown[2:])]})


@system_test(seconds=60)
def test_pci_page(lab: Lab) -> None:
    """docs/pci.md: its driver compiles without a warning, is started for its function, and is interrupted."""
    wanted = (r"d\\pci: 00:\w\w.0, 1234:11e8: the driver is d\\edu\n(.*\n)*.*d\\edu: identification 010000ed, interrupt \d+\n"
              r"(.*\n)*.*d\\edu: interrupted for cause 1\n")
    work_through(lab, "pci.md", {"edu.iso": [wanted]}, ("-device", "edu"))


@system_test(seconds=60)
def test_vm86_page(lab: Lab) -> None:
    """docs/vm86.md: the call that it shows is shown so, and mode sets are counted."""
    shown = [f"{name}: {line}" for name, line in _LOG_LINE.findall(page("vm86.md"))]
    assert len(shown) == 5, f"{shown}"
    between = r".*\n(?:.*\n)*?.*?"
    work_through(lab, "vm86.md", {"bios.iso": [between.join(any_numbers(line) for line in shown)],
                                  "modes.iso": [between.join([r"a\\to-graphics: int 10h ax=4f02: OK", r"a\\to-graphics: instructions: \d+"])]})


def _pattern_of_draw() -> Picture:
    """What draw.c of docs/vesa-driver.md draws."""
    return Picture(800, 600, bytes(value for y in range(600) for x in range(800) for value in (x & 255, y & 255, (x ^ y) & 255)))


def _look_at_draw(machine: Qemu, booted: Run) -> None:
    adapter = ADAPTERS["isa-cirrus" if "cirrus" in booted.arguments else "std"]
    expect_shown(machine, _pattern_of_draw(), f"draw.c with {booted.arguments}")
    machine.send_key("spc")
    machine.wait_for(r"d\probe: text again", BOOT_SECONDS)
    expect_text(adapter, machine, r"d\probe: drawn in mode 115", r"d\probe: text again")


def _look_at_card(machine: Qemu, booted: Run) -> None:
    machine.wait_for(re.compile(r"d\\vesa: VBE .* modes\n"), BOOT_SECONDS)
    rows = card_rows(800, 600)
    card = Picture(800, 600, b"".join(colour.to_bytes(3, "big") for row in rows for colour in row))
    expect_shown(machine, card, "a\\modes, on the page's driver")
    machine.send_key("spc")
    expect_text(ADAPTERS["std"], machine, "/>")


@system_test(seconds=150)
def test_vesa_driver_page(lab: Lab) -> None:
    """docs/vesa-driver.md: its programs compile without a warning, draw what they say, pixel by pixel, and its display keeps its promises."""
    text, example = page("vesa-driver.md"), TREE / "libos" / "examples" / "vesa_driver"
    driver = [path.read_text() for path in sorted(example.glob("*.[ch]"))]
    pieces = _C_BLOCK.findall(text)
    assert len(pieces) > 3
    for piece in pieces:
        assert any(piece in source for source in driver), f"this is not in the example:\n{piece}"
    expect_in(re.search(r"^    (d\\\*  .*)$", text, re.MULTILINE)[1], (TREE / "iso" / "init.policy").read_text())  # type: ignore[index]
    booted = work_through_to_the_letter(lab, "vesa-driver.md", {"draw.iso": _look_at_draw, "display.iso": _look_at_card})
    assert booted == 7


@system_test(seconds=30)
def test_pages_show_the_examples(lab: Lab) -> None:
    """The programs that docs/driver.md, log.md and libc.md explain are the examples of the SDK."""
    for name, file, example in (("driver.md", "clock.c", "clock_driver"), ("log.md", "mylog.c", "log"), ("libc.md", "words.c", "words")):
        (shown,) = [text for shown, text in _NAMED_BLOCK.findall(page(name)) if shown == file]
        assert shown == (TREE / "libos" / "examples" / example / "main.c").read_text(), f"docs/{name}: {file} is not examples/{example}/main.c"


@system_test(seconds=30)
def test_vm86_page_is_a_reference(lab: Lab) -> None:
    """docs/vm86.md names every function, flag, limit and kind that ternion/vm86.h has."""
    header = (TREE / "vm86" / "include" / "ternion" / "vm86.h").read_text()
    names = set(re.findall(r"\b(bios_\w+)\(|\b(BIOS_(?:\w+))\b", re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)))
    wanted = {one or other for one, other in names} - {"BIOS_RECORD_KIND_COUNT", "BIOS_TRAP_COUNT"}
    sizes = {"BIOS_RECORD_READ", "BIOS_RECORD_WRITTEN_MAX", "BIOS_RECORDING_MAGIC", "BIOS_RECORDING_VERSION"}     # of fields
    said = set(re.findall(r"\bbios_\w+|\bBIOS_\w+", page("vm86.md")))
    assert len(wanted) > 40 and wanted - sizes <= said, f"not in the reference: {', '.join(sorted(wanted - sizes - said))}"


@system_test(seconds=60)
def test_images_of_the_front_page(lab: Lab) -> None:
    """README.md: its images boot, and show a picture, and a card in the mode that it names."""
    folder = workshop(lab)
    lines = [command.line for command in commands() if command.page == "README.md" and command.line.startswith("tools/")]
    for line in lines:
        do(line, folder)
    with lab.qemu(cdrom=folder / "graphics.iso", megabytes=64) as machine:
        machine.wait_for(re.compile(r"a\\picture: .*, shown in mode"), BOOT_SECONDS)
    with lab.qemu(cdrom=folder / "card.iso", megabytes=64) as machine:
        wait_until(lambda: f"{machine.picture().width}", "1024", "the width of the screen", BOOT_SECONDS)
    assert len(lines) == 2


@system_test(seconds=90)
def test_tracing_page(lab: Lab) -> None:
    """docs/tracing.md: the trace and the report that it shows come, line by line, but for times, addresses and what lies between."""
    text = page("tracing.md")
    traced = re.findall(r"^    +\d+\.\d{6} (a\\hello.*)$|^    +(% time.*|0 records lost)$", text, re.MULTILINE)
    reported = [f"{name}: {line}" for name, line in _LOG_LINE.findall(text)]
    assert len(traced) == 12 and len(reported) == 10, f"{traced} {reported}"
    between = r".*\n(?:.*\n)*?.*?"
    work_through(lab, "tracing.md", {"trace.iso": [between.join(any_numbers("".join(line)) for line in traced)],
                                     "crash.iso": [between.join(any_numbers(line) for line in reported)]})


def any_numbers(line: str) -> str:
    """A pattern for a line in which numbers may be others, and code may be."""
    masked = re.sub(r"0x[0-9a-f]+|[0-9a-f.]*\d[0-9a-f.]*s?", "\0", line.split("code at eip:")[0])
    return re.escape(masked).replace(re.escape("\0"), r"(?:0x)?[0-9a-f.]+s?")


@system_test(seconds=60)
def test_log_page(lab: Lab) -> None:
    """docs/log.md: its a\\log compiles without a warning, takes the place of ours, and prints from the first record on."""
    form = r"\[ +\d+\.\d{6}\] info kernel: Ternion .*\n(\[ +\d+\.\d{6}\] \w+ \S+: .*\n)*.*a\\hello: counting: 3\n"
    work_through(lab, "log.md", {"mylog.iso": [form]})


@system_test(seconds=60)
def test_policy_page(lab: Lab) -> None:
    """docs/policy.md: its driver compiles without a warning, runs under the page's policy, and is denied what the page shows."""
    shown = [rf"{re.escape(name)}: {re.escape(text)}" for name, text in _LOG_LINE.findall(page("policy.md"))]
    assert len(shown) == 6
    shown.remove(next(line for line in shown if "started" in line))     # is said at the same time as the driver's own first words
    lines = r"\n(.*\n)*.*".join(re.sub(r"0x[0-9a-f]{8}$", "0x[0-9a-f]{8}", line) for line in shown)
    work_through(lab, "policy.md", {"printer.iso": [lines]})


@system_test(seconds=60)
def test_policy_page_has_all_words(lab: Lab) -> None:
    """docs/policy.md: the lines that it begins with are fine, and it names every role and every right that there is."""
    text = page("policy.md")
    names = re.findall(r'= "(\w+)",$|"(\w+)"', (TREE / "libos" / "grant_text.c").read_text().partition("const char *role_name")[0], re.MULTILINE)
    assert len(names) > 20
    for name in (first or second for first, second in names):
        expect_in(f"`{name}`", text)
    lines = re.findall(r"^    ([dsa]\\\S+ .*)$", text, re.MULTILINE)
    assert len(lines) == 4
    modules = with_policy(lab, standard(lab), "\n".join(lines))
    with boot(lab, modules) as machine:
        machine.wait_for(r"watching a\log", BOOT_SECONDS)
    assert not [record for record in records(machine.serial_text()) if record.level == "error"]


@system_test(seconds=60)
def test_testing_page(lab: Lab) -> None:
    """docs/testing.md: its example of a system test is one, its example of a host test passes, its options exist."""
    blocks = dict(_NAMED_BLOCK.findall(page("testing.md")))
    scope: dict[str, object] = {}
    exec(compile(blocks["test_example.py"], "test_example.py", "exec"), scope)
    scope["test_standard_system_starts_its_log"](lab)          # type: ignore[operator]
    for command in commands():
        if command.line.startswith("tests/run"):
            assert succeed(["sh", "-ec", command.line + " --list"]), f"{command.line}: names no test"


@system_test(seconds=30)
def test_kernel_boots_as_the_page_says(lab: Lab) -> None:
    """docs/commands.md: its line for QEMU without an image boots."""
    (line,) = [command.line for command in commands() if command.line.startswith("qemu-system-i386")]
    result = run(["sh", "-c", f"timeout 4 {line}"], workshop(lab))
    expect_in(r"watching a\log", result.stdout)
    assert any(record.text.startswith("Ternion") for record in records(result.stdout))


@system_test(seconds=30)
def test_every_command_exists(lab: Lab) -> None:
    """Every goal of make and every program that a page tells people to type exists."""
    makefile = (TREE / "Makefile").read_text()
    goals = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        typed = [command.line for command in commands() if command.page == path.name] + _CODE.findall(text)
        for line in typed:
            words = re.sub(r"'[^']*'", "", line).split()          # options that are quoted are no goals
            if not words:
                continue
            if words[0] == "make":
                wanted = [word for word in words[1:] if re.fullmatch(r"[a-z-]+", word)]
                assert set(wanted) <= goals, f"{path.name}: {line}: no such goal"
            elif re.fullmatch(r"(tools|tests)/[\w./-]+", words[0]) and "NAME" not in words[0]:
                assert (TREE / words[0]).exists(), f"{path.name}: {line}: no such program or file"


@system_test(seconds=30)
def test_every_path_exists(lab: Lab) -> None:
    """Every file of the tree that a page names is there."""
    tops = "kernel|libos|vm86|drivers|servers|apps|iso|tests|tools|docs"
    missing = []
    for path in PAGES:
        for text in _CODE.findall(path.read_text(encoding="utf-8")):
            if re.fullmatch(rf"(?:{tops})/[\w./-]+", text) and not re.search(r"[A-Z]{{2}}|example|test_NAME", text):
                if not any((top / text).exists() for top in (TREE, TREE / "tests")) and "NAME" not in text:
                    missing.append(f"{path.name}: {text}")
    assert not missing, "\n".join(missing)


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as Markdown makes them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@system_test(seconds=30)
def test_every_link_leads_somewhere(lab: Lab) -> None:
    """Every link of a page leads to a page, picture or heading that is there."""
    broken = []
    for path in PAGES:
        for file, anchor in _LINK.findall(path.read_text(encoding="utf-8")):
            target = path.parent / file if file else path
            if file.startswith("http"):
                continue
            if file == "syscalls.md":
                target = lab.build / "docs" / file          # generated
            if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
                broken.append(f"{path.name}: {file}#{anchor}")
    assert not broken, "\n".join(broken)


@system_test(seconds=30)
def test_reading_order_is_complete(lab: Lab) -> None:
    """docs/reading-order.md leaves out no source file of the kernel and the library."""
    text = page("reading-order.md")
    absent = []
    for folder in ("kernel", "libos", "libc"):
        for path in sorted((TREE / folder).rglob("*")):
            names = (path.name, f"{path.stem}.[ch]")
            if path.suffix in (".c", ".h", ".asm") and "examples" not in path.parts and not any(name in text for name in names):
                absent.append(path.relative_to(TREE).as_posix())
    assert not absent, f"not in the reading order: {', '.join(absent)}"


@system_test(seconds=60)
def test_tests_that_security_names_exist(lab: Lab) -> None:
    """Every test that docs/security.md names as proof is there."""
    sources = [path.read_text(encoding="utf-8") for folder in ("guest", "host", "system") for suffix in ("c", "py", "asm")
               for path in sorted((TREE / "tests" / folder).rglob(f"*.{suffix}"))]
    rows = re.findall(r"^\|.*\|([^|]*)\|$", page("security.md"), re.MULTILINE)
    names = [name for row in rows for name in re.findall(r"`(\w+(?:_\w+){2,})`", row)]
    assert len(names) > 10
    missing = [name for name in names if not any(re.search(rf"\b(?:test_)?{name}\b", source) for source in sources)]
    assert not missing, f"no such test: {', '.join(missing)}"


@system_test(seconds=60)
def test_manual_is_made(lab: Lab) -> None:
    """`make docs` makes the manual without a warning, a page for each page and the system calls."""
    pages = [*PAGES[1:], lab.build / "docs" / "syscalls.md"]
    result = run([TREE / "tools" / "generate-manual", "--out", lab.directory / "manual", *pages])
    if "cmark-gfm" in result.stderr:
        return                  # not installed: `make docs` installs it
    assert result.returncode == 0 and not result.stderr, result.stderr
    made = {path.stem for path in (lab.directory / "manual").glob("*.html")}
    for path in PAGES[1:]:
        assert (path.stem if path.name != "README.md" else "index") in made, f"{path.name}: {made}"
    expect_in("syscalls", " ".join(made))
