/* For programs that read their arguments in their own way: with the one argument --help they say how to use them, and end. */
#pragma once

/* help: lines; the first begins with "usage: ". */
void help_if_asked(int argc, char **argv, const char *help);
