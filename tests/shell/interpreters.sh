# What the first line of a script names runs it.
script() { printf "$@" > s; chmod +x s 2> /dev/null; }
script '#!/bin/cat\ntext\n'; ./s; ./s s
script '#! /bin/echo -n  two words \t\ntext\n'; ./s a 'b c'; echo $?
script '#!/bin/sort -r\na\nb\n'; ./s
script '#!\t/bin/sh\necho "$0 $# $2"; exit 4\n'; ./s a 'b c'; echo $?
script '#!/bin/sh -e\nfalse; echo no\n'; ./s; echo $?
script '#!\necho "by the shell $1"\n'; ./s x
script '#!/nowhere/of-no-such-name x\n'; ./s || echo failed
script 'echo "no line $1"\n'; ./s x; (./s y); ./s z | cat
