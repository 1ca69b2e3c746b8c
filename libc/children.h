/* The processes that this one has spawned, until somebody has waited for them. Any thread may call these. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/process.h>
#include <abi/status.h>

/*
 * process_spawn, and the child is known before its end can be. -ENOMEM, or the errno of the status.
 *   spawn    with SPAWN_WATCH
 */
int child_spawn(const struct spawn *spawn, process_id_t *id_out, elf_reason_t *reason_out);

/* A watched process ended with this code. False: it is none of these. */
bool children_note_exit(process_id_t id, uint32_t code);

/*
 * Takes a child that has ended off the list.
 *   id         which; 0: any
 *   id_out     who it was
 *   code_out   its exit code
 * 1: it was taken. 0: it lives, or all do. -ECHILD: there is none such.
 */
int child_take(process_id_t id, process_id_t *id_out, uint32_t *code_out);

bool child_lives(process_id_t id);
