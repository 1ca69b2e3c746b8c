/* What buses.elf can be told to do, by the kind of device; `value` stands behind the = of its argument. */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

/* The next decimal number of a list; the list goes on behind the character that ends it. */
uint32_t take_number(const char **list);

/* "what: STATUS" in the log. */
void tell(const char *what, status_t status);

/* Starts a thread that does something with a value. */
void in_thread(void (*run)(void *), const char *value);

void bus_functions(const char *value);   /* functions: a line for each */
void bus_read(const char *value);        /* read=BUS,DEVICE,FUNCTION,OFFSET,SIZE; decimal */
void bus_master(const char *value);      /* master=BUS,DEVICE,FUNCTION: tries to switch it on */
void bus_hostile(const char *value);     /* hostile: requests that nobody should send */
void bus_edu(const char *value);         /* edu=storm, quiet, raise, transfer, abandon, leave, count: asks d\edu; leave is abandon with exit code 0 */
void bus_other_edu(const char *value);   /* other=…: the same of d\edu.1 */
void bus_supervisor(const char *value);  /* supervisor: asks d\init for what bus drivers alone may */

void clock_show(const char *value);      /* date */
void clock_put(const char *value);       /* set=YEAR,MONTH,DAY,HOURS,MINUTES,SECONDS */
void clock_await(const char *value);     /* second: the beginning of the next */
void clock_crowd(const char *value);     /* crowd=N: so many threads wait for the same second */
void clock_hostile(const char *value);   /* clock-hostile */

void tone_do(const char *value);         /* tone=HERTZ,MS: until it was played */
void tone_start(const char *value);      /* tone-start=HERTZ,MS: in a thread of its own */
void tone_many(const char *value);       /* tones=N: so many pauses, each in a thread of its own */
void tone_silence(const char *value);    /* silence */
void tone_hostile(const char *value);    /* tone-hostile */
