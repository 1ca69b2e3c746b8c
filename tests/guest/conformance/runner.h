/* The runner starts a process of this program for each check, judges it, and tells the log. */
#pragma once

#include <stdint.h>

#include <abi/types.h>

#define WHY_SIZE 200U
#define EXIT_FAILED 255U         /* no status is that large: a check or a client has said why to the runner */

/* words[0] of what checks send to the runner; the string says why. */
#define RUNNER_FAILED 1U
#define RUNNER_SKIPPED 2U

/* The process that judges. */
extern process_id_t runner;

/*
 * Starts a process of this program, and watches it.
 *   arguments   strings, behind the name of the role; NULL ends them
 * A program that cannot be started ends the caller.
 */
process_id_t role_start(const char *role, ...) __attribute__((sentinel));

/* argv: device, type, number of the check. Returns the exit code. */
int check_main(int argc, char **argv);

/* Checks these devices; `all` is one of the names, or `count` is 0: all there are. Returns the exit code of the program. */
int runner_run(int count, char **names);
