# Words: quotes, backslashes, comments, joined lines.
say() { for word; do echo "<$word>"; done; echo "$# words"; }
say a b  c	d
say 'a b' "c d" e\ f
say '' "" ''""
say a''b "a"'b'c\d
say 'it'\''s' "say \"x\"" "\$x \\ \`"
say "a
b" 'c
d'
say a#b '#' # a comment
# say not
say a\
b "c\
d" 'e\
f'
say \\ \' \" \$ \; \& \| \< \> \( \)
say $ a$ $% "$" "a$ b"
say {a,b} a=b =c ~x a~
say "$(echo "inner \"quotes\" $(echo 'deep')")"
say `echo a\`echo b\`c` "`echo "q w"`"
say !x [ ] { }
echo if then else fi; echo for in do done case esac while
if=1; echo $if
say -n -- --x
