/* What a process of this program is for: argv[1], or nothing of it for the runner. */
#pragma once

#include <ternion/device.h>

#define ROLE_CHECK "check"       /* does one check */
#define ROLE_USE "use"           /* a client that uses a device */
#define ROLE_LINGER "linger"     /* a client that waits for an answer */

#define NUMBER_SIZE 12U

char *format_number(char buffer[NUMBER_SIZE], uint32_t number);

/* Opens a device that must be there. */
void role_open(struct device *device, const char *name, device_type_t type);

/* argv: device, type, client, turns. Returns the exit code. */
int client_main(const char *role, int argc, char **argv);
