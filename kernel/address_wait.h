/* Sleeping until an address is woken: see address_wait in syscall.def. */
#pragma once

/* Before the first process. */
void address_wait_initialise(void);
