/* What programs wait for before they are started first: processes and devices. One thread only. */
#pragma once

#include "supervised.h"

#define NEEDS_PATIENCE_NS (10 * SECOND)

/*
 * Is all there that a waiting program needs, or not to be waited for any longer? The second is told.
 * A process is there when it runs; a device when a driver has registered it.
 */
bool needs_are_met(struct supervised *supervised);

/* Somebody waits, or nobody any more: EVENT_DEVICES comes as long as somebody does. */
void needs_listen(bool somebody_waits);

/* When to look again even if nothing has happened. */
nanoseconds_t needs_deadline(const struct supervised *supervised);

/* A program was given up: those that need it are told of. */
void needs_given_up(const struct supervised *supervised);
