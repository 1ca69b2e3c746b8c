r"""a\shell: its language beside another shell's, sessions at both terminals, jobs, and what becomes of it when it dies or nothing is left."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from boot import BOOT_SECONDS, boot, expect_in, expect_order, file_module, program, texts, with_list
from boot_entry import TREE, Module
from buses import image
from lab import Lab, system_test
from machine import require_tool
from sessions import GREETING, LineSession, ScreenSession, modules, start

MAIN = r"a\sh"
SCRIPTS = sorted((TREE / "tests" / "shell").glob("*.sh"))
# Each script in a folder of its own; what it prints comes out as lines of the log, which would leave out empty ones.
RUNNER = r"""
for script in /boot/scripts/*; do
    name=${script##*/}
    mkdir /tmp/$name
    cd /tmp/$name
    sh $script > /tmp/output 2> /dev/null
    echo "status $?" >> /tmp/output
    while IFS= read -r line; do echo "$name|$line"; done < /tmp/output
    cd /
done
echo all done
"""


def other_shell(lab: Lab, script: Path) -> list[str]:
    """What dash prints for a script, with its status."""
    folder = lab.directory / script.stem
    folder.mkdir()
    done = subprocess.run([require_tool("dash", "dash"), script], cwd=folder, env={"PATH": "/bin", "HOME": "/tmp"}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30, check=False)
    return [*done.stdout.decode().replace("\t", " ").splitlines(), f"status {done.returncode}"]


@system_test(seconds=90)
def test_scripts_print_what_they_print_elsewhere(lab: Lab) -> None:
    """Scripts about each part of the language print in Ternion, line by line, what dash prints for them."""
    files = [Module(script, f"file:scripts/{script.stem}") for script in SCRIPTS]
    lines = rf"{MAIN} bin/sh restart=never needs=s\vfs -- /boot/all.sh" + "\n"
    with boot(lab, modules(lab, *files, file_module(lab, "all.sh", RUNNER), lines=lines, log="serial history=1000")) as machine:
        machine.wait_for(f"{MAIN}: all done", 60)
        said = texts(machine.serial_text(), MAIN)
    for script in SCRIPTS:
        wanted = other_shell(lab, script)
        prefix = f"{script.stem}|"
        found = [text.removeprefix(prefix) for text in said if text.startswith(prefix)]
        for number, (line, other) in enumerate(zip(found, wanted), 1):
            assert line == other, f"{script.name}, line {number} of the output: {line!r} should be {other!r}"
        assert len(found) == len(wanted), f"{script.name}: {len(found)} lines instead of {len(wanted)}"


# What is typed, line by line, and what then stands there.
TYPED = ["echo helo<left>l<home><ctrl-e>!", "cd /tmp", "mkdir one; cd one; cd /", "echo a > /tmp/f; cat /tmp/f", "<up><up><up><backspace>",
         "ech<tab>x<ctrl-w>done", "cat /tm<tab>f<tab>", "for i in 1 2", "do echo $i", "done", "lss", "echo -n abc", "exi<ctrl-u>"]
EXPECTED = ["/> echo hello!", "hello!", "/> cd /tmp", "/tmp> mkdir one; cd one; cd /", "/> echo a > /tmp/f; cat /tmp/f", "a", "/> cd /tm",
            "shell: cd: /tm: there is none of that name", "/> echo done", "done", "/> cat /tmp/f", "a", "/> for i in 1 2", "> do echo $i", "> done",
            "1", "2", "/> lss", "shell: lss: no such program; type help for what there is", "/> echo -n abc", "abc%", "/>", "/>"]


@system_test(seconds=90)
def test_session_is_the_same_at_screen_and_line(lab: Lab) -> None:
    """The same keys give the same session at the keyboard and over the line: editing, history, completion, commands of several lines, mistakes."""
    with start(lab, modules(lab, screen="", serial="")) as machine:
        line, screen = LineSession(machine), ScreenSession(machine)
        line.begin()
        for keys in TYPED:
            line.enter(keys)
        assert line.rows() == [GREETING, *EXPECTED], "\n".join(line.rows())
        screen.begin()
        for keys in TYPED:
            last = "/tmp>" if keys == "cd /tmp" else ">" if keys.startswith(("for", "do ")) else "/>"
            screen.enter(keys.replace("mkdir one; ", ""), last)
        wanted = [row.replace("mkdir one; ", "") for row in [GREETING, *EXPECTED]]
        rows = screen.rows()
        assert rows == wanted[-len(rows):], "\n".join(rows)


# What is typed at the shell's own prompt, and what stands there then.
GIVEN_UP = [("abc<ctrl-c>", "/> abc^C"), ("<ctrl-c>", "/> ^C"), ("for i in 1<ret>", "/> for i in 1"), ("<ctrl-c>", "> ^C"),
            ("cat << END<ret>", "/> cat << END"), ("text<ret>", "> text"), ("more<ctrl-c>", "> more^C"), ("echo $?<ret>", "/> echo $?\n130"),
            ("(echo<ret>", "/> (echo"), ("<ctrl-d>", ">\nshell: the end instead of )"), ("echo a\\<ret>", "/> echo a\\"), ("<ctrl-d>", ">\na"),
            ("echo $?<ret>", "/> echo $?\n0")]


@system_test(seconds=60)
def test_lines_are_given_up(lab: Lab) -> None:
    """Ctrl+C at a prompt gives up what was typed for a command, and Ctrl+D behind its first line ends the command; the shell goes on."""
    with start(lab, modules(lab, serial="")) as machine:
        line = LineSession(machine)
        line.begin()
        for keys, _ in GIVEN_UP:
            before = line.prompts()
            line.type(keys)
            line.wait_for_prompt(before + 1)
        wanted = [GREETING, *(row for _, rows in GIVEN_UP for row in rows.split("\n")), "/>"]
        assert line.rows() == wanted, "\n".join(line.rows())
        line.type("<ctrl-d>")
        line.wait_for("The shell was started again")


@system_test(seconds=60)
def test_jobs_are_ended_and_put_to_sleep(lab: Lab) -> None:
    """Ctrl+C ends what runs, with all that it has started, and loops and reads of the shell itself; Ctrl+Z, fg, bg, kill and wait do with jobs what they promise."""
    with start(lab, modules(lab, program(lab, "witness", "file:bin/witness"), serial="")) as machine:
        line = LineSession(machine)
        line.begin()
        for command, key, told in (("yes > /dev/null", "<ctrl-c>", "shell: yes: ended by Ctrl+C"),
                                   ("yes | cat > /dev/null", "<ctrl-c>", "shell: yes: ended by Ctrl+C"),
                                   ("(sleep 1000; echo no)", "<ctrl-c>", "shell: the subshell: ended by Ctrl+C"),
                                   ("x=$(sleep 1000)", "<ctrl-c>", "shell: sleep: ended by Ctrl+C"),
                                   ("while :; do :; done", "<ctrl-c>", None), ("read x", "<ctrl-c>", None),
                                   ("sleep 1000", "<ctrl-z>", "[1]+ asleep           sleep 1000")):
            before, count = line.prompts(), len(line.rows())
            line.type(command + "<ret>")
            line.wait_for(command)
            machine.wait_for(re.compile(r"2004l[^\x1b]*\Z"), 10)
            line.type(key)
            line.wait_for_prompt(before + 1)
            rows = line.rows()[count - 1:-1]
            assert rows[1:] == [key[1:-1].replace("ctrl-", "^").upper(), *([told] if told else [])], "\n".join(rows)
        assert line.run("echo $?") == ["146"], line.rows()[-5:]
        assert line.run("jobs") == ["[1]+ asleep           sleep 1000"]
        assert line.run("bg")[0].startswith("[1] ")
        assert line.run("kill -0 %1; echo $?; kill %1; wait %1; echo $?; jobs") == ["0", "143"]
        assert line.run("sleep 1000 & kill sleep; wait $!; echo $?")[1:] == ["143"]
        assert line.run("(sleep 1000; :) & sleep 0.2; kill -t -9 $!; wait $!; echo $?; ps sleep")[1:] == [
            "137", "        ID     PARENT STATE  THREADS   MEMORY       CPU NAME", "ps: sleep: there is no such process"]
        assert line.run("kill nobody; echo $?; kill -0 4294967295") == [
            "kill: nobody: there is no such process", "1", "shell: kill: 4294967295: there is no such process"]
        assert line.run("sleep 0 & wait; echo waited")[1:] == ["waited", "[1]+ done             sleep 0"]
        assert line.run("read -t 0.1 x; echo $?; sleep 1 | read -t 0.1; echo $?") == ["142", "142"]
        assert line.run("echo a | { read -t 9 x; echo $x; }; read -t 0; echo $?") == ["a", "1"]
        started, *told = line.run("sleep 0 & sleep 0.2; jobs; jobs")
        assert told == ["[1]+ done             sleep 0"], told
        started, *told = line.run("sleep 1000 & jobs -p; echo $(jobs -p) $!; jobs -l %sl")
        number = started.removeprefix("[1] ")
        assert told == [number, f"{number} {number}", "[1]+ running          sleep 1000", f"        {number} sleep"], (started, told)
        assert line.run("jobs %2; kill $(jobs -p); wait") == [
            "shell: %2: there is no such job; type jobs for those that there are", "[1]+ ended            sleep 1000"], line.rows()[-5:]
        assert line.run("witness fault") == ["shell: witness: ended by a fault: it used memory that is not its own"]
        assert line.run("echo $?") == ["139"]
        assert line.run("(exit 3); echo $?; /boot; /boot/init.list; echo $?")[:2] == ["3", "shell: /boot: it is a directory; type cd /boot to go there"]


CAT_BESIDE = "cat /dev/tty > /tmp/taken & cat - > /tmp/taken 0< /dev/tty &"


@system_test(seconds=60)
def test_what_is_typed_is_for_the_foreground(lab: Lab) -> None:
    """Programs that sleep or run in the background take nothing of what is typed, nor change its mode; in the foreground they go on, in a shell in a shell, too."""
    with start(lab, modules(lab, serial="", programs=("cat", "top", "sleep", "echo"))) as machine:
        line = LineSession(machine)
        line.begin()

        def type_to_job(keys: str, shown: str) -> None:
            machine.wait_for(re.compile(r"2004l[^\x1b]*\Z"), 10)
            line.type(keys)
            line.wait_for(shown)

        def stop_cat(text: str) -> None:
            """What is typed right behind Ctrl+Z is for the shell."""
            before = line.prompts()
            line.type("cat<ret>")
            type_to_job(f"{text}<ret>", f"{text}\n{text}")
            line.type(f"<ctrl-z>echo behind {text}<ret>")
            line.wait_for_prompt(before + 2)
            line.wait_for(f"\nbehind {text}\n")
            assert line.run("echo hello") == ["hello"]

        stop_cat("one")
        line.type("fg<ret>")
        type_to_job("more<ret>", "more\nmore")
        line.enter("<ctrl-d>")
        line.enter(CAT_BESIDE)
        for number in range(8):
            assert line.run(f"echo line {number}") == [f"line {number}"]
        line.enter("kill %1 %2; wait; top &")
        assert line.run("echo not mangled") == ["not mangled"]
        line.type("fg %top<ret>")
        line.wait_for(" processes, ")
        line.enter("q")
        line.enter("sh")
        stop_cat("two")
        before = line.prompts()
        line.type("fg<ret>")
        type_to_job("again<ret>", "again\nagain")
        line.type("<ctrl-c>")
        line.wait_for_prompt(before + 1)
        line.wait_for("shell: cat: ended by Ctrl+C")
        assert line.run("echo $$; exit")[-1:] != line.run("echo $$"), line.rows()[-9:]


@system_test(seconds=60)
def test_pasted_text_arrives_whole(lab: Lab) -> None:
    """Some hundred lines that are sent at once are all run, in their order; so is what is sent while a program runs that reads nothing, and Ctrl+C gets through."""
    with start(lab, modules(lab, serial="", programs=("cat", "sleep"))) as machine:
        line = LineSession(machine)
        line.begin()
        count = "i=0; while read a; do [ \"$a\" = \"number $i\" ] || echo not $i: $a; i=$((i + 1)); done <"
        machine.send_serial("".join(f"echo number {number} >> /tmp/shell\r" for number in range(120)).encode() + b"echo all $((1 + 1))\r")
        line.wait_for("all 2", 40)
        assert line.run(f"{count} /tmp/shell; echo $i")[1:] == ["120"], line.rows()[-9:]
        line.type("cat > /tmp/cat<ret>")
        machine.wait_for(re.compile(r"2004l[^\x1b]*\Z"), 10)
        before = line.prompts()
        machine.send_serial("".join(f"number {number}\r" for number in range(400)).encode() + b"\x04")
        line.wait_for_prompt(before + 1)
        assert line.run(f"{count} /tmp/cat; echo $i")[-1:] == ["400"], line.rows()[-9:]
        line.type("sleep 1000<ret>")
        machine.wait_for(re.compile(r"2004l[^\x1b]*\Z"), 10)
        before = line.prompts()
        line.type("nobody reads this line\r" * 200 + "<ctrl-c>")
        line.wait_for_prompt(before + 1)
        line.wait_for("shell: sleep: ended by Ctrl+C")


@system_test(seconds=60)
def test_clock_that_is_set_is_everybodys(lab: Lab) -> None:
    """When a person has set the clock, what is written from then on has the new time."""
    with start(lab, modules(lab, image(lab, "rtc"), serial="", lines="d\\rtc rtc.elf\n", programs=("date", "ls"))) as machine:
        line = LineSession(machine)
        line.begin()
        for year in (2030, 2017):
            rows = line.run(f"date {year}-06-07T12:34:56; echo > /tmp/new{year}; ls -l /tmp/new{year}")
            assert f" {year}-06-07 12:34 /tmp/new{year}" in rows[-1], rows


@system_test(seconds=60)
def test_shell_comes_back(lab: Lab) -> None:
    """A shell that is ended is started again, says so, and has the lines that were typed; /boot/profile is run first; exit begins a new session."""
    profile = file_module(lab, "profile", "GREETED=yes\nalias hi='echo hi there'\n")
    with start(lab, modules(lab, profile, serial="", log="history=1000")) as machine:
        line = LineSession(machine)
        line.begin()
        assert line.run("echo $GREETED; hi") == ["yes", "hi there"]
        line.enter("kill -9 $$")
        line.wait_for("The shell was started again")
        line.enter("<up><up>")
        assert line.rows()[2:-1] == ["/> echo $GREETED; hi", "yes", "hi there"], "\n".join(line.rows())
        line.enter("exit")
        line.wait_for("The shell was started again")
        typed = ["echo $GREETED; hi", "kill -9 $$", "echo $GREETED; hi", "exit", "history"]
        assert line.run("history") == [f"{number:5}  {text}" for number, text in enumerate(typed, 1)]


@system_test(seconds=60)
def test_who_takes_the_name_of_a_shell_gets_no_terminal(lab: Lab) -> None:
    """A program that takes the name of a shell while that is away gets not its terminal, and is ended: the name is the shell's when it comes back."""
    with start(lab, modules(lab, serial="", log="serial history=1000", programs=("sleep", "spawn"))) as machine:
        line = LineSession(machine)
        line.begin()

        def die(command: str) -> None:
            before = line.prompts()
            line.type(command + "<ret>")
            line.wait_for_prompt(before + 1)

        for _ in range(3):       # the pause before the next start is 200 ms then
            die("kill -9 $$")
        for program_line in ("/boot/bin/sh -t serial", "/boot/bin/sleep 1000"):
            die(f"(kill -9 $$; while :; do spawn -n shell.serial {program_line} && break; done) &")
            serial = machine.serial_text()
            expect_in(r"started a\shell.serial", serial)
            assert line.run("echo mine") == ["mine"], line.rows()[-9:]
        serial = machine.serial_text()
        expect_in("it is not for this process: see the arguments of s\\terminal", serial)
        expect_in(r"which has taken the name of a\shell.serial", serial)
        assert "gave up" not in serial, serial[-2000:]


