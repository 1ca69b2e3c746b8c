"""s\\tasks: what applications may do to each other."""

from __future__ import annotations

from boot import BOOT_SECONDS, boot, expect_in, file_module, program, texts, with_list, witness
from boot_entry import Module
from buses import image
from lab import Lab, system_test
from qemu import Qemu

PERSON, OTHER = r"a\person", r"a\other"
SERVERS = "s\\vfs vfs.elf\ns\\tasks tasks.elf -- power=a\\person,a\\other\n"
DONE = "done"


def session(lab: Lab, lines: str, *more: object, **setup: object) -> Qemu:
    """A machine with s\\vfs, s\\tasks, and these lines of init.list; session.elf is an image. Time is counted in instructions."""
    modules = [*with_list(lab, SERVERS + lines, "serial history=1000"),
               *(image(lab, name) for name in ("vfs", "tasks", "session")), *more]
    return boot(lab, modules, icount=0, **setup)


def script(lab: Lab, name: str, *verbs: str) -> tuple[str, Module]:
    """A line of init.list, and the file with the verbs that do not fit into it."""
    path = name.replace("\\", ".")
    return line(name, f"script=/boot/{path}"), file_module(lab, path, "".join(f"{verb}\n" for verb in verbs))


def line(name: str, *verbs: str, restart: str = "never") -> str:
    return f"{name} session.elf restart={restart} -- {' '.join(verbs)}\n"


@system_test(seconds=40)
def test_sessions_are_kept_apart(lab: Lab) -> None:
    """An application ends, puts to sleep and wakes those of its own session alone; nobody of the system, and nobody else's."""
    foreign = [r"a\innocent", OTHER, r"a\log", r"d\init", r"s\tasks", r"s\vfs", r"d\serial"]
    asked = [f"{verb}={name}" for name in foreign for verb in ("end", "end-tree", "end-below", "sleep", "wake")]
    verbs = ["wait=a\\innocent", "start=child:start=grandchild:stay,stay", "wait=a\\grandchild", "start=sibling:stay", "wait=a\\sibling",
              f"start=asker:{','.join(asked)},say=asked,stay", "wait=a\\asker", "pause=200",
              "sleep=a\\grandchild", "state=a\\grandchild", "wake=a\\grandchild", "state=a\\grandchild",
              "sleep-tree=a\\child", "state=a\\child", "state=a\\grandchild", "wake-tree=a\\child", "state=a\\child", "state=a\\grandchild",
              "end=a\\grandchild", "gone=a\\grandchild", "end=last", "sleep=self", "sleep-tree=self", "wrong",
              "end-below=self", "gone=a\\child", "gone=a\\sibling", f"say={DONE}", "end=self"]
    person, file = script(lab, PERSON, *verbs)
    with session(lab, line(OTHER, "start=innocent:stay", "stay") + line(r"s\asker", r"end=a\innocent", "stay") + person, file) as machine:
        machine.wait_for(rf"{PERSON} ended", BOOT_SECONDS)
    serial = machine.serial_text()
    refused = texts(serial, r"a\asker")
    assert refused == [f"{what} {name}: NOT_ALLOWED" for name in foreign for what in
                       ("ending", "ending the tree of", "ending all below", "putting to sleep", "waking")] + ["asked"], str(refused)
    assert texts(serial, r"s\asker") == [r"ending a\innocent: NOT_ALLOWED"], str(texts(serial, r"s\asker"))
    assert texts(serial, PERSON) == [
        "starting child: OK", "starting sibling: OK", "starting asker: OK",
        r"putting to sleep a\grandchild: OK", r"a\grandchild sleeps", r"waking a\grandchild: OK", r"a\grandchild runs",
        r"putting to sleep the tree of a\child: OK", r"a\child sleeps", r"a\grandchild sleeps",
        r"waking the tree of a\child: OK", r"a\child runs", r"a\grandchild runs",
        r"ending a\grandchild: OK", "ending last: BAD_ID",
        "putting to sleep self: NOT_ALLOWED", "putting to sleep the tree of self: NOT_ALLOWED",
        "ending with code 256: BAD_ARGUMENT", "ending with both flags: BAD_ARGUMENT", "ending with flag 4: BAD_ARGUMENT",
        "sleeping with flag 4: BAD_ARGUMENT", "waking with flag 4: BAD_ARGUMENT", "ending nobody: BAD_ID",
        "ending all below self: OK", DONE], str(texts(serial, PERSON))
    expect_in(rf"{PERSON} ended: terminated by another process (code 9)", serial)


