"""The programs of a prompt: what they do, beside what those of the same names do on this machine."""

from __future__ import annotations

import re
from pathlib import Path

from batch import Outcome, program_modules, programs, run, run_here, start
from boot import BOOT_SECONDS, expect_in, file_module
from boot_entry import Module
from buses import image
from disks import make_fat
from lab import Lab, system_test

WORDS = "pear\napple\nfig\napple\nBanana\nfig\nfig\n\ncherry tart\n"
NUMBERS = "10\n9\n-3\n100\n2.5\n2.45\n007\nnone\n10\n"
TABLE = "ann:30:x y\nbob:4:z\ncid:30:a b\neve::q\nno fields here\n"
BLANKS = "  two  words\tand tabs\nplain\n \n"
BYTES = bytes(range(256)) * 3 + b"\0" * 100 + b"end without newline"
FILES = {"words": WORDS.encode(), "numbers": NUMBERS.encode(), "table": TABLE.encode(), "blanks": BLANKS.encode(), "bytes": BYTES, "empty": b"",
         "unended": b"one\ntwo", "long": b"".join(b"line %d\n" % number for number in range(1, 301)), "wide": b"x" * 40000 + b"\nshort\n",
         "tree/a/one.c": b"int one;\n", "tree/a/two.h": b"int two; /* one */\n", "tree/b/three.txt": b"ONE\n", "tree/b/c/four": b"4\n"}

LONG = FILES["long"].decode().splitlines(keepends=True)
FILES |= {"old": b"pear\napple\nfig\nBanana\nplum\nfig\nfig\n\nend\ncherry tart\n", "ended": b"one\ntwo\n",
          "longer": "".join([*LONG[:10], "new\n", *LONG[10:14], *LONG[15:40], "changed\n", "twice\n", *LONG[42:47], "near\n", *LONG[47:103], *LONG[100:103], *LONG[103:], "tail 1\n", "tail 2\n"]).encode()}

