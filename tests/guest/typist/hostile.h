/* Requests that no sound client makes. */
#pragma once

#include <ternion/device.h>

/*
 * Asks the driver of a text device or a serial line, whichever it is, for each of its operations with numbers of devices that it
 * does not have, and for strings of sizes that it does not take. Logs what is answered wrong, and how many questions it were.
 */
void hostile_ask(const struct device *device);
