# test and [.
t() { if "$@"; then echo "yes: $*"; else echo "no: $*"; fi; }
t [ ]; t [ '' ]; t [ a ]; t [ -n a ]; t [ -n '' ]; t [ -z '' ]; t [ -z a ]; t [ a = a ]; t [ a = b ]; t [ a != b ]
t [ 1 -eq 1 ]; t [ 1 -ne 1 ]; t [ 1 -lt 2 ]; t [ 2 -le 2 ]; t [ 3 -gt 4 ]; t [ 4 -ge 4 ]; t [ 010 -eq 8 ]; t [ -1 -lt 0 ]
t [ ! a ]; t [ ! '' ]; t [ ! a = b ]; t [ ! -n '' ]
t [ a -a b ]; t [ a -a '' ]; t [ '' -o b ]; t [ '' -o '' ]; t [ a = a -a b = b ]; t [ a = b -o b = b ]
t [ '(' a ')' ]; t [ '(' a = b ')' ]; t [ '(' a = a ')' -a b ]
t [ -n ]; t [ -a ]; t [ = ]; t [ '!' ]; t [ '(' ]; t [ - ]
t [ = = = ]; t [ -n = -n ]; t [ '!' = '!' ]
> file; echo x > full; t [ -e file ]; t [ -f file ]; t [ -d file ]; t [ -s file ]; t [ -s full ]; t [ -d . ]; t [ -e none ]
t [ -r file ]; t [ -f . ]; t test -f full
[ a b ] 2>/dev/null; echo $?; [ 1 -eq x ] 2>/dev/null; echo $?; [ a 2>/dev/null; echo $?
t [ 'a b' = 'a b' ]; t [ "" = "" ]; t [ x"" = x ]
[ -t 99 ] || echo no terminal
