/* Prompts: $PS1 and $PS2, in which parameters are replaced. */
#pragma once

#define PROMPT_SIZE 256U

/* The prompt that a variable has, at most PROMPT_SIZE - 1 bytes. */
void prompt_make(const char *variable, char prompt[PROMPT_SIZE]);
