/* Ports that the BIOS was refused: whatever goes wrong then may be due to them. */
#pragma once

/* Warns of those that are new. */
void refused_tell(void);
