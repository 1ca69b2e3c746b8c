/* The mouse: its commands, its packets, and what a reader gets. There is one at most. Portable but for `send`. */
#pragma once

#include "peripheral.h"
#include "pointer_queue.h"

extern struct peripheral mouse;
extern struct pointer_queue pointer_queue;

/* Sets it up, as far as it is there. send: gives it a byte. */
void mouse_open(bool (*send)(uint8_t byte), nanoseconds_t now_ns);

/* The controller has seen a byte damaged. */
void mouse_damaged(void);

/* Back to the state after mouse_open; peripheral_has_done(&mouse, mouse.kind->steps) says when. */
void mouse_initialise(nanoseconds_t now_ns);

size_t mouse_describe(char *text, size_t size);