# Sizes at which what a program does once too often, or takes no memory for, is seen.
LARGE_FILES = {"quoted": b'"' + b"q" * 100_000 + b'" next\n', "endless": b"x" * 500_000 + b"y\n"}

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
grep -Fi 'BaNaNa' t/words
grep -Fc xxz t/endless
grep -Fio 'XY' t/endless
grep -Fo xxxxxxxxxxxxxxxxxxxx t/wide
grep -Fw two t/blanks
grep -Fow o t/words t/blanks
grep -x fig t/words
grep -e fig -e apple t/words
grep -o -e ap -e apple t/words
grep -c -e '^$' -e fig t/words t/table
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
sed s/a/A/ t/words
sed 's/a/[&]/g;s/\(p\)\1/<\1>/' t/words
sed -E 's/(.)(.)/\2\1/2' t/words
sed 's/b*/x/g' t/blanks
sed 's,l\,*,/,g' t/words
sed -n '/fig/p' t/words
sed -n '2,4p;$=' t/words
sed '/apple/,/fig/d' t/words
sed '2,/fig/!d' t/words
sed -n '/cherry/,$p' t/words
sed '3,1d' t/words
sed '2,+2d' t/words
sed -e 1d -e '$d' t/words t/unended
sed 3q t/long
sed -n '$p' t/unended t/words
sed '' t/unended
sed p t/unended
sed 's/AN/x/Ig' t/words
sed -n 's/a/A/2p' t/words
sed y/abc/xyz/ t/words
sed '/fig/a after' t/words
sed '1i before' t/words
sed '2,3c changed' t/words
sed '/fig/c\changed' t/words
sed -n 'N;P' t/words
sed 'N;s/\n/+/' t/words
sed '$!N;P;D' t/words
sed -n '1!G;h;$p' t/words
sed ':a;N;$!ba;s/\n/,/g' t/words
sed ':a;s/^\(-*\)[a-z]/\1-/;ta' t/words
sed -n '/a/{s//A/;p}' t/words
sed '/a/{/b/!d};=' t/words
sed x t/words
sed 'n;d' t/long
sed 's/[/]/x/;s/[^]a]/_/g' t/words
sed 's/$/ end/;s/^/begin /' t/words
sed 's/o/\n/;s/\t/ tab /' t/blanks
sed 2q4 t/words
sed s/x/y/g t/wide
sed s/a/A/ < t/words
expr 1 + 2 '*' 3 - 4
expr '(' 1 + 2 ')' '*' -3
expr 7 / 2
expr -7 % 3
expr 5 - 5
expr abc : 'a\(.\)c'
expr abc : 'a.*'
expr abc : b
expr abc : 'x\(.\)'
expr 10 '<=' 9
expr 10 '<=' 9a
expr abc = abc
expr 2 != 2
expr 0 '|' b
expr '' '|' 0
expr a '&' 0
expr a '&' b
expr length hello
expr substr hello 2 3
expr substr hello 9 1
expr index hello lo
expr + length
expr 1 + 1 = 2 '&' 3 '>=' 3
expr 000
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
diff t/words t/words
diff t/words t/old
diff t/old t/words
diff t/words t/empty
diff t/empty t/words
diff t/unended t/ended
diff t/ended t/unended
diff -q t/words t/old
diff t/long t/longer
diff t/words t
touch -d 2020-02-29T10:20:30 d1 d2
cp -p t/words d3
diff -u t/words t/words
cp t/words u1
cp t/old u2
cp t/unended u3
cp t/long u4
cp t/longer u5
touch -d 2020-02-29T10:20:30 u1 u2 u3 u4 u5
diff -u u1 u2
diff -u u2 u1
diff -u u1 d1
diff -u d1 u1
diff -u u3 u1
diff -u u4 u5
diff -U 0 u4 u5
diff -U 1 u5 u4
diff - u1 < t/old
rm d1 d2 d3 u1 u2 u3 u4 u5
xargs < t/words
xargs -n 2 echo got < t/words
xargs -I {} echo [{}] < t/table
xargs -r echo none < t/empty
xargs echo none < t/empty
xargs false < t/words
xargs -n 1 printf '%.10s|' < t/quoted
xargs -n 2 printf '%.10s|' < t/quoted
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
touch -t 202001010000 old1
touch -t 1901010000.30 old2
touch -d 2021-01-01T10:00:00 old3
touch -r old1 old4
mkdir old5
touch -mt 202002020000 old5
ls -td old1 old2 old3 old4 old5
cp old2 copied
cp -p old2 kept
ls -td old2 old3 copied kept
touch old1
touch -r old1 old5
ls -td old1 old2 old3 old4 old5
touch -d 2019-06-01T00:00:00 old5/below old5
cp -a old5 old6
cp -r old5 old7
ls -td old3 old5 old6 old7 old6/below old7/below
rm -r old1 old2 old3 old4 old5 old6 old7 copied kept
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
    here, modules = prepared(lab, FILES | LARGE_FILES)
    before = ["export PATH=/boot/bin", "cp -r /boot/t t", *(f"touch t/{path}" for path, contents in FILES.items() if not contents)]
    done = run(lab, [*before, *COMMANDS], image(lab, "rtc"), *(module for module in modules if module.path.stat().st_size > 0),
               lines="d\\rtc rtc.elf\n", seconds=60)
    assert not any(outcome.code for outcome in done[:len(before)]), str(done[:len(before)])
    wrong = []
    for command, outcome in zip(COMMANDS, done[len(before):]):
        wanted = run_here(here, command)
        same = outcome.code == wanted.code and (command.startswith(ONLY_CODE) or outcome.output == wanted.output
                                                or (command.startswith(("find", "grep -r", "cmp -l")) and sorted_lines(outcome) == sorted_lines(wanted)))
        if not same:
            wrong.append(f"{command}: {outcome.code} {outcome.output[:300]!r}, not {wanted.code} {wanted.output[:300]!r}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(COMMANDS)}:", *wrong])


