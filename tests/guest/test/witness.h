/*
 * The honest witnesses a\witness and s\witness: programs of the boot list that
 * work while the tests attack. a\witness sends s\witness a request every few milliseconds and compares
 * the answer byte by byte; both keep a pattern in their memory and look whether it is whole. The runner
 * asks both after each test.
 */
#pragma once

int witness_main(void);
