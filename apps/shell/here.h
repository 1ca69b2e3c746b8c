/* Here-documents: a text as a file that is read. */
#pragma once

/* A descriptor from which the text is read, -1: it could not be done, which was said. */
int here_open(const char *text);
