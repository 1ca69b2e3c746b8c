/* Page tables as the processor reads them (SDM volume 3, section 4.3), and the kernel's own half of them. */
#pragma once

#include <abi/types.h>

#include <stdbool.h>
#include <stdint.h>

#define PAGE_PRESENT 0x001U
#define PAGE_WRITABLE 0x002U
#define PAGE_USER 0x004U
#define PAGE_WRITE_THROUGH 0x008U
#define PAGE_UNCACHED 0x010U
#define PAGE_ACCESSED 0x020U
#define PAGE_LARGE 0x080U
#define PAGE_GLOBAL 0x100U
/* The processor leaves these three to the kernel. */
#define PAGE_OWNED 0x200U        /* the frame goes when the mapping goes */
#define PAGE_DEMAND 0x400U       /* not present: a frame of zeroes comes with the first touch */
#define PAGE_PHYSICAL 0x800U     /* of physical_map */

#define PAGE_ADDRESS 0xFFFFF000U
#define TABLE_ENTRIES 1024U
#define TABLE_SPAN 0x400000U     /* bytes that one page table maps */

/* Maps all physical memory below `end` at KERNEL_BASE; the machine runs on the kernel's directory afterwards. */
void kernel_directory_initialise(physical_t end);

/* The directory that maps the kernel alone: where to run while no process does. */
uint32_t *kernel_directory(void);
physical_t kernel_directory_physical(void);

/* A page of physical memory, whatever it is; in a panic alone: the one before is no longer seen, and the text screen never again. */
void *page_table_peek(physical_t physical);

/* Copies bytes of physical memory, anywhere below 4 GB, while not all of it is mapped yet. */
void boot_memory_read(void *to, physical_t from, uint32_t size);
