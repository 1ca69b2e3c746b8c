/*
 * Roles, rights and access in words: the same in files, logs and on the screen. Any thread may call these.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <abi/grant.h>

/* "input_server"; "unknown role" */
const char *role_name(uint32_t role);

/* right: one RIGHT_…. "dma_controller"; "unknown right" */
const char *right_name(uint32_t right);

/* Finds a role or a right by its name. False: there is none. */
bool role_of_name(const char *name, uint32_t *role_out);
bool right_of_name(const char *name, uint32_t *right_out);

#define ACCESS_TEXT_SIZE 768U /* bytes that the longest text of an access takes, with its NUL */

/*
 * Says what an access holds, in the words of init.policy: "role=input partners=input_server irqs=1,12 ports=60,64"; "nothing".
 * Writes as much as fits, and a NUL. Returns the length that the whole text has, without the NUL.
 */
size_t access_text(const struct access *access, char *buffer, size_t size);
