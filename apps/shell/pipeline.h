/*
 * Commands that run beside the shell: the members of a pipeline, subshells, what stands before an &, and $( ). A program is
 * started as it is; for all else another shell is, with the text of the command (state.h).
 */
#pragma once

#include "jobs.h"
#include "tree.h"

/* A pipeline, or a subshell whose redirections have been made: in the foreground. Its status. */
int pipeline_run(const struct node *node);

/* Any command: in the background. */
void pipeline_start(const struct node *node);

/* Adds the processes of a command to a job, with the descriptors that there are now. */
void pipeline_add(struct job *job, const struct node *node);
