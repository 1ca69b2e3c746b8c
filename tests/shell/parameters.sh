# Parameters and their operations.
say() { for word; do echo "<$word>"; done; echo "$# words"; }
x=value; empty=
unset unset
say $x ${x} "${x}y" $empty "$empty" $unset "$unset" x$empty
say ${x-d} ${x:-d} ${empty-d} ${empty:-d} ${unset-d} ${unset:-d}
say ${x+a} ${x:+a} ${empty+a} ${empty:+a} ${unset+a} ${unset:+a}
say ${empty=a} ${empty:=b} $empty; empty=
say ${unset=c} $unset; unset unset
say "${unset-a b}" ${unset-a b} ${unset:-"a b"} ${unset-'c  d' e}
say "${unset:-"x y"}" "${x:+"$x z"}"
say ${#x} ${#empty} ${#unset} "${#x}"
set -- one two 'three four' five six seven eight nine ten eleven
say $1 "$3" ${10} $10 ${11} ${#1} $# ${#}
say "$@"
say "$*"
say $*
say x"$@"y
say "a $@ b"
set -- ''  'a' ''
say "$@"
say $@
set --
say "$@"
say "x$@"
say "${1-none}" ${2:-empty}
set -- a b c
IFS=-; say "$*" $*; IFS=; say "$*" $*; unset IFS; say "$*"
path=/usr/local/lib/libx.so.1
say ${path#/} ${path#*/} ${path##*/} ${path%.*} ${path%%.*} ${path%/*} ${path#x} ${path%x}
say "${path#"/usr"}" "${path%'.1'}" ${path##*[.]}
star='*a*'; v='x*a*y'
say "${v#x$star}" "${v#x"$star"}" "${v%"$star"y}"
p='[ab]'; say "${x#$p}" "${x##[a-v]}"
nested=${unset:-${x#v}}; say $nested
say "${x%"${x#?}"}"
say ${x:-$(echo not run >&2)}
a=1 b=$a; say $a $b
a=~; case $a in '~') say tilde;; *) say home;; esac
HOME=/home/me; say ~ ~/x a~ "~" \~ x=~
y=~:~/b; say "$y"
echo "$?" "${?}"; false; echo $?
(exit 7); echo $?
say "${x}'s" "${unset:-it's}"
say "${unset-a}b}" ${unset-\}} "${unset-\}}"
