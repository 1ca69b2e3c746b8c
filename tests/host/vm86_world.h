/* A world for the monitor: a megabyte of memory with pages that may be missing or read-only, ports that are logged, and checks of how it is asked. */
#pragma once

#include "vm86/monitor.h"

#define WORLD_SIZE VM86_MEMORY_END
#define WORLD_PAGE 4096U
#define WORLD_LOG_MAX 2048U

enum world_page { WORLD_WRITABLE, WORLD_READ_ONLY, WORLD_MISSING };

struct world_port {
    bool is_read;
    uint16_t port;
    uint32_t width;
    uint32_t value;
};

extern uint8_t world_memory[WORLD_SIZE];
extern uint8_t world_pages[WORLD_SIZE / WORLD_PAGE];     /* enum world_page */
extern struct world_port world_log[WORLD_LOG_MAX];       /* accesses to ports, in their order */
extern uint32_t world_log_count;                         /* counts on where the log is full */
extern uint32_t world_writes;                            /* calls of world.write that were done */
extern bool world_refuses_interrupts;
extern uint32_t world_interrupt;                         /* the last vector that was asked about, or UINT32_MAX */

extern const struct monitor_world world;                 /* without memory that is read directly */
extern const struct monitor_direct world_places;         /* no data is touched there before world_open_pages; no port is plain before world_keep_plain */
extern const struct monitor_world world_direct;          /* with them */

/* What reading a port gave, or the next read will give: all bytes differ, from one to the next, too. */
uint32_t world_port_value(uint32_t number);

/* Memory of zeroes, all of it writable; nothing in the log. */
void world_begin(void);

/* From now on world_direct has this port plain, in this width. Accesses to own ones are in the log, too. */
void world_keep_plain(uint16_t port, uint32_t width, enum monitor_plain kind);

/* From now on world_direct asks about this vector. */
void world_ask_about(uint32_t vector);

/* From now on world_direct has pages touched directly, each for what it is good for now. */
void world_open_pages(void);
