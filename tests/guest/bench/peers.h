/* The other processes of the benchmarks: what peer.c can be. */
#pragma once

#include <abi/process.h>

#include <stdint.h>

/* Spawns a peer in this role (see peer.c). It is ended with peer_end. */
process_id_t peer_spawn(process_class_t class, const char *role);

/* Tells a peer a number and what goes with it, and waits until it has taken that in. */
void peer_tell(process_id_t peer, uint32_t number, uint64_t key);

void peer_end(process_id_t peer);

/* Processes that do nothing, until there are `wanted` in the system. Never fewer again. */
void crowd_grow(uint32_t wanted);
