# Pipelines, subshells, $( ).
echo a | cat; echo a b c | { read x y; echo "$y"; }
printf 'c\na\nb\n' | while read x; do echo "<$x>"; done
x=1; echo 2 | read x; echo $x
echo a | cat | cat | cat
{ echo 1; echo 2; } | { read a; read b; echo $b$a; }
(echo 1; echo 2) | (read a; echo $a; cat)
for i in 1 2 3; do echo $i; done | while read i; do echo $((i*i)); done
if true; then echo t; fi | cat
case a in a) echo c;; esac | cat
f() { while read l; do echo "f $l"; done; }; printf '1\n2\n' | f
echo "$(echo a | cat)" $(echo $(echo $(echo deep)))
v=$(echo out; echo err >&2) 2>/dev/null; echo "$v"
v=$(false); echo $?; v=$(exit 3); echo $?; v=x; echo $?
v=`echo a; echo b`; echo "$v"
x=outer; v=$(x=inner; echo $x); echo $v $x
v=$(cat <<END
here $x
END
); echo "$v"
f() { x=$1; }; v=$(f changed; echo $x); echo $v $x
(cd /; pwd); case $(pwd) in /) echo wrong;; *) echo right;; esac
(x=1; (x=2; (x=3; echo $x); echo $x); echo $x)
set -- a b; (shift; echo $1 $#); echo $1 $#
(set -- x y z; echo $#); echo $#
unexported=1; (echo $unexported) | cat; { echo $unexported; } | cat
(exit 3) | cat; echo $?; echo | (exit 3); echo $?
echo $(case a in a) echo in case;; esac)
echo $( (echo nested); (echo twice) )
y=$(for i in 1 2 3; do echo $i; done); echo $y
true | { false; }; echo $?
echo x | { cat; echo y; } | cat
a=5; echo $(( $(echo $a) + $(echo 6) ))
echo "a$(echo)b"
cat /dev/null | cat; echo $?
v=$(printf 'x\0y'); echo ${#v}
i=0; for n in $(echo 1 2 3); do i=$((i+n)); done; echo $i
(trap 'echo trap in subshell' EXIT; echo body)
big=$(i=0; while [ $i -lt 300 ]; do echo 'a line that is rather long, so that the pipe has to be emptied'; i=$((i+1)); done); echo ${#big}
