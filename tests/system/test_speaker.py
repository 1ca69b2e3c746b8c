"""d\\speaker: tones, pauses and silence, as they come out of QEMU's speaker."""

from __future__ import annotations

import re
import struct
import wave
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from boot import BOOT_SECONDS, boot, expect_in, records, texts, witness
from boot_entry import Module
from buses import ASKING, DONE, asking, boot_in_bochs, with_drivers
from lab import Lab, system_test

# QEMU records while the speaker is on, and makes sound ahead of what is recorded: what ends a tone is heard so much later.
AHEAD_SECONDS = 0.05
TICK_SECONDS = 0.003
NOISE_SECONDS = 0.06                    # what is shorter stands between two tones


def listen(lab: Lab, arguments: str, *more: Module) -> tuple[str, list[tuple[float, float]]]:
    """Boots with a speaker that is recorded; the serial log, and the tones that were heard."""
    recording = lab.directory / f"sound{len(lab.machines)}.wav"
    modules = [*with_drivers(lab, "speaker"), *more, asking(lab, arguments)]
    with boot(lab, modules, machine="pc,pcspk-audiodev=sound", icount=0,
              arguments=["-audiodev", f"wav,id=sound,timer-period=1000,path={recording}"]) as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
    return machine.serial_text(), tones(recording)


def tones(recording: Path) -> list[tuple[float, float]]:
    """What a recording holds: (hertz, seconds) of each tone. A tone is periods of about the same length, one behind the other."""
    with wave.open(str(recording)) as sound:
        rate, channels, size = sound.getframerate(), sound.getnchannels(), sound.getnframes()
        samples = struct.unpack(f"<{size * channels}h", sound.readframes(size))[::channels]
    rises = [index for index in range(1, size) if samples[index - 1] <= 0 < samples[index]]
    periods = [after - before for before, after in zip(rises, rises[1:])]
    groups: list[list[int]] = []
    for period in periods:
        if not groups or abs(period - mean(groups[-1][-8:])) > period / 6 + 1:
            groups.append([])
        groups[-1].append(period)
    return [(rate / mean(group), sum(group) / rate) for group in groups if sum(group) / rate > NOISE_SECONDS]


def check_tones(heard: Sequence[tuple[float, float]], wanted: Sequence[tuple[float, float]]) -> None:
    assert len(heard) == len(wanted), f"heard {heard}, not {wanted}"
    for (hertz, seconds), (wanted_hertz, wanted_seconds) in zip(heard, wanted):
        assert abs(hertz - wanted_hertz) < wanted_hertz / 100, f"heard {heard}, not {wanted}"
        assert abs(seconds - wanted_seconds) < AHEAD_SECONDS, f"heard {heard}, not {wanted}"


def times_told(serial: str) -> list[float]:
    """When each tone was over."""
    return [record.seconds for record in records(serial) if record.name == ASKING and record.text.startswith("tone ")]


@system_test(seconds=40)
def test_tones_have_their_pitch_and_their_length(lab: Lab) -> None:
    """Two tones and a pause between them sound as high and as long as they were asked for."""
    serial, heard = listen(lab, "tone=440,500 tone=0,400 tone=1000,700 tone=100,300")
    check_tones(heard, [(440, 0.5), (1000, 0.7), (100, 0.3)])
    assert texts(serial, ASKING)[:4] == ["tone 440 Hz, 500 ms: OK", "tone 0 Hz, 400 ms: OK", "tone 1000 Hz, 700 ms: OK",
                                         "tone 100 Hz, 300 ms: OK"], serial
    told = times_told(serial)
    for before, after, seconds in zip(told, told[1:], (0.4, 0.7, 0.3)):
        assert seconds <= after - before < seconds + TICK_SECONDS, f"tones were over at {told}"


@system_test(seconds=40)
def test_tones_wait_for_each_other(lab: Lab) -> None:
    """Tones that are asked for at once sound one after the other without a gap, and each is answered at its end."""
    serial, heard = listen(lab, "tone-start=500,300 tone-start=250,300 tone-start=1500,300 tone=0,300")
    check_tones(heard, [(500, 0.3), (250, 0.3), (1500, 0.3)])
    told = times_told(serial)
    assert len(told) == 4, serial
    for before, after in zip(told, told[1:]):
        assert abs(after - before - 0.3) < TICK_SECONDS, f"tones were over at {told}"


