r"""Storms of kill -9 in a session: programs, members of pipelines, shells and servers die again and again, and nothing is left of them."""

from __future__ import annotations

import re

from boot import program
from lab import Lab, system_test
from sessions import LineSession, modules, start

PROGRAMS = ("cat", "free", "ps", "sleep", "sort", "supervised", "yes")
KILLED_AT_ONCE = "i=0; while [ $i -lt {} ]; do sleep 1000 & kill -9 $!; i=$((i + 1)); done 2> /tmp/told; wait; echo storm over"
SERVERS = (r"s\vfs", r"s\terminal", r"s\tasks", r"s\input")
# What goes wrong while a server is away may go wrong; what comes out must be right. All in one line: what is typed while s\terminal dies is lost.
WORK = ("{} sleep=1000 & i=0; while [ $i -lt 80 ]; do sleep 1000 & x=$(echo $i | cat); kill -9 $!; wait $!; "
        "case $x in $i|'') ;; *) echo became $x; esac; i=$((i + 1)); done 2> /tmp/told; wait; echo work over")
STOLEN_PAGES = 12           # frames of 4 KB that may be in other hands: heaps of servers that were started anew


class Storm:
    """A session at the serial line, and what it says of itself."""

    def __init__(self, line: LineSession) -> None:
        self.line = line

    def run(self, command: str, last: str) -> None:
        rows = self.line.run(command)
        assert last in rows, "\n".join(rows[-12:])

    def free(self) -> int:
        rows = self.line.run("free")
        found = re.search(r"^free +(\d+)", "\n".join(rows), re.MULTILINE)
        assert found is not None, rows
        return int(found[1]) // 4

    def processes(self) -> list[str]:
        """The names of the applications that live, but for the shell itself and ps."""
        names = [row.split()[-1] for row in self.line.run("ps")]
        return sorted(name for name in names if name.startswith("a\\") and name not in (r"a\shell.serial", r"a\ps", r"a\log"))

    def pipeline(self, member: int) -> None:
        """One of three members of a pipeline is killed: the others end, or are ended with the job."""
        self.line.run("yes | sort -u | cat > /dev/null &")
        pids = [row.split()[0] for row in self.line.run("jobs -l") if re.match(r" +\d+ \S+$", row)]
        assert len(pids) == 3, pids
        self.line.run(f"kill -9 {pids[member]}; kill -9 %1; wait")

    def shell(self) -> None:
        """A shell is killed with its jobs running; what it leaves is this one's."""
        self.line.run("sh -c 'sleep 1000 & sleep 1000 | cat & kill -9 $$'")
        self.run("kill -9 $(ps | while read id parent rest; do case $rest in *sleep*|*cat*) echo $id;; esac; done); echo gone", "gone")


@system_test(seconds=90)
def test_nothing_is_left_of_programs_that_are_killed(lab: Lab) -> None:
    """Many programs, members of pipelines and shells are killed as they start or run: none is left, nor a page of theirs, and the session works."""
    with start(lab, modules(lab, serial="", programs=PROGRAMS)) as machine:
        line = LineSession(machine)
        line.begin()
        storm = Storm(line)
        storm.run(KILLED_AT_ONCE.format(10), "storm over")
        storm.pipeline(0)
        storm.shell()
        before = storm.free()
        storm.run(KILLED_AT_ONCE.format(10), "storm over")
        storm.run(f"sh -c '{KILLED_AT_ONCE.format(100)}'", "storm over")
        for member in range(3):
            storm.pipeline(member)
        storm.shell()
        assert storm.processes() == [], storm.processes()
        assert abs(storm.free() - before) <= STOLEN_PAGES, f"{before} pages were free, {storm.free()} are"


@system_test(seconds=90)
def test_session_goes_on_while_servers_are_killed(lab: Lab) -> None:
    """s\\vfs, s\\terminal, s\\tasks and s\\input are killed twice each while programs come and go: what these write is right, and none is left."""
    once = " ".join(f"replace={server} sleep=60" for server in SERVERS)
    wreck = rf"s\wreck witness restart=never -- wait=a\first {once} wait=a\second {once} stay" + "\n"
    tools = [program(lab, "witness", name) for name in ("file:witness", "file:bin/first", "file:bin/second")]
    with start(lab, modules(lab, *tools, serial="", lines=wreck, programs=PROGRAMS)) as machine:
        line = LineSession(machine)
        line.begin()
        storm = Storm(line)
        free = []
        for name in ("first", "second"):
            storm.run(WORK.format(name), "work over")
            free.append(storm.free())
        assert "became" not in line.text().replace("echo became", ""), line.rows()[-30:]
        for server in SERVERS:
            assert line.run(f"supervised '{server}'")[-1].split()[:2] == ["running", "2"], server
        assert storm.processes() == [], storm.processes()
        assert line.run("echo $((6 * 7)) > /tmp/f; cat /tmp/f | sort; echo $?") == ["42", "0"]
        assert abs(free[1] - free[0]) <= STOLEN_PAGES, f"pages that were free: {free}"
