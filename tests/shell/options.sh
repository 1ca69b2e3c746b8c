# set.
(set -e; echo a; false; echo b); echo $?
(set -e; if false; then :; fi; false || true; ! true; echo survived)
(set -e; false && true; echo survived)
(set -e; f() { false; echo in f; }; f || echo caught; f; echo not)
(set -e; (false); echo not); echo $?
(set -e; true | false; echo not); echo $?
(set -e; x=$(false); echo not); echo $?
(set -e; echo $(false); echo survived)
(set -e; while false; do :; done; until true; do :; done; echo survived)
(set -eu; echo ${unset-default}); echo $?
(set -u; echo $unset) 2>/dev/null; echo $?
(set -u; echo "$@" $*; echo fine); echo $?
(set -u; x=; echo "<$x>")
(set -f; echo /*); 
(set -x; echo traced; x=1; for i in a b; do echo $i; done) 2>&1
(set -a; v=exported; env_test() { :; }; sh -c 'echo ${v-no}' 2>/dev/null || echo exported)
(set -n; echo not); echo fine
set -- -a b; echo $1 $2; set -- ; echo $#
set a b c; echo $*; set -- x; echo $*
case $- in *e*) echo e;; *) echo no e;; esac; set -e; case $- in *e*) echo e;; esac; set +e
(set -o errexit; false; echo not); (set -o noglob; echo *x*); set +o errexit
(exit 300); echo $?
(return 3) 2>/dev/null; echo after
(set -e; eval false; echo not); echo $?
(set -e; . /nonexistent; echo not) 2>/dev/null; [ $? -ne 0 ] && echo failed
(set -e; if (false; echo in a condition); then echo yes; fi; (false; echo not) || echo or; ! (false; echo in a negation); echo after)
(set -e; f() { (false; echo in a function); }; if f; then echo yes; fi; f; echo not); echo $?
