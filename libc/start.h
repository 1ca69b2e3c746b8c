/*
 * How a program of the C library begins. libos' start (libos/i386/start.asm) calls program_run instead of main if it is linked in: then
 * the spawner's environment and open files are taken over, and exit is what follows main.
 */
#pragma once

int program_run(int argument_count, char **arguments);

/* Functions that are to run before main, and after exit: System V ABI, chapter 5, "Initialization". */
typedef void bound_function_t(void);

/* What the library has to know of the program. */
struct program {
    int (*main)(int argument_count, char **arguments, char **environment);
    bound_function_t *const *constructors, *const *constructors_end;
    bound_function_t *const *destructors, *const *destructors_end;
};

/* program_run, in the library. Does not return. */
_Noreturn void libc_start(const struct program *program, int argument_count, char **arguments);

/*
 * In a source whose functions are nothing without that start: whoever calls them gets it. A program that needs nothing
 * of it stays without.
 */
#define START_NEEDED \
    static int (*const start_needed)(int, char **) __attribute__((used, section(".rodata.start_needed"))) = program_run
