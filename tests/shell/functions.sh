# Functions.
f() { echo "f: $# [$1] [$2]"; }
f; f a; f "a b" c
g() { return 3; }; g; echo $?
h() { false; }; h; echo $?
k() { echo before; return; echo after; }; k; echo $?
set -- outer; p() { echo $1; set -- changed; echo $1; }; p inner; echo $1
r() { if [ $1 -gt 0 ]; then echo $1; r $(($1-1)); fi; }; r 4
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(($1 * $(fact $(($1-1))))); fi; }; fact 6
v=global; m() { v=changed; }; m; echo $v
l() { local v=inner w; echo $v; w=1; n; }; n() { echo "n sees $v"; }; l; echo $v "${w-unset}"
q() { echo q1; q() { echo q2; }; }; q; q
s() (echo subshell; exit 4); s; echo $?
t() if true; then echo iff; fi; t
u() { for i in 1 2 3; do if [ $i = 2 ]; then return 9; fi; echo $i; done; }; u; echo $?
x=1 f; echo "${x-unset}"
unset -f q; q 2>/dev/null; echo $?
w() { echo "$@" | cat; }; w a b
y() { cat; }; echo piped | y
z() { echo to file; }; z > out; cat out
loop() { break 2>/dev/null; echo after break; }; for i in 1 2; do loop; echo $i; done
shifty() { shift; echo $# "$@"; shift 2; echo $#; }; shifty a b c d
args() { for a in "$@"; do echo "<$a>"; done; }; args "x y" '' z
true && cond() { echo cond; }; cond
echo() { command printf 'my echo %s\n' "$*"; }; echo x; unset -f echo; echo plain
set -e; e() { false; echo not reached; }; (e); command echo x