@system_test(seconds=60)
def test_sessions_that_are_left_begin_again(lab: Lab) -> None:
    """A shell that a person leaves, whatever the status of its last command, is no program that dies: there is always a next one."""
    with start(lab, modules(lab, serial="", log="serial history=1000", programs=())) as machine:
        line = LineSession(machine)
        line.begin()
        for number in range(10):
            line.enter(f"(exit {number % 2}); exit")
            line.wait_for("The shell was started again")
        assert line.run("echo still here") == ["still here"]
        assert machine.serial_text().count(r"a\shell.serial ended: exit code 0") == 10, machine.serial_text()[-2000:]


@system_test(seconds=60)
def test_session_outlives_its_servers(lab: Lab) -> None:
    """A shell at its prompt goes on when s\\terminal, s\\tasks and s\\vfs are ended and started again; so do one that it has started there, and its jobs."""
    wreck = r"s\wreck witness restart=never -- wait=a\go replace=s\terminal replace=s\tasks replace=s\vfs" + "\n"
    tools = [program(lab, "witness", "file:witness"), program(lab, "witness", "file:bin/go")]
    with start(lab, modules(lab, *tools, serial="", lines=wreck, log="serial history=1000")) as machine:
        line = LineSession(machine)
        line.begin()
        line.enter("sh")
        line.enter("x=kept")
        line.type("go sleep=500<ret>")
        machine.wait_for(r"s\vfs is back", 20)
        line.enter("")
        assert line.run("echo $x; cat /boot/init.list | sort | cat > /tmp/f; echo $?")[-2:] == ["kept", "0"], line.rows()[-9:]
        before = line.prompts()
        line.type("yes > /dev/null<ret>")
        machine.wait_for(re.compile(r"2004l[^\x1b]*\Z"), 10)
        line.type("<ctrl-c>")
        line.wait_for_prompt(before + 1)
        line.wait_for("shell: yes: ended by Ctrl+C")
        assert line.run("echo $x") == ["kept"]


@system_test(seconds=60)
def test_nothing_left_is_told(lab: Lab) -> None:
    """Without room for a process, or memory for a command, the shell says so and lives on; a hundred thousand rounds of a loop take no memory."""
    with boot(lab, modules(lab, serial="limit processes=2 frames=400")) as machine:
        line = LineSession(machine)
        line.begin()
        assert line.run("sleep 100 & echo started")[1:] == ["started"]
        said = line.run("cat /boot/init.list | cat | cat")
        assert "there is no room for another process" in said[0], said
        assert "alive" in line.run("kill %1; wait; echo alive")
        said = line.run("x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done")
        assert said == ["shell: there is not enough memory; the command was given up"], said
        assert line.run("x=; echo alive") == ["alive"]
        assert line.run("i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); x=a$i; done; echo $x") == ["a100000"]
        assert line.run("f() { f; }; f") == ["shell: nested too deeply, as by a function that calls itself"]
        assert line.run("sleep 0; echo alive") == ["alive"]
