# Programs of a prompt that work on files as a whole.
commands += ls cp rm mkdir
ls_sources := apps/files/ls.c apps/files/list.c
cp_sources := apps/files/cp.c apps/files/copy.c apps/files/target.c
rm_sources := apps/files/rm.c apps/files/remove.c
mkdir_sources := apps/files/mkdir.c
