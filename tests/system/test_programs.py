"""The programs of a prompt: what they do, beside what those of the same names do on this machine."""

from __future__ import annotations

import re
from pathlib import Path

from batch import Outcome, programs, run, run_here
from boot import expect_in, file_module
from boot_entry import Module
from lab import Lab, system_test

WORDS = "pear\napple\nfig\napple\nBanana\nfig\nfig\n\ncherry tart\n"
NUMBERS = "10\n9\n-3\n100\n2.5\n2.45\n007\nnone\n10\n"
TABLE = "ann:30:x y\nbob:4:z\ncid:30:a b\neve::q\nno fields here\n"
BLANKS = "  two  words\tand tabs\nplain\n \n"
BYTES = bytes(range(256)) * 3 + b"\0" * 100 + b"end without newline"
FILES = {"words": WORDS.encode(), "numbers": NUMBERS.encode(), "table": TABLE.encode(), "blanks": BLANKS.encode(), "bytes": BYTES, "empty": b"",
         "unended": b"one\ntwo", "long": b"".join(b"line %d\n" % number for number in range(1, 301)), "wide": b"x" * 40000 + b"\nshort\n",
         "tree/a/one.c": b"int one;\n", "tree/a/two.h": b"int two; /* one */\n", "tree/b/three.txt": b"ONE\n", "tree/b/c/four": b"4\n"}

# Each means the same here and there: with the same files the same output and the same exit code.
COMMANDS = r"""
echo
echo one  two   'three  four'
echo -n no end
echo -e 'tab\tnew\nline \\ \0101 \x41'
echo -e 'cut\c off' more
echo -x -n
cat t/words t/unended t/words
cat -n t/words t/unended t/words
cat < t/words
cat t/bytes
cat - < t/blanks
head t/long
head -n 3 t/words
head -3 t/words t/numbers
head -c 10 t/bytes
head -n 0 t/words
head -q -n 1 t/words t/numbers
tail t/long
tail -n 2 t/words t/numbers
tail -2 t/unended
tail -n +298 t/long
tail -c 7 t/long
tail -c +1000 t/bytes
tail -c 100000 t/words
tail -n 3 < t/words
wc t/words
wc t/words t/long t/blanks
wc -l t/words
wc -lw t/words t/empty
wc < t/words
wc -c < t/words
sort t/words
sort -r t/words
sort -u t/words
sort -f t/words
sort -fu t/words
sort -n t/numbers
sort -nr t/numbers
sort -nu t/numbers
sort -t : -k 2n t/table
sort -t : -k 2,2nr -k 1 t/table
sort -t : -k 3.2 t/table
sort -k 2 t/blanks
sort -b -k 2 t/blanks t/table
sort t/words t/numbers t/unended
sort t/empty
uniq t/words
uniq -c t/words
uniq -d t/words
uniq -u t/words
uniq -i < t/words
grep apple t/words
grep -n an t/words t/table
grep -v a t/words
grep -c fig t/words t/table
grep -i banana t/words
grep -l fig t/words t/table t/long
grep -q fig t/words
grep -q nothing t/words
grep -E '^(a|f)[a-z]+g?$' t/words
grep '\(p\)\1' t/words
grep -F '.' t/numbers
grep -x fig t/words
grep -w two t/blanks
grep -o '[0-9][0-9]*' t/numbers
grep -on 'i' t/words
grep -h fig t/words t/words
grep -H fig t/words
grep -r one t/tree
grep -rl int t/tree
grep -e -3 t/numbers
grep '' t/empty
grep 'line 2[0-9][05]' t/long
grep -c '' t/unended
grep x t/wide
cut -d : -f 2 t/table
cut -d : -f 1,3- t/table
cut -d : -f 2 -s t/table
cut -c 2-4 t/words
cut -b 1,3 t/words
cut -c -3 t/long
cut -f 2 t/blanks
tr a-z A-Z < t/words
tr '[:lower:]' '[:upper:]' < t/words
tr -d aeiou < t/words
tr -s '[:space:]' < t/blanks
tr -cd '[:digit:]\n' < t/numbers
tr abc x < t/words
tr '\n' ' ' < t/words
tr -ds a-m n-z < t/words
seq 5
seq 3 7
seq 10 -3 0
seq -w 8 11
seq -s , 4
seq 5 1
seq -2 2
printf 'a %s b %5d c %-5s| %05d %x %o %c %% \101\n' one 42 two 7 255 8 xyz
printf '%s\n' one two three
printf '%s-%s\n' one two three
printf '%.2s|%5.3d|%X\n' abcdef 7 48879
printf '%b' 'a\tb\n'
printf plain
printf '%d %d %u\n' -5 0x1f 010
cmp t/words t/words
cmp t/words t/unended
cmp t/empty t/empty
cmp -s t/words t/table
cmp -l t/unended t/words
cmp t/unended t/unended
xargs < t/words
xargs -n 2 echo got < t/words
xargs -I {} echo [{}] < t/table
xargs -r echo none < t/empty
xargs echo none < t/empty
xargs false < t/words
basename /a/b/c.txt
basename /a/b/c.txt .txt
basename a/b/
basename /
basename c.txt c.txt
dirname /a/b/c
dirname a/b/
dirname a
dirname /a
dirname / a//b
mkdir -p d/e/f
mkdir g
cp t/words d
cp t/words t/table g
cp -r t/tree d
cp t/numbers d/words
cat d/words
mv d/words d/w
mv d/w g/table e1
cp t/words w1
mv w1 g
mv g/words g/w2
mv t/missing here
ls g d
ls -a g
ls -R d
ls -1 d g
ls -F d
ls -d d g
ls -r t
ls -S t/tree/a t/words t/long t/unended
find d
find d -type d
find t -name '*.c' -type f
find t -iname '*ONE*'
find t -maxdepth 1 -type f -size +1000c
find t -empty
find t -path '*tree/b*' -type f
find t -size -3c
find t -size 1
rmdir d/e/f
rmdir -p d/e
rmdir g
rm g/table
rm -r g
rm -rf g
rm -f missing
touch new
touch -c never
ls
cp t/empty new2
cmp new new2
cp -n t/words new2
cat new2
tee copy1 copy2 < t/words
tee -a copy1 < t/unended
cat copy1 copy2
env -i A=1 B=2
true
false
sleep 0.01
rm -r d e1 copy1 copy2 new new2 h
""".strip().splitlines()
# Where what is compared is not the same by its nature.
ONLY_CODE = ("mv t/missing", "mv d/w g/table e1", "rmdir g", "rmdir -p", "rm -r d e1")


