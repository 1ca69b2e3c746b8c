/*
 * Whose open files are how many: of those that all may have, no application and no session takes so many that others have none. A session
 * is an application that no application has started, with all that descend from it. Called with open_file.c's lock held.
 *
 * Drivers and servers have OPEN_FILES_KEPT for themselves. Of the rest a session may have as many as it leaves free, and leaves
 * OPEN_FILES_FOR_FEW more to processes that have few: so that there is still a way to look around, and to end the others. What
 * processes with few may use up leaves OPEN_FILES_FOR_OTHERS to sessions that have less than that.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/types.h>

#define OPEN_FILES_MAX 4096U         /* of all clients */
#define OPEN_FILES_OF_CLIENT_MAX 256U
#define OPEN_FILES_KEPT 512U
#define OPEN_FILES_FOR_FEW 512U
#define OPEN_FILES_FOR_OTHERS 256U
#define OPEN_FILES_FEW 8U            /* so many of one process are few */

struct share;

/* The share that a client's files count to, which is given back by share_leave; NULL: there is no memory. */
[[nodiscard]] struct share *share_join(process_id_t process);
void share_leave(struct share *share);

/* May a client of that share that has so many files have one more? */
bool share_has_room(const struct share *share, uint32_t files_of_client);

void share_count(struct share *share, int32_t change);
