/* Names of processes by their IDs: kept, so that one that has ended has a name still. Any thread may call these. */
#pragma once

#include <abi/types.h>

/* Keeps a name. */
void names_add(process_id_t id, const char *name);

/* Asks the kernel for the name, if it is not kept, and keeps it. */
void names_note(process_id_t id);

/* The name, or NULL. It stays as it is until the next call of this function; one thread only may call it. */
const char *names_find(process_id_t id);
