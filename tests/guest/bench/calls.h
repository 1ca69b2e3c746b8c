/* What messages cost. */
#pragma once

void report_calls(void);
