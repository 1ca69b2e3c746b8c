/*
 * Records on their way to the client whose call is recorded, in messages of many. A client that does not take them holds the call up for
 * a while, then loses records; one that has ended loses them all.
 */
#pragma once

#include <abi/types.h>
#include <ternion/vm86.h>

/* A call begins. */
void stream_begin(process_id_t client);

void stream_put(const struct bios_record *record);

/* It is over: sends the rest. Records that were lost. */
uint32_t stream_end(void);
