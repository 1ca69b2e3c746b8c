/* The roles of driver.c. */
#pragma once

#define DRIVER_IMAGE "bench_driver.elf"
#define DRIVER_ROLE "driver"     /* a stream that gives its driver's process ID */
#define CLIENT_ROLE "client"     /* reads it all the time, and tells its parent when another one answers: words are ID and time */
#define DRIVER_DEVICE "streams\\bench"
