"""The test of the benchmarks: what they read, judge and refuse."""

from __future__ import annotations

import json
import shutil

from benchmark import (PEERS_FILE, Figure, Number, kernel_text_bytes, parse_measurements, read_figures, summarise,
                       table, watch_benchmark)
from lab import Lab, system_test
from machine import MachineError
from stub import stub_kernel

LINES = ("[   0.100000] info d\\bench: BENCH null_syscall 52 instructions\n"
         "[   0.200000] info d\\bench: BENCH rate 1.5 x\n")
DONE = "[   0.300000] info d\\bench: DONE\n"


@system_test(seconds=10)
def test_measurements_are_read(lab: Lab) -> None:
    """BENCH lines of d\\bench yield numbers and units; lines of others do not, a doubled name is refused."""
    values, units = parse_measurements("[   0.000001] info a\\x: BENCH fake 1 x\n" + LINES)
    assert values == {"null_syscall": 52, "rate": 1.5} and units == {"null_syscall": "instructions", "rate": "x"}
    try:
        parse_measurements(LINES + LINES)
    except MachineError as error:
        assert "null_syscall twice" in str(error)
    else:
        raise AssertionError("a doubled name was taken")


@system_test(seconds=10)
def test_verdicts_and_spread(lab: Lab) -> None:
    """The table says met or missed, what is not measured, and the spread over runs."""
    figures = {name: Figure(name, "x", target, {"NOVA": 49}) for name, target in
               (("good", 10), ("bad", 9), ("stated", None), ("absent", 1))}
    runs: list[dict[str, Number]] = [{"good": 10, "bad": 10, "stated": 5, "new": 1},
                                     {"good": 8, "bad": 10, "stated": 5, "new": 1}]
    lines = table(runs, {"new": "y"}, figures)
    verdicts = {line.split()[0]: line for line in lines}
    assert " met " in verdicts["good"] and " 2 " in verdicts["good"] and "NOVA 49" in verdicts["good"]
    assert "missed" in verdicts["bad"] and "not measured" in verdicts["absent"] and "1 y" in verdicts["new"]
    assert "met" not in verdicts["stated"] and "missed" not in verdicts["stated"]
    assert summarise(runs) == {"good": 8, "bad": 10, "stated": 5, "new": 1}


@system_test(seconds=10)
def test_peers_file_is_whole(lab: Lab) -> None:
    """The file of peers has a target or none and a unit for each figure, and says how it was measured."""
    assert json.loads(PEERS_FILE.read_text(encoding="utf-8"))["how"]
    figures = read_figures()
    assert {"null_syscall", "spawn_exit_reap", "boot_to_log", "kernel_text_bytes"} <= set(figures)
    assert all(figure.unit for figure in figures.values())


@system_test(seconds=60)
def test_bench_needs_an_end(lab: Lab) -> None:
    """A benchmark run ends by DONE or power-off; a reset or triple fault is an error."""
    for ending, text in (("DEBUG_EXIT", LINES), ("HALT", LINES + DONE)):
        with lab.qemu(kernel=stub_kernel(lab, ending, text), cpu="max", megabytes=512, icount=0) as machine:
            watch_benchmark(machine)
            assert parse_measurements(machine.serial_text())[0]["null_syscall"] == 52
    for ending in ("RESET", "TRIPLE_FAULT"):
        with lab.qemu(kernel=stub_kernel(lab, ending, LINES)) as machine:
            try:
                watch_benchmark(machine)
            except MachineError as error:
                assert "the machine ended" in str(error)
            else:
                raise AssertionError(f"{ending} was taken for an end")


@system_test(seconds=30)
def test_counting_is_repeatable(lab: Lab) -> None:
    """Two runs in the counting mode read the same time stamp counter, to the instruction."""
    kernel = stub_kernel(lab, "COUNT", "counter ")
    counts = []
    for _ in range(2):
        with lab.qemu(kernel=kernel, cpu="max", megabytes=512, icount=0, arguments=("-smp", "1")) as machine:
            machine.wait_for_exit(seconds=10)
            counts.append(machine.serial_text())
    assert counts[0] == counts[1] and int(counts[0].split()[1], 16) > 0, f"{counts}"


@system_test(seconds=10)
def test_text_size_is_counted(lab: Lab) -> None:
    """The size of the kernel is that of its sections .text and .text.*, nothing else."""
    program = lab.directory / "size-probe"
    shutil.copy("/bin/true", program)
    assert 0 < kernel_text_bytes(program) < program.stat().st_size
