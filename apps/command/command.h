/*
 * What the programs of a prompt have in common: options, messages, the exit code. One thread.
 *
 *     int main(int argc, char **argv)
 *     {
 *         command_begin(argc, argv, "n:v", "usage: head [-n LINES] [FILE]...\n");
 *         for (int letter; (letter = command_option()) != 0;) {
 *             …                                   -- command.value: what stands behind -n
 *         }
 *         …                                       -- command.operands, command.count: the FILEs
 *         return command_end();
 *     }
 *
 * Exit codes: 0; 1: something could not be done, and was said on standard error; 2: the arguments are wrong, and nothing was done.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <abi/status.h>

#define EXIT_DONE 0
#define EXIT_FAILED 1
#define EXIT_MISUSED 2

struct command {
    const char *name;            /* as messages begin: the program's, without its folder */
    char **operands;             /* behind the options; ended by NULL */
    int count;
    const char *value;           /* of the option that command_option gave last, or NULL */
    int exit_code;               /* 0, until a message was said */
};
extern struct command command;

/*
 * Takes the arguments. Options may stand behind operands, up to `--`. With `--help` it writes the help and ends the program.
 *   options   the letters that there are; a colon behind one says that it has a value. A + in front: no option stands behind the first
 *             operand; a # in front: -5 is an operand, too
 *   help      how to use it, in lines: the first begins with "usage: "
 */
void command_begin(int argc, char **argv, const char *options, const char *help);

/* The next option's letter; 0: there are no more. One that is not known ends the program with EXIT_MISUSED. */
int command_option(void);

/* Says on standard error "NAME: text", and makes the exit code EXIT_FAILED. */
void command_error(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* The same of something, with what errno says: "NAME: what: no such file or directory". */
void command_errno(const char *what);

/* The same with what a status means. */
void command_status(const char *what, status_t status);

/* Says it, and how to get help, and ends the program with EXIT_MISUSED. */
_Noreturn void command_misused(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* The operands must be between least and most; else as command_misused. */
void command_expect(int least, int most);

/* A decimal number up to `most`, which may have a k, M or G behind it (1024s); else as command_misused. what: "-n", for the message. */
uint64_t command_number(const char *text, uint64_t most, const char *what);

/* Asks a question on standard error; true: the answer on standard input begins with y or Y. */
bool command_ask(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* What an errno means, in words. */
const char *command_meaning(int error);

/* Memory that there must be; else the program says so and ends with EXIT_FAILED. */
void *command_memory(size_t size);
void *command_memory_again(void *memory, size_t size);   /* realloc */
char *command_copy(const char *text);
char *command_path(const char *directory, const char *name); /* both with a slash between them */

/* The part of a path behind its last slash; of one that ends in slashes, with them. */
const char *command_last_part(const char *path);

/* Writes what waits, and gives the exit code. */
int command_end(void);