@system_test(seconds=40)
def test_silence_comes_at_once(lab: Lab) -> None:
    """Whoever asks for silence gets it at once; tones that wait are dropped, and later ones sound again."""
    serial, heard = listen(lab, "tone-start=440,5000 tone-start=880,5000 sleep=300 silence sleep=300 tone=1000,300")
    check_tones(heard, [(440, 0.3), (1000, 0.3)])
    told = texts(serial, ASKING)
    assert "silence: OK" in told and "tone 1000 Hz, 300 ms: OK" in told, serial
    assert sorted(text for text in told if "DISCARDED" in text) == ["tone 440 Hz, 5000 ms: DISCARDED", "tone 880 Hz, 5000 ms: DISCARDED"], serial


@system_test(seconds=40)
def test_tones_of_the_dead_are_silent(lab: Lab) -> None:
    """When a process dies that waits for its tones, the one that sounds ends, and the others are not played."""
    victim = asking(lab, "tone-start=440,5000 tone-start=880,5000 sleep=60000", r"a\victim")
    killer = witness(lab, r"d\killer", r"wait=a\victim sleep=300 kill=a\victim")
    serial, heard = listen(lab, "sleep=100 tone=1000,300", victim, killer)
    check_tones(heard, [(440, 0.3), (1000, 0.3)])
    expect_in("tone 1000 Hz, 300 ms: OK", serial)


@system_test(seconds=40)
def test_driver_that_dies_is_silent_when_it_is_back(lab: Lab) -> None:
    """When d\\speaker dies in the middle of a tone its successor makes an end of it; who waited is told."""
    killer = witness(lab, r"d\killer", r"wait=a\buses sleep=300 replace=d\speaker")
    serial, heard = listen(lab, "tone=440,5000 sleep=100 tone=1000,300", killer)
    check_tones(heard, [(440, 0.3), (1000, 0.3)])
    expect_in("tone 440 Hz, 5000 ms: PEER_DIED", serial)
    expect_in("tone 1000 Hz, 300 ms: OK", serial)


@system_test(seconds=40)
def test_nobody_fills_the_queue_alone(lab: Lab) -> None:
    """A process has up to 16 tones in the queue; what is over that is refused, and others still find room."""
    many = asking(lab, "tones=18 stay", r"a\many")
    serial, heard = listen(lab, "sleep=100 tone-start=500,300 sleep=100 silence sleep=100", many)
    assert not heard, str(heard)
    told = texts(serial, r"a\many")
    assert told.count("tone 0 Hz, 400 ms: NO_MEMORY") == 2 and told.count("tone 0 Hz, 400 ms: DISCARDED") == 16, serial
    expect_in("tone 500 Hz, 300 ms: DISCARDED", serial)


@system_test(seconds=40)
def test_tones_that_are_none_are_refused(lab: Lab) -> None:
    """Tones out of its range, and speakers that there are not, are refused; nothing is heard of them."""
    serial, heard = listen(lab, r"tone-hostile describe=sounds\speaker\0,9 tone=19,500 tone=5000,200")
    told = texts(serial, ASKING)
    assert [re.sub(".*: ", "", text) for text in told[:11]] == ["BAD_ARGUMENT"] * 9 + ["ABSENT"] * 2, serial
    expect_in(r"sounds\speaker\0 is tone: the PC's speaker: one voice", serial)
    check_tones(heard, [(19, 0.5), (5000, 0.2)])


@system_test(seconds=60)
def test_speaker_of_bochs_does_no_harm(lab: Lab) -> None:
    """In Bochs, whose speaker is not heard here, a tone takes its time and is over."""
    with boot_in_bochs(lab, "speaker", "tone=440,200 tone=0,100 tone=1000,100") as machine:
        machine.wait_for(DONE, BOOT_SECONDS)
    assert len([text for text in texts(machine.serial_text(), ASKING) if text.endswith("ms: OK")]) == 3, machine.serial_text()