# They have words in place of options.
OTHER_ARGUMENTS = ("biostrace", "keys", "modes", "picture", "trace")


@system_test(seconds=90)
def test_every_program_has_help(lab: Lab) -> None:
    """--help tells of each program how to use it, on standard output, and ends with 0; an option that there is not ends with 2 and a hint."""
    names = [name for name in programs() if name not in ("true", "false")]
    done = run(lab, [line for name in names for line in (f"{name} --help", f"{name} {'--help' if name in OTHER_ARGUMENTS else '-@'}")], seconds=60)
    wrong = []
    for name, helped, refused in zip(names, done[::2], done[1::2]):
        if helped.code != 0 or not re.match(rf"usage: {name}\b", helped.text) or not helped.text.endswith("\n"):
            wrong.append(f"{name} --help: {helped.code} {helped.text!r}")
        if name in ("echo", "expr", "find", *OTHER_ARGUMENTS):
            continue                # -@ is a text, and a condition
        if refused.code != 2 or refused.text != f"{name}: there is no option -@; see {name} --help\n":
            wrong.append(f"{name} -@: {refused.code} {refused.text!r}")
    assert len(names) > 40 and not wrong, "\n".join(wrong)


def below(path: str) -> int:
    """Bytes of the files below a path."""
    return sum(len(contents) for name, contents in FILES.items() if f"t/{name}".startswith(f"{path}/"))


def dumped(data: bytes, skipped: int = 0) -> str:
    """What hexdump -C writes, without lines left out."""
    lines = []
    for at in range(skipped, len(data), 16):
        row = data[at:at + 16]
        numbers = " ".join(" ".join(f"{byte:02x}" for byte in half).ljust(23) for half in (row[:8], row[8:]))
        lines.append(f"{at:08x}  {numbers[:23]}  {numbers[24:]}  |{''.join(chr(byte) if 32 <= byte < 127 else '.' for byte in row)}|\n")
    return "".join(lines) + f"{len(data):08x}\n"


