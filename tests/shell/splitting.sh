# Fields: IFS.
say() { for word; do echo "<$word>"; done; echo "$# words"; }
v='  a  b	c
d  '
say $v; say "$v"; say x$v; say $v"y"; say x"$v"y
IFS=:
v='a:b::c:'; say $v
v=':a'; say $v; v='::'; say $v
v='a b:c d'; say $v "$v"
say a:b $(echo x:y:z)
IFS=' :'
v=' a : b  c::d : '; say $v
IFS=x
v=axbxxc; say $v; say axb
IFS=
v='a b  c'; say $v
IFS=' 	
'
v='*nothing*'; say $v
say $(echo a b; echo c) "$(echo a b; echo c)"
say "$(printf 'a\n\n\n')" "$(printf '\n\na')"
set -- 'a b' c
IFS=,; v="$*"; echo "$v"; v=$*; echo "$v"; for i in $*; do echo "[$i]"; done
unset IFS
v='a,b,c'; IFS=, ; set -- $v; echo $# $1 $2 $3
unset IFS
e=''; say $e$e; say $e''$e
n=0; for i in $e; do n=1; done; echo $n
for i in a $e b; do echo $i; done
