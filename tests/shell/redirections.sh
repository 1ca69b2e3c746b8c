# < and >. The directory is empty.
echo one > f; cat f; echo two >> f; cat f; cat < f
{ echo a; echo b; } > g; cat g
echo err >&2 2>/dev/null
{ echo out; echo err >&2; } 2>/dev/null
{ echo out; echo err >&2; } > h 2>&1; cat h
{ echo out; echo err >&2; } 2>&1 > h | cat; cat h
exec 3> k; echo to three >&3; exec 3>&-; cat k
exec 4< k; read line <&4; echo "$line"; exec 4<&-
cat <<END
a $((1+1)) $(echo sub) \$x "q" 'q' \\ \a
  two
END
cat <<'END'
a $((1+1)) $(echo sub) \$x
END
cat <<-END
	tab
		tabs
	END
cat <<A; cat <<B
first
A
second
B
cat <<END | cat
piped
END
for i in 1 2; do cat <<END; done
round $i
END
while read line; do echo "[$line]"; done < f
while read a b; do echo "$b $a"; done <<END
1 one
2 two
END
if true; then echo cond; fi > m; cat m
f() { echo in f; } > n; f; cat n
> empty; cat empty; echo $?
echo x > "a b"; cat "a b"; cat a\ b
cat < nothere 2>/dev/null || echo failed
echo no > nodir/x 2>/dev/null || echo failed
echo a >&1 | cat
set -C; echo y > f 2>/dev/null || echo failed; echo z >| f; set +C; cat f
echo 2>w three; cat w
echo 1 2>w; echo 12>w; cat w
exec 5>&1; (echo through five >&5) > w; cat w
cat f - < k
read x < f; echo $x
read x y <<END
 lead  trail  
END
echo "<$x><$y>"
echo done <&-
cat <> f