@system_test(seconds=90)
def test_programs_for_files_tell_what_is_there(lab: Lab) -> None:
    """ls in columns and long lists, du, df, stat, hexdump, more, and how each asks before it overwrites or removes."""
    here, modules = prepared(lab, {path: contents for path, contents in FILES.items() if contents})
    repeated = b"\0" * 64 + b"end"
    yes, no = file_module(lab, "yes", "y\ny\ny\n"), file_module(lab, "no", "n\n")
    commands = {
        "ls -l /boot/t/words": re.compile(rf"-r- {len(WORDS)}                - /boot/t/words\n"),
        "ls -lh t": re.compile(r"(?s)-rw   30 .*-rw 2\.6K .* long\n.*drw    0 .* tree\n.*-rw  40K .* wide\n.*"),
        "du -b t": "".join(f"{below(path)}\t{path}\n" for path in ("t/tree/a", "t/tree/b/c", "t/tree/b", "t/tree", "t")),
        "du -sh t": f"{(below('t') + 1023) // 1024}K\tt\n",
        "du -a t/tree/b": "1\tt/tree/b/c/four\n1\tt/tree/b/c\n1\tt/tree/b/three.txt\n1\tt/tree/b\n",
        "df": re.compile(r"(?s)PATH .*\n/boot .*r-.*\n/tmp +memory +- +rw +\d+ +\d+ +\d+ +\d+%\n.*"),
        "df -h": re.compile(r"(?s).*/tmp +memory +- +rw +[\d.]+[KM] +[\d.]+[KM] +[\d.]+[KM] +\d+%\n.*"),
        "stat t/words": re.compile(rf"(?s)   path: t/words\n   kind: file\n   size: {len(WORDS)} bytes\n rights: read and write\nchanged: .*"),
        "stat t /nothing": re.compile(r"(?s).*kind: directory.*stat: /nothing: no such file or directory\n"),
        "hexdump -C t/unended": dumped(b"one\ntwo"),
        "hexdump -v t/bytes": dumped(BYTES),
        "hexdump -n 20 -s 32 t/bytes": dumped(BYTES[:52], 32),
        "hexdump /boot/repeated": dumped(repeated).splitlines()[0] + "\n*\n" + "\n".join(dumped(repeated).splitlines()[4:]) + "\n",
        "more t/words": WORDS,
        "more < t/words": WORDS,
        "pwd": "/tmp/batch\n",
        "cp -i t/table t/words < /boot/no": "cp: overwrite t/words? ",
        "cmp t/words /boot/t/words": "",
        "cp -iv t/table t/words < /boot/yes": "cp: overwrite t/words? t/table -> t/words\n",
        "mv -i t/wide t/words < /boot/no": "mv: overwrite t/words? ",
        "rm -i t/words t/wide < /boot/yes": "rm: remove t/words? rm: remove t/wide? ",
        "rm -ri t/tree < /boot/no": "rm: go into directory t/tree? ",
        "rm -rv t/tree/b": "removed t/tree/b/c/four\nremoved t/tree/b/c\nremoved t/tree/b/three.txt\nremoved t/tree/b\n",
        "cp -rv t/tree t/copy": "t/tree/a/one.c -> t/copy/a/one.c\nt/tree/a/two.h -> t/copy/a/two.h\n",
        "mv -v t/copy t/moved": "t/copy -> t/moved\n",
        "mkdir -pv p/q": "made p\nmade p/q\n",
        "rmdir -pv p/q": "removed p/q\nremoved p\n",
        "touch t/new": "",
        "touch -d 2020-02-29T12:34:56 t/new": "",
        "stat t/new": re.compile(r"(?s).*\nchanged: 2020-02-29 12:34\n.*"),
        "cp -p t/new t/new1": "",
        "stat t/new1": re.compile(r"(?s).*\nchanged: 2020-02-29 12:34\n.*"),
        "touch t/new1": "",
        "find t/new1 -type f": "t/new1\n",
        "stat t/new1 t": re.compile(r"(?s).*\nchanged: (?!2020-02-29).*\nchanged: (?!2020-02-29).*"),
        "find t/new -empty": "t/new\n",
        "sync": "",
        "sleep 0.01": "",
    }
    columns = [(f"ls {what}", f"ls -C -w 40 -T 0 {what}") for what in ("t", "-a t", "-F t", "-r t", "t/tree t/tree/a t/words")]
    guest = ["export PATH=/boot/bin", "cp -r /boot/t t", "touch -d 2020-02-29T12:00:00 t", "export COLUMNS=40", *(command for command, _ in columns), "export COLUMNS=", *commands]
    done = run(lab, guest, *modules, yes, no, file_module(lab, "repeated", repeated), seconds=60)
    assert not any(outcome.code for outcome in done[:4])
    wrong = [f"{command}: {outcome.text!r}, not {wanted.text!r}" for (command, other), outcome in zip(columns, done[4:])
             if outcome.output != (wanted := run_here(here, other)).output]
    for (command, wanted), outcome in zip(commands.items(), done[4 + len(columns) + 1:]):
        same = outcome.text == wanted if isinstance(wanted, str) else wanted.fullmatch(outcome.text) is not None
        if not same:
            wrong.append(f"{command}: {outcome.code} {outcome.text!r}, not {wanted if isinstance(wanted, str) else wanted.pattern!r}")
    assert not wrong, "\n".join(wrong)


