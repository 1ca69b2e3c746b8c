/* Mistakes for a debugger to find, each made at the end of a chain of functions: mistake_outer, mistake_middle, mistake_inner. */
#pragma once

/*
 * Makes a mistake.
 *   what   write, divide, jump, copy, end, strike, overflow; threads: write, while other threads wait
 */
void mistake_outer(const char *what);
