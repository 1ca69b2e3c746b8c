/* What the witness does with devices. */
#pragma once

/* heard=TEXT: waits until a text has come over the first serial line. */
void devices_hear(const char *value);

/* borrow: asks for the text screen, and tells with which status. */
void devices_borrow(const char *value);

/* read=NAME: reads a device as if it were a keyboard, and tells with which status. */
void devices_read(const char *value);
