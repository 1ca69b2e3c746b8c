/*
 * From nodes back to text: what another shell process is to do, what `type` shows of a function, how a job is called. The text
 * read again gives the same commands. Aliases in it have been replaced already.
 */
#pragma once

#include "memory.h"
#include "tree.h"

/* Adds the text of a command. It is one line, but for quotes with newlines and here-documents. */
void unparse(const struct node *node, struct text *text);

/* Adds a string in quotes, so that it is read as one word that is nothing but itself; without quotes where none are needed. */
void unparse_string(const char *string, struct text *text);
