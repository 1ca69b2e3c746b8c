/*
 * Who reads what is typed: a stack, on top the process that came last. The lock of main.c protects it.
 * What clients are told goes through here, so that no one of them sees a release without the press, or a press without the release.
 */
#pragma once

#include <ternion/input.h>
#include <ternion/server.h>

/* Statuses: as in input.h; BAD_ID: the process has ended. */
[[nodiscard]] status_t client_attach(process_id_t process, const struct input_attach *request);
[[nodiscard]] status_t client_detach(process_id_t process);

/* A process has ended. */
void client_ended(process_id_t process);

/* A read: it is answered when there is something. Statuses: NOT_FOUND, those of server_answer_later. */
[[nodiscard]] status_t client_read(const struct server_call *call);

/* To whoever has the focus. */
void clients_put_key(const struct input_key *key);

/* Movement of any pointer, and the buttons that are held on any. */
void clients_put_pointer(const struct pointer_event *pointer);