@system_test(seconds=60)
def test_times_go_along_to_another_file_system(lab: Lab) -> None:
    """mv and cp -p to a FAT file system keep the times of files and directories; df tells of the one that a path is in."""
    (lab.directory / "tree").mkdir()
    (lab.directory / "tree" / "old").write_text("old\n")
    make_fat("fat12", lab.directory / "tree", lab.directory / "fat12")
    changed = r"(?s).*\nchanged: 2020-02-29 12:34\n.*"
    commands = {
        "mkdir d": "", "cp /disk/old d/f": "", "touch -d 2020-02-29T12:34:56 d/f d": "", "cp -rp d /disk/copy": "", "mv d /disk/moved": "", "ls": "",
        **{f"stat /disk/{path}": changed for path in ("copy", "copy/f", "moved", "moved/f")}, "mv /disk/moved back": "", "stat back": changed,
        "stat back/f": changed, "ls /disk": "copy\\s+old\n",
        "df /disk/copy/f . /disk": r"PATH .*\n/disk +fat\S* +disks\\ram\\0 .*\n/tmp +memory .*\n/disk .*\n",
    }
    disk = "d\\virtual virtual.elf -- ram=1440 image=images/fat12\nd\\rtc rtc.elf\n"
    done = run(lab, ["export PATH=/boot/bin", *commands], image(lab, "virtual"), image(lab, "rtc"), Module(lab.directory / "fat12", "file:images/fat12"),
               lines=disk, mounts=r"needs=disks\ram\0 -- mount=disks\ram\0:/disk")[1:]
    wrong = [f"{command}: {outcome.code} {outcome.text!r}, not {pattern!r}" for (command, pattern), outcome in zip(commands.items(), done)
             if outcome.code != 0 or re.fullmatch(pattern, outcome.text) is None]
    assert not wrong, "\n".join(wrong)


