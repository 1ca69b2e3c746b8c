# What another process does has the variables of this one, and those alone.
export IFS=:; x=a:b; (for i in $x; do echo $i; done); echo 'c:d e' | { read p q; echo "$p-$q"; }
IFS=' '; x=a:b; (for i in $x; do echo $i; done)
unset HOME; (echo "[$HOME]" "${HOME-unset}"); echo x | { read p; echo "${HOME-unset}"; }
unset IFS; x='a b:c'; (for i in $x; do echo $i; done; echo "${IFS-unset}")
PATH=; (echo "[$PATH]"); unset PATH; (echo "${PATH-unset}")
(unset PWD; (echo "${PWD-unset}")); PWD=here; (echo "$PWD")
y=$(export Z=1; (echo $Z)); echo $y
OPTIND=3; (echo $OPTIND)
