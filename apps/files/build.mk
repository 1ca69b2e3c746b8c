# Programs of a prompt that work on files as a whole. `dirname` is basename under another name.
commands += basename cp df du find ls mkdir mv pwd rm rmdir stat sync touch
basename_sources := apps/files/basename.c
cp_sources := apps/files/cp.c apps/files/copy.c apps/files/target.c
df_sources := apps/files/df.c
du_sources := apps/files/du.c
find_sources := apps/files/find.c
ls_sources := apps/files/ls.c apps/files/list.c
mkdir_sources := apps/files/mkdir.c
mv_sources := apps/files/mv.c apps/files/copy.c apps/files/remove.c apps/files/target.c
pwd_sources := apps/files/pwd.c
rm_sources := apps/files/rm.c apps/files/remove.c
rmdir_sources := apps/files/rmdir.c
stat_sources := apps/files/stat.c
sync_sources := apps/files/sync.c
touch_sources := apps/files/touch.c apps/files/stamp.c