@system_test(seconds=60)
def test_bombs_are_ended_whole(lab: Lab) -> None:
    """A process that starts itself as often as it can, and one that ends as soon as it has started another, are ended with all of theirs."""
    verbs = ["start=bomb:bomb=bomb", "pause=50", "count=a\\bomb", "end-tree=a\\bomb", "count=a\\bomb", "pause=10",
             "count=a\\bomb", "start=bomb:bomb=bomb", "pause=20", "end-below=self", "count=a\\bomb",
             "start=hopper:start=hop:hop=hop,stay", "pause=5", "count=a\\hop", "end-tree=a\\hopper", "count=a\\hop",
             "pause=5", "count=a\\hop", "start=hop:hop=hop", "pause=5", "count=a\\hop.", "end-below=self", "count=a\\hop",
             "pause=5", "count=a\\hop", f"say={DONE}"]
    person, file = script(lab, PERSON, *verbs)
    with session(lab, line(OTHER, "stay") + person, file, megabytes=16) as machine:
        machine.wait_for(rf"{PERSON} ended", 2 * BOOT_SECONDS)
    said = texts(machine.serial_text(), PERSON)
    counts = [int(text.split()[0]) for text in said if " are " in text]
    assert len(counts) == 10, str(said)
    assert counts[0] > 20 and counts[4] in (2, 3) and counts[7] in (1, 2), f"nothing grew: {counts}"
    assert counts[1:4] == [0, 0, 0] and counts[5:7] == [0, 0] and counts[8:] == [0, 0], f"some got away: {counts}"
    assert [text for text in said if text.startswith("ending")] == [
        r"ending the tree of a\bomb: OK", "ending all below self: OK", r"ending the tree of a\hopper: OK", "ending all below self: OK"], str(said)


@system_test(seconds=40)
def test_requests_outlive_the_task_manager(lab: Lab) -> None:
    """While s\\tasks dies and is started again, each request of its clients is answered, and done."""
    killer = witness(lab, r"d\killer", "wait=s\\tasks wait=a\\person sleep=20 replace=s\\tasks sleep=7 replace=s\\tasks "
                                       "sleep=5 replace=s\\tasks stay")
    with session(lab, line(PERSON, "storm=400", f"say={DONE}"), killer) as machine:
        machine.wait_for(rf"{PERSON} ended", BOOT_SECONDS)
    serial = machine.serial_text()
    assert texts(serial, PERSON) == ["400 ended", DONE], str(texts(serial, PERSON))
    assert serial.count(r"restarted s\tasks") == 3, serial[-3000:]
    assert serial.rindex(r"restarted s\tasks") < serial.index(f"{PERSON}: 400 ended"), "it ended before the last death"


@system_test(seconds=40)
def test_strays_are_for_persons_to_end(lab: Lab) -> None:
    """What a session's first program has left behind when it died, and what the boot list has started, sessions of persons end, and others do not."""
    killer = witness(lab, r"d\killer", "wait=a\\stray wait=a\\below sleep=50 kill=a\\person stay")
    lines = line(PERSON, "start=stray:start=below:stay,stay", "stay", restart="always").replace("restart=always", "restart=never")
    lines += line(r"a\alone", "wait=a\\below", "pause=200", "end=a\\stray", "end=a\\module", "say=asked", "stay")
    lines += line(OTHER, "wait=a\\alone", "wait=a\\below", "pause=300", "end=a\\module", "end-tree=a\\stray", "gone=a\\stray", "gone=a\\below", f"say={DONE}")
    with session(lab, lines, killer, program(lab, "session", r"a\module", "stay")) as machine:
        machine.wait_for(rf"{OTHER} ended", BOOT_SECONDS)
    serial = machine.serial_text()
    expect_in(rf"{PERSON} ended: terminated", serial)
    assert texts(serial, r"a\alone") == [r"ending a\stray: NOT_ALLOWED", r"ending a\module: NOT_ALLOWED", "asked"], str(texts(serial, r"a\alone"))
    # The stray's child is the stray's: the tree was asked for.
    assert texts(serial, OTHER) == [r"ending a\module: OK", r"ending the tree of a\stray: OK", DONE], str(texts(serial, OTHER))


@system_test(seconds=40)
def test_power_is_for_persons(lab: Lab) -> None:
    """A person's session switches the machine off; another is refused, and so is one that has the name and not the place."""
    lines = line(r"a\alone", "power=off", "start=impostor:power=off", "pause=100", "start=other:power=off,say=asked")
    lines += line(PERSON, "wait=a\\alone", "gone=a\\alone", "power=wrong", "start=child:power=off", "stay")
    with session(lab, lines, options="exit=qemu") as machine:
        assert machine.wait_for_exit(BOOT_SECONDS) == 1, machine.serial_text()[-2000:]
    serial = machine.serial_text()
    assert texts(serial, r"a\alone")[0] == "switching off: NOT_ALLOWED", str(texts(serial, r"a\alone"))
    for name in (r"a\impostor", OTHER):
        assert texts(serial, name)[0] == "switching off: NOT_ALLOWED", str(texts(serial, name))
    assert texts(serial, PERSON)[0] == "switching wrong: BAD_ARGUMENT", str(texts(serial, PERSON))
