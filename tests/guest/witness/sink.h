/* Devices of the witness's own, and those of others as tests need them. */
#pragma once

/* be-text=NAME: is a device that takes text, and puts it out at port E9h, for ever. */
void sink_run(const char *value);

/* show=NAME: says the text on a storage device, line by line, up to its first zero byte. */
void sink_show(const char *value);

/* knock=N: reads port 80h so many times. */
void sink_knock(const char *value);
