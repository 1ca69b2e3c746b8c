/* The kernel's command line: early=serial,vga,e9  panic=reboot|halt  exit=qemu  plant=panic. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct options {
    bool early_serial;
    bool early_vga;
    bool early_e9;
    bool halt_on_panic;
    bool exit_qemu;
    bool plant_panic;            /* the kernel panics on purpose once the boot list is done: for tests */
};

/* Constant after options_parse. */
extern struct options options;

/* What is wrong with a word of the command line. */
typedef void options_complaint_t(const char *word, uint32_t size, const char *what);

/* Words separated by spaces, the first of which is the kernel's path. Says of each wrong word what is wrong with it. */
void options_parse(const char *line, options_complaint_t *complain);
