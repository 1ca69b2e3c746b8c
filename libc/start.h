/*
 * How a program of the C library begins. libos' start (libos/start.c) calls program_run instead of main if it is linked in: then
 * the spawner's environment and open files are taken over, and exit is what follows main.
 */
#pragma once

int program_run(int argument_count, char **arguments);

/*
 * In a source whose functions are nothing without that start: whoever calls them gets it. A program that needs nothing
 * of it stays without.
 */
#define START_NEEDED \
    static int (*const start_needed)(int, char **) __attribute__((used, section(".rodata.start_needed"))) = program_run
