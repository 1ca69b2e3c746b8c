# Built-in commands.
export A=1 B; B=2; echo $A $B; export A="x y"; echo "$A"
export C='a  b' D=$A; echo "$C" "$D"
readonly R=1; (R=2) 2>/dev/null; echo $? $R; (unset R) 2>/dev/null; echo $R
unset A B; echo "${A-unset}" "${B-unset}"
set -- a b c; shift; echo $*; shift 2; echo $#
eval 'echo eval' "x"; eval; echo $?; eval false; echo $?; x='echo "a b"'; eval "$x"; y=x; eval "z=\$$y"; echo $z
false; eval 'echo $?'
eval 'if true; then
echo lines; fi'
: ; echo $?; : ${v:=set}; echo $v
true; echo $?; false; echo $?
echo -n a; echo b; echo; echo ''
printf '%s\n' a b c; printf '%s %s\n' a b c; printf 'x\n'; printf '%d %i %u %x %X %o %c\n' 10 -5 7 255 255 8 word
printf '[%5d][%-5d][%05d][%+d][% d][%.3d]\n' 42 42 42 42 42 42
printf '[%5s][%-5s][%.2s][%c]\n' abc abc abc abc; printf '%%\t|\n'; printf '%b|\n' 'a\tb\nc' ; printf '\101\n'
printf '%d %d\n' 0x1f 010; printf "%d\n" "'A"; printf '%s'; printf 'a%sb%dc\n'
printf '%#x %#o\n' 255 8; printf '%*d|%-*s|\n' 5 42 6 ab; printf '%b' 'a\cb'; echo
(cd /; pwd; cd /tmp; echo $PWD; cd ..; pwd; cd - ; echo $OLDPWD; cd /nonexistent 2>/dev/null || echo failed)
type true >/dev/null; echo $?; type nonexistent 2>/dev/null >&2; [ $? -ne 0 ] && echo none
command -v true; command -v nonexistent; echo $?; command echo command; command -v if
f() { echo f; }; command -v f
while getopts ab:c opt -a -b arg -c rest; do echo "$opt ${OPTARG:-none}"; done; echo $OPTIND
OPTIND=1; set -- -ab val -cx; while getopts :ab:c o; do echo "$o ${OPTARG:-none}"; done; shift $((OPTIND-1)); echo $#
OPTIND=1; getopts :a: o -a; echo "$o $OPTARG"
printf 'a b  c\\d\n' > in; read x y < in; echo "<$x><$y>"; read -r x y < in; echo "<$x><$y>"; read x < in; echo "<$x>"
printf 'one\\\ntwo\n' > in; read x < in; echo "$x"; printf 'no newline' > in; read x < in; echo $? "$x"
read x < /dev/null; echo $? "<$x>"
printf 'a:b:c\n' > in; IFS=: read x y < in; echo "$x $y"; printf 'a:b:\n' > in; IFS=: read x y < in; echo "$x $y"
printf ' a  b  \n' > in; read x < in; echo "<$x>"; IFS= read x < in; echo "<$x>"
echo 'echo sourced $1; v=from_file; return 4; echo not' > in; . ./in; echo $? $v
alias ll='echo alias'; unalias ll
trap 'echo exit trap $?' EXIT; trap | cat > /dev/null
wait; wait 99999; echo $?
x=1; x=2 y=3 :; echo $x $y
x=1; x=2 true; echo $x
x=1; x=5 eval 'echo $x'
hash cat; echo $?; hash no-such-program; echo $?; hash -r; echo $?; hash; umask 022; echo $?; umask u=rwx,g=rx; echo $?
exec > out; echo to file; exec >&2 2>/dev/null; cat out >/dev/null
(exec echo replaced; echo not) >> out
exit 3
