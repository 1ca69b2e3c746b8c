/* Crowds that do not want to be ended. */
#pragma once

/* bomb=NAME: starts itself again and again, as often as it can, and so do those. Never returns. */
void crowd_bomb(const char *value);

/* hop=NAME: starts itself and ends, and so does that: there is always one, and never for long. */
void crowd_hop(const char *value);

/* count=PREFIX: tells how many have names that begin so. */
void crowd_count(const char *value);
