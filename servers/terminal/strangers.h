/* Who has given wrong keys, and how often. The terminals' lock protects it (terminal.h). */
#pragma once

#include <stdbool.h>

#include <abi/types.h>

/* A process has given a wrong key. */
void strangers_count(process_id_t process);

/* Has it given too many? Then nothing that it says counts any more. */
bool strangers_has(process_id_t process);
