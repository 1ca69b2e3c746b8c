/* Those who wait until a program of the supervisor's has changed its state. One thread only. */
#pragma once

#include <ternion/init_client.h>
#include <ternion/server.h>

/* A program has changed its state. */
void changes_note(void);

/* Answers those who waited for that: before the next event is taken. */
void changes_tell(void);

/* The handler of changes. */
status_t changes_wait(struct server_call *call, const struct init_changes *request, struct init_changes *reply);