# What is wrong, the exit code, and what is said of it.
MISTAKES = [
    ("cat /nothing", 1, "cat: /nothing: no such file or directory"),
    ("cat /tmp", 1, "cat: /tmp: is a directory"),
    ("ls /nothing", 1, "ls: /nothing: no such file or directory"),
    ("cp /boot/t/words", 2, "cp: an argument is missing behind /boot/t/words; see cp --help"),
    ("cp", 2, "cp: an argument is missing; see cp --help"),
    ("cp /tmp /tmp/x", 1, "cp: /tmp: is a directory: -r copies those"),
    ("cp /boot/t/words /boot/t/new", 1, "cp: /boot/t/new: read-only file system"),
    ("cp /boot/t/words w", 0, ""),
    ("cp w w", 1, "cp: w and w are the same"),
    ("cp w w w", 1, "cp: w: is no directory, so only one file can be put there"),
    ("cp -r /tmp/batch /tmp/batch/below", 1, "cp: /tmp/batch/below/below: cannot be copied into itself"),
    ("mv w /boot/w", 1, "mv: /boot/w: read-only file system"),
    ("mv nothing w", 1, "mv: nothing: no such file or directory"),
    ("mv below w", 1, "mv: below: cannot become w: not a directory"),
    ("rm below", 1, "rm: below: is a directory: -r removes those with all that is in them"),
    ("rm -r .", 1, "rm: .: cannot be removed: it is the root, or where somebody is"),
    ("rm -r /", 1, "rm: /: cannot be removed: it is the root, or where somebody is"),
    ("rm -r below/..", 1, "rm: below/..: cannot be removed: it is the root, or where somebody is"),
    ("rm /boot/t/words", 1, "rm: /boot/t/words: read-only file system"),
    ("rm", 2, "rm: a path is missing; see rm --help"),
    ("mkdir w", 1, "mkdir: w: exists already"),
    ("mkdir a/b", 1, "mkdir: a/b: no such file or directory"),
    ("mkdir -p w/b", 1, "mkdir: w: not a directory"),
    ("rmdir below", 1, "rmdir: below: directory is not empty"),
    ("rmdir w", 1, "rmdir: w: not a directory"),
    ("touch /boot/x", 1, "touch: /boot/x: read-only file system"),
    ("touch -t 202402301200 w", 2, "touch: -t: there is no time 202402301200; see touch --help"),
    ("touch -t 2024022912001 w", 2, "touch: -t: there is no time 2024022912001; see touch --help"),
    ("touch -d 2024-02-29 w", 2, "touch: -d: there is no time 2024-02-29; see touch --help"),
    ("touch -r nothing w", 2, "touch: nothing: no such file or directory; see touch --help"),
    ("touch /boot/t/words", 1, "touch: /boot/t/words: read-only file system"),
    ("df nothing", 1, "df: nothing: no such file or directory"),
    ("head -n x w", 2, "head: -n: x is no number from 0 to 922337203685477580; see head --help"),
    ("head -n", 2, "head: -n needs a value behind it; see head --help"),
    ("sort -k 0 w", 2, "sort: -k: 0 is no key; see sort --help"),
    ("sort -t ab w", 2, "sort: -t: ab is not one character; see sort --help"),
    ("grep '[' w", 2, "grep: [: a [ has no ]; see grep --help"),
    ("grep a below", 2, "grep: below: is a directory: -r searches those"),
    ("cut w", 2, "cut: -c or -f must say what is wanted; see cut --help"),
    ("cut -f 3-2 w", 2, "cut: 3-2 is no list like 1,3-5,7-; see cut --help"),
    ("tr a", 2, "tr: an argument is missing behind a; see tr --help"),
    ("tr z-a x", 2, "tr: z-a: a range goes backwards; see tr --help"),
    ("sed s/a/b w", 2, "sed: what begins with b has no end; see sed --help"),
    ("sed k w", 2, "sed: there is no function k; see sed --help"),
    ("sed {p w", 2, "sed: a { has no }; see sed --help"),
    ("sed p} w", 2, "sed: a } has no {; see sed --help"),
    ("sed bx w", 2, "sed: there is no label x; see sed --help"),
    ("sed pp w", 2, "sed: p is too much behind p; see sed --help"),
    ("sed p nothing", 1, "sed: nothing: no such file or directory"),
    ("sed y w", 2, "sed: what y is to replace is missing; see sed --help"),
    ("diff w", 2, "diff: an argument is missing behind w; see diff --help"),
    ("diff w nothing", 2, "diff: nothing: no such file or directory"),
    ("diff below w/x", 2, "diff: below/x: no such file or directory"),
    ("expr", 2, "expr: an argument is missing at the end; see expr --help"),
    ("expr 1 +", 2, "expr: an argument is missing at the end; see expr --help"),
    ("expr 1 2", 2, "expr: 2 is an argument too much; see expr --help"),
    ("expr a + 1", 2, "expr: a is no number; see expr --help"),
    ("expr 1 / 0", 2, "expr: it divides by zero; see expr --help"),
    ("expr 9223372036854775807 + 1", 2, "expr: the result is too large; see expr --help"),
    ("expr ( 1", 2, "expr: a ( has no ); see expr --help"),
    ("seq 1 0 5", 2, "seq: a step of 0 leads nowhere; see seq --help"),
    ("printf %d x", 1, "printf: x: is no number\n0"),
    ("printf %q", 1, "printf: %q: there is no such directive"),
    ("find w -type x", 2, "find: -type x is not known; see find --help"),
    ("find w -name", 2, "find: -name needs a value behind it; see find --help"),
    ("cmp w", 2, "cmp: an argument is missing behind w; see cmp --help"),
    ("cmp w nothing", 2, "cmp: nothing: no such file or directory"),
    ("sleep x", 2, "sleep: x is no time; see sleep --help"),
    ("xargs nothing < w", 127, "xargs: nothing: no such file or directory"),
    ("env nothing", 127, "env: nothing: no such file or directory"),
    ("env false", 1, ""),
    ("ps nobody", 1, "ps: nobody: there is no such process"),
    ("kill -WHAT 1", 2, "kill: there is no option -WHAT; see kill --help"),
    ("log -l loud", 2, "log: -l: loud is no level: emerg, error, warn, info, debug are; see log --help"),
    ("date yesterday", 2, "date: yesterday is no time as 2024-02-28T23:59:58; see date --help"),
    ("spawn nothing", 1, "spawn: nothing: is in none of the directories of PATH"),
    ("spawn -c server /boot/bin/true", 1, "spawn: /boot/bin/true: not permitted: this session may not start programs of that class or name"),
    ("spawn w", 1, "spawn: w: is in none of the directories of PATH"),
    ("spawn ./w", 1, "spawn: ./w: is not a program: it is cut short: a header or segment lies behind its end"),
    ("pwd x", 2, "pwd: x is an argument too much; see pwd --help"),
    ("supervised nobody", 1, "supervised: d\\init watches over no such program"),
]


