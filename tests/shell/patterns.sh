# Patterns in case.
try() { case $1 in $2) echo "$1 fits $2";; *) echo "$1 does not fit $2";; esac; }
try abc abc; try abc 'a*'; try abc '*c'; try abc '*b*'; try abc '?b?'; try abc '??'; try '' '*'; try '' '?'
try abc '[a-c]bc'; try abc '[!a]bc'; try a-c 'a[-x]c'; try 'a]c' 'a[]]c'; try abc 'a[b'
try abc '[[:alpha:]]*'; try 1bc '[[:digit:]]bc'; try abc '[[:upper:]]*'; try 'a c' 'a[[:space:]]c'
try 'a*c' 'a\*c'; try axc 'a\*c'
case 'a*c' in a\*c) echo literal star;; esac
case axc in a\*c) echo wrong;; *) echo right;; esac
case 'a*c' in "a*c") echo quoted;; esac
case axxc in "a*c") echo wrong;; a*c) echo right;; esac
x='*'; case abc in $x) echo active;; esac
case abc in "$x") echo wrong;; *) echo quoted;; esac
case x in a|b) echo 1;; x|y) echo 2;; esac
case x in (x) echo paren;; esac
case x in esac
echo $?
case a in a) false;; esac; echo $?
case a in b) ;; a) ;; esac; echo $?
case "" in "") echo empty;; esac
case aaaaaaaaaaaaaaaaaaaaaaaab in *a*a*a*a*a*c) echo 1;; *a*a*a*a*b) echo 2;; esac
case if in if) echo if;; esac
case $(echo sub) in s*b) echo sub;; esac
case a in
    a)
        echo multi
        echo line
        ;;
    *) echo not ;;
esac
