/* A look at a process that made a mistake, before it goes: see debug_listen. */
#pragma once

#include <abi/types.h>

struct debug_thread {
    thread_id_t id;            /* of the thread described here */
    uint32_t made_the_mistake; /* 1: this is the one */
    uint32_t eax, ebx, ecx, edx, esi, edi, ebp, esp, eip, eflags;
    uint32_t cs, ss, ds, es;
    uint32_t exception;        /* of the mistake: its number, error code and address */
    uint32_t error_code;
    uint32_t address;
};

#define DEBUG_READ_MAX 4096U   /* bytes that debug_read gives at a time */
