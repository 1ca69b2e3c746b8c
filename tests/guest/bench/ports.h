/* What it costs that each driver has ports of its own. */
#pragma once

void report_ports(void);
