/*
 * The keyboard: its commands, which keys are held, and what a reader gets. There is one. Portable but for `send`.
 * IBM Personal System/2 Hardware Interface Technical Reference, "Keyboards" (101- and 102-key), is the source of commands and answers.
 */
#pragma once

#include "key_queue.h"
#include "peripheral.h"
#include "scancode.h"

enum keyboard_step {
    KEYBOARD_RESET,
    KEYBOARD_STOP,           /* no keys while it is asked what it is */
    KEYBOARD_IDENTIFY,
    KEYBOARD_CHOOSE_SET,
    KEYBOARD_REPEAT,
    KEYBOARD_LIGHTS,
    KEYBOARD_START,
    KEYBOARD_STEPS,
};

extern struct peripheral keyboard;
extern struct key_queue key_queue;

/*
 * Sets it up, as far as it is there. send: gives it a byte; set: what its scan codes are when they arrive.
 */
void keyboard_open(bool (*send)(uint8_t byte), enum scancode_set set, nanoseconds_t now_ns);

/* The controller has seen a byte damaged, or none where there should be one. */
void keyboard_damaged(void);

/* Back to the state after keyboard_open; peripheral_has_done(&keyboard, …) says when. */
void keyboard_initialise(nanoseconds_t now_ns);

/* Begins to change lights (KEYBOARD_…) and repetition (as struct keyboard_call_repeat). False: it cannot be so. */
[[nodiscard]] bool keyboard_change_lights(uint32_t lights, nanoseconds_t now_ns);
[[nodiscard]] bool keyboard_change_repeat(uint32_t delay_ms, uint32_t per_second, nanoseconds_t now_ns);

/* What is on. */
uint32_t keyboard_lights(void);

/* Words for a person about it. Returns how many bytes. */
size_t keyboard_describe(char *text, size_t size);
