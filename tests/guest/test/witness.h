/*
 * The honest witnesses a\witness, s\witness and d\witness: programs of the boot list that
 * work while the tests attack. a\witness sends s\witness a request every few milliseconds and compares
 * the answer byte by byte; d\witness runs 16-bit code in VM86 mode as often and compares numbers and registers; all keep a pattern in their
 * memory and look whether it is whole. The runner asks each after each test.
 */
#pragma once

int witness_main(void);