@system_test(seconds=90)
def test_mistakes_are_told(lab: Lab) -> None:
    """What cannot be done is told on standard error: who, what, why; and the exit code is 1, or 2 where the arguments are wrong."""
    done = run(lab, ["export PATH=/boot/bin", *(command for command, _, _ in MISTAKES)], file_module(lab, "t/words", WORDS), seconds=60)[1:]
    wrong = [f"{command}: {outcome.code} {outcome.text!r}, not {code} {said!r}" for (command, code, said), outcome in zip(MISTAKES, done)
             if outcome.code != code or said not in outcome.text or (said == "") != (outcome.text == "")]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(MISTAKES)}:", *wrong])


@system_test(seconds=90)
def test_programs_show_the_system(lab: Lab) -> None:
    """Processes, memory, log, devices, what is supervised; a program is started away from the terminal, put to sleep, woken and ended."""
    number = r"\d+"
    commands = {
        "ps": rf"(?s) +ID +PARENT STATE .*\n +{number} +0 - +1 +{number}K +{number}\.\d\d d\\init\n.* a\\batch\n.* a\\ps\n",
        "ps -t": r"(?s).* d\\init\n.*   s\\vfs\n.*   a\\batch\n[^\n]*     a\\ps\n",
        "ps -l log init": rf"(?s)[^\n]* ROLE .*\n[^\n]* log +{number} +{number}K [^\n]* a\\log\n[^\n]* supervisor [^\n]* d\\init\n",
        "spawn sleep 1000": rf"{number}\n",
        "ps sleep": r"(?s).* - [^\n]* a\\sleep\n",
        "kill -STOP sleep": "",
        "ps a\\sleep": r"(?s).* asleep [^\n]* a\\sleep\n",
        "kill -CONT sleep": "",
        "ps sleep  ": r"(?s).* - [^\n]* a\\sleep\n",
        "spawn -n other sleep 1000": rf"{number}\n",
        "kill other sleep": "",
        "ps  sleep": r"(?s).*\nps: sleep: there is no such process\n",
        "spawn -n log2 echo to the log": rf"{number}\n",
        "sleep 0.1": "",
        "log -n 1 -l warn": r".* warn d\\init: .*\n|",
        "log > logged": "",
        "grep -E 'started s.vfs|to the log' logged": r"[^\n]*info d\\init: started s\\vfs\n[^\n]*info a\\log2: to the log\n",
        "log -n 2": r"[^\n]*\n[^\n]*\n",
        "kill log": r"kill: log: not permitted: it is a part of the system\n",
        "kill -9 vfs": r"kill: vfs: not permitted: servers and drivers are not for applications to end\n",
        "kill -l": r"(?s).* 9 KILL\n.*",
        "kill -0 batch": "",
        "free": rf"total +{number}\nfree +{number}\nkernel +{number}\nobjects +{number}\nprocesses +{number}\nshared +{number}\n",
        "free -h": r"(?s)total +[\d.]+M\n.*",
        "uptime": rf"\d\d:\d\d:\d\d since the boot, {number} processes, {number} threads\n",
        "uname -a": r"Ternion \S+ i386\n",
        "uname": r"Ternion\n",
        "top": rf"(?s)up .*\nprocessor {number}\.\d% busy; memory {number} K, {number} K free\n +ID .*\n.*d\\init\n.*",
        "devices": rf"(?s).*screens\\text\\0 +text +d\\console .*\n{number} devices\n",
        "supervised": rf"(?s)STATE .*\nrunning +0 +{number} s\\tasks\n.*running +0 +{number} a\\batch\n",
        "supervised -g log": r"(?s)STATE .*running [^\n]* a\\log\n    role=log partners=\S+\n",
        "date": r"\w+day, 2024-02-29 \d\d:\d\d:\d\d\n",
        "date 2025-03-01T12:00:00": "",
        "date ": r"Saturday, 2025-03-01 12:00:\d\d\n",
        "date 2025-02-29T12:00:00": r"date: 2025-02-29T12:00:00: there is no such date\n",
        "trace s\\vfs": r"trace: nothing is traced: the grant of this process has not RIGHT_TRACE\n",
        "clear": r"\x1b\[H\x1b\[2J",
        "modes": r"(?s)screens\\display\\0: .*\nmode 0x[^\n]*\n\d+ modes\n",
        "picture t/words seconds=1": r"picture: t/words: not shown, as no picture .*\n.*0 pictures shown, 1 failed\n",
        "picture nofile": r"picture: nofile: no such file or directory\n.*0 pictures shown, 1 failed\n",
        "picture seconds=1 picture.png": r"picture.png: 640x480, shown in mode .*\n1 pictures shown, 0 failed\n",
    }
    lines = "d\\rtc rtc.elf\nd\\virtual_display virtual_display.elf -- screens\\display\\0 log\n"
    files = [file_module(lab, "t/words", WORDS), Module(lab.build / "modules" / "demo.png", "file:picture.png")]
    modules = [*(image(lab, name) for name in ("rtc", "virtual_display")), *files]
    done = run(lab, ["export PATH=/boot/bin", "cp -r /boot/t /boot/picture.png .", *commands], *modules, lines=lines, seconds=60,
               arguments=["-rtc", "base=2024-02-29T10:00:00,clock=vm"])[2:]
    wrong = [f"{command}: {outcome.code} {outcome.text!r}, not {pattern!r}" for (command, pattern), outcome in zip(commands.items(), done)
             if re.fullmatch(pattern, outcome.text) is None]
    assert not wrong, "\n".join(wrong)


