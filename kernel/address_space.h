/*
 * The memory of a process. The page tables alone describe it: bits that the
 * processor leaves to the kernel say whose a page is.
 *
 * Frames, page tables included, are charged to the owner's account. Called with interrupts off;
 * the functions that say so open an interrupt window after each page.
 */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

#include <stdbool.h>

struct account;

struct address_space {
    uint32_t *directory;         /* constant */
    physical_t directory_physical;
    struct account *account;     /* constant: pays for the frames */
    bool reserve;                /* may use the supervisor's reserve */
    uint32_t next_address;       /* where to look first for free addresses */
    uint32_t frames;             /* charged: pages and page tables */
    uint32_t physical_pages;     /* of physical_map, and states of VM86 mode: what only a driver may have */
    bool has_ports;              /* a map of ports of its own: see port_map.h */
};

/* An empty one: kernel, stack to be touched, nothing else. OK, NO_MEMORY or OVER_QUOTA. */
[[nodiscard]] status_t address_space_create(struct address_space *space, struct account *account, bool reserve);

/* Gives back everything. It must not be the active one. Opens interrupt windows. */
void address_space_destroy(struct address_space *space);

/* The processor uses it from here on; NULL: only the kernel. */
void address_space_activate(const struct address_space *space);

/* Pages of zeroes at a free place (flags of memory_allocate). OK, BAD_ARGUMENT, NO_MEMORY, OVER_QUOTA. Opens interrupt windows. */
[[nodiscard]] status_t address_space_allocate(struct address_space *space, uint32_t pages, uint32_t flags, uint32_t *address_out);

/*
 * One page of the process's own at an address that has none, filled by the caller through *memory_out.
 * Not zeroed. OK, NO_MEMORY, OVER_QUOTA.
 */
[[nodiscard]] status_t address_space_add_page(struct address_space *space, uint32_t address, bool writable, void **memory_out);

/* Maps a frame that belongs to somebody else, read-only. OK, NO_MEMORY, OVER_QUOTA. */
[[nodiscard]] status_t address_space_show_frame(struct address_space *space, uint32_t address, physical_t frame);

/* Frames of somebody else, at a free place. OK, BAD_ARGUMENT, NO_MEMORY, OVER_QUOTA. Opens interrupt windows. */
[[nodiscard]] status_t address_space_show(struct address_space *space, physical_t first, uint32_t pages, bool writable, uint32_t *address_out);

/* Unmaps those of these frames that are still where address_space_show mapped them. Opens interrupt windows. */
void address_space_hide(struct address_space *space, uint32_t address, physical_t first, uint32_t pages);

/* Physical memory that is not RAM, at a free place (flags of physical_map). Statuses as above. */
[[nodiscard]] status_t address_space_map_physical(struct address_space *space, physical_t first, uint32_t pages, uint32_t flags, uint32_t *address_out);

/* Pages that exist are freed; BAD_ARGUMENT, and nothing done, if one of them does not. Opens interrupt windows. */
[[nodiscard]] status_t address_space_free(struct address_space *space, uint32_t address, uint32_t pages);

/* As memory_protect. Opens interrupt windows. */
[[nodiscard]] status_t address_space_protect(struct address_space *space, uint32_t address, uint32_t pages, bool writable);

/* What came of a fault at an address of the process. */
enum demand { DEMAND_MET, DEMAND_NO_MEMORY, DEMAND_UNKNOWN };

/* A page that was promised for the first touch gets its frame. */
enum demand address_space_demand(struct address_space *space, uint32_t address);

/* Are these bytes mapped writable? For processors that let the kernel write anywhere. */
[[nodiscard]] bool address_space_is_writable(const struct address_space *space, uint32_t address, uint32_t size);

/*
 * Memory of a process that is not the active one, which is asleep in a call: `size` bytes at `address`.
 * OK or BAD_ADDRESS; promised pages get their frames.
 */
[[nodiscard]] status_t address_space_read(struct address_space *space, void *to, uint32_t address, uint32_t size);
[[nodiscard]] status_t address_space_write(struct address_space *space, uint32_t address, const void *from, uint32_t size);

/*
 * Straight from one process to another, each byte once: out of `space` into the active one, and back. BAD_ADDRESS; then
 * *own_fault_out says if it was the active one's memory. Some may have been copied. Opens interrupt windows.
 */
[[nodiscard]] status_t address_space_copy_out(struct address_space *space, uint32_t from, void USER *to, uint32_t size, bool *own_fault_out);
[[nodiscard]] status_t address_space_copy_in(struct address_space *space, uint32_t to, const void USER *from, uint32_t size, bool *own_fault_out);

/*
 * Whole pages from one process to another, at a free place (flags: PAGES_…). OK; BAD_ARGUMENT: they are not the giver's
 * own, and not public ones that are shared, which nobody pays for; NO_MEMORY, OVER_QUOTA: the taker has no room. All or nothing. Opens
 * interrupt windows.
 */
[[nodiscard]] status_t address_space_move(struct address_space *from, uint32_t address, uint32_t pages, uint32_t flags,
                                          struct address_space *to, uint32_t *address_out);

/* Beside PHYSICAL_… flags: the frames are no RAM, and the kernel has no view of them. */
#define FRAMES_ARE_PHYSICAL 0x80000000U

/*
 * Frames of shared memory, at a free place: they are its members' as long as they are members, and not the process's to give away
 * or to make writable (PHYSICAL_… flags). Only page tables are charged. OK, NO_MEMORY, OVER_QUOTA. Opens interrupt windows.
 */
[[nodiscard]] status_t address_space_map_frames(struct address_space *space, const uint32_t *frames, uint32_t count,
                                                uint32_t physical_flags, uint32_t *address_out);

/*
 * Unmaps those of these frames that are still where they were mapped to; promise: in place of each there is a page of the process's own
 * when it is touched. Opens interrupt windows.
 */
void address_space_unmap_frames(struct address_space *space, uint32_t address, const uint32_t *frames, uint32_t count, bool promise);

/* The frame under a mapped byte stays as it is until it is let go, whoever frees it. False: too many hold it. */
[[nodiscard]] bool address_space_hold_frame(physical_t physical);
void address_space_let_frame_go(physical_t physical);

/* The physical address of a byte that is mapped. */
[[nodiscard]] physical_t address_space_physical(const struct address_space *space, uint32_t address);
