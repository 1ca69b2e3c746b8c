# Programs of a prompt that work on what is in files.
commands += cat echo
cat_sources := apps/text/cat.c
echo_sources := apps/text/echo.c apps/text/escapes.c
