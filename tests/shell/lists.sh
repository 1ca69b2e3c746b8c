# Lists, conditions, loops.
true && echo 1; false && echo 2; true || echo 3; false || echo 4
true && false || echo 5; false || true && echo 6
! false && echo 7; ! true || echo 8
if true; then echo then; else echo else; fi
if false; then echo then; elif true; then echo elif; else echo else; fi
if false; then echo then; elif false; then echo elif; else echo else; fi
if false; then echo x; fi; echo $?
if ! false; then echo not; fi
i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done
until [ $i -eq 0 ]; do echo $i; i=$((i-1)); done
while false; do :; done; echo $?
for i in a b c; do echo $i; done
for i in; do echo never; done; echo $?
set -- x y; for i do echo $i; done; for i; do echo $i; done
for i in 1 2 3; do for j in 1 2 3; do [ $j = 2 ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done
for i in 1 2 3; do if [ $i = 2 ]; then break; fi; echo $i; done; echo $i
while true; do while true; do break 2; done; done; echo out
for i in 1 2; do continue; echo never; done; echo $?
{ echo group; echo two; }; { false; }; echo $?
(echo sub; false); echo $?
x=1; (x=2; echo $x); echo $x
a=1; { a=2; }; echo $a
false; true; echo $?
echo a; echo b & wait; echo c
true & wait $!; echo $?
false & wait $!; echo $?
(exit 5) & wait $!; echo $?
if (exit 3); then :; else echo $?; fi
while :; do echo once; break; done
for i in 1 2 3
do
    case $i in
    2) continue ;;
    esac
    echo $i
done
true &&
echo joined ||
echo not
false |
true
echo $?
true | false; echo $?
! true | false; echo $?
time=1; echo $time
for x in $(echo a b) "c d" `echo e`; do echo "$x"; done
if [ -n "$x" ] && { [ "$x" = e ] || [ "$x" = f ]; }; then echo complex; fi