def prepared(lab: Lab, files: dict[str, bytes] | None = None) -> tuple[Path, list[Module]]:
    """A directory of this machine with the files in its folder t, and modules that show the same to the system as /boot/t."""
    files = FILES if files is None else files
    here = lab.directory / "here"
    for path, contents in files.items():
        (here / "t" / path).parent.mkdir(parents=True, exist_ok=True)
        (here / "t" / path).write_bytes(contents)
    return here, [file_module(lab, f"t/{path}", contents) for path, contents in files.items()]


def sorted_lines(outcome: Outcome) -> list[str]:
    return sorted(outcome.text.splitlines())


@system_test(seconds=90)
def test_programs_do_what_others_of_their_names_do(lab: Lab) -> None:
    """Programs for files and text write what coreutils, findutils and grep write of the same files, and end with the same codes."""
    here, modules = prepared(lab)
    before = ["export PATH=/boot/bin", "cp -r /boot/t t", *(f"touch t/{path}" for path, contents in FILES.items() if not contents)]
    done = run(lab, [*before, *COMMANDS], *(module for module in modules if module.path.stat().st_size > 0), seconds=60)
    assert not any(outcome.code for outcome in done[:len(before)]), str(done[:len(before)])
    wrong = []
    for command, outcome in zip(COMMANDS, done[len(before):]):
        wanted = run_here(here, command)
        same = outcome.code == wanted.code and (command.startswith(ONLY_CODE) or outcome.output == wanted.output
                                                or (command.startswith(("find", "grep -r", "cmp -l")) and sorted_lines(outcome) == sorted_lines(wanted)))
        if not same:
            wrong.append(f"{command}: {outcome.code} {outcome.output[:300]!r}, not {wanted.code} {wanted.output[:300]!r}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(COMMANDS)}:", *wrong])


@system_test(seconds=60)
def test_every_program_has_help(lab: Lab) -> None:
    """--help tells of each program how to use it, on standard output, and ends with 0; an option that there is not ends with 2 and a hint."""
    names = [name for name in programs() if name not in ("true", "false")]
    done = run(lab, [line for name in names for line in (f"{name} --help", f"{name} -@")])
    wrong = []
    for name, helped, refused in zip(names, done[::2], done[1::2]):
        if helped.code != 0 or not re.match(rf"usage: {name}\b", helped.text) or not helped.text.endswith("\n"):
            wrong.append(f"{name} --help: {helped.code} {helped.text!r}")
        if name in ("echo", "find"):
            continue                # -@ is a text, and a condition
        if refused.code != 2 or refused.text != f"{name}: there is no option -@; see {name} --help\n":
            wrong.append(f"{name} -@: {refused.code} {refused.text!r}")
    assert len(names) > 40 and not wrong, "\n".join(wrong)
