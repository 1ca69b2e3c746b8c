/*
 * How newlib is configured, beside what its configure script is told (ports/newlib/build): every thread has a
 * struct _reent of its own, found by __getreent; what atexit registers belongs to the process.
 */
#pragma once

#define __DYNAMIC_REENT__
#define _REENT_GLOBAL_ATEXIT
#define _READ_WRITE_RETURN_TYPE _ssize_t
#define _READ_WRITE_BUFSIZE_TYPE __size_t
#define __FILENAME_MAX__ 255
#define HAVE_BLKSIZE /* the buffers of streams are as long as st_blksize says */

#include_next <sys/config.h>
