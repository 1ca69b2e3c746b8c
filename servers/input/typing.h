/*
 * All keyboards are one: which keys are held, what they type, which locks are on. The lock of main.c protects it.
 */
#pragma once

#include <ternion/keymap.h>

/* Before anything else. locks: MODIFIER_…_LOCK that are on. */
void typing_open(const struct keymap *map, uint32_t locks);

/*
 * A keyboard was found: takes over what it knows, as s\input may have been started again while keys are held and locks are on.
 *   held      filled in: the keys of this keyboard
 *   state     as its driver says. The lights of the first keyboard are the locks; none on says nothing, as it is so after a start, too
 */
void typing_take_over(struct key_set *held, const struct keyboard_state *state);

/* An event of the keyboard that holds these keys. */
void typing_take(struct key_set *held, const struct key_event *event);

/* That keyboard is gone, or has lost events: none of its keys is held any more. */
void typing_release(struct key_set *held);

/* The lights that should be on: KEYBOARD_…. */
uint32_t typing_lights(void);
