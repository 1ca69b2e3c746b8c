/* The arguments of d\vesa. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define OPTIONS_MS_MIN 10U
#define OPTIONS_MS_MAX 60000U

struct options {
    bool shared_data;                /* shared-data: the BIOS works on the machine's own page 0 */
    bool no_linear;                  /* no-linear: modes are used through windows alone */
    bool no_bios;                    /* no-bios: registers of a VGA alone */
    bool save_state;                 /* save-state: the BIOS keeps the text mode's state, and gets it back */
    bool trap_ports;                 /* trap-ports: what the BIOS does to its ports is done by this driver, where a tracer sees it */
    bool report;                     /* report: all that the BIOS says is told to the log, and which modes are refused for what */
    uint32_t ms;                     /* ms=N: that a BIOS call may run; 0: what the library thinks right */
};

/*
 * Arguments that are not known, or make no sense, are told to the log as errors and left out. What d\pci adds, "pci" and a place, is none of
 * ours.
 */
void options_read(int argc, char *const *argv, struct options *options_out);
