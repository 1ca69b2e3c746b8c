/* Signals as far as C has them: a process raises them itself, in the thread that calls. Nobody is interrupted. */
#pragma once

#include <signal.h>

/* Does what the signal's disposition says. Ends the process if that is the default. The number must be one. */
void signal_deliver(int number);

/* For what is an error by itself, as writing into a pipe without readers: only who has said something about the signal gets it. */
void signal_raise_if_handled(int number);