@system_test(seconds=90)
def test_machine_is_switched_off_by_those_who_may(lab: Lab) -> None:
    """poweroff ends the machine's work for a session that the arguments of s\\tasks name; another is told that it may not."""
    with start(lab, ["poweroff"], options="exit=qemu") as machine:
        assert machine.wait_for_exit(BOOT_SECONDS) == 1, machine.serial_text()[-1000:]
    for command in ("poweroff", "reboot"):
        refused = run(lab, [command], power="a\\nobody")[0]
        expect_in(f"{command}: not permitted: only sessions that are named in the arguments of s\\tasks", refused.text)
        assert refused.code == 1


SMALL = 4 * 1024                    # bytes of an ELF file
LARGE = {"biostrace": 12 * 1024, "diff": 5 * 1024, "expr": 5 * 1024, "grep": 5 * 1024, "keys": 5 * 1024, "modes": 9 * 1024, "picture": 72 * 1024, "sed": 8 * 1024, "trace": 24 * 1024}
LIBRARY = 148 * 1024


@system_test(seconds=30)
def test_programs_are_small(lab: Lab) -> None:
    """A program of a prompt has one page, and the library that they share 37; some, such as the one for pictures, have more."""
    sizes = {module.name.removeprefix("file:bin/"): module.path.stat().st_size for module in program_modules(lab)}
    large = {name: size for name, size in sizes.items() if size > LARGE.get(name, SMALL)}
    assert not large, str(large)
    library = (lab.build / "modules" / "libc.elf").stat().st_size
    assert library <= LIBRARY, f"{library} bytes of the library"
