/* A fault of the kernel's own, planted on purpose (plant=panic): tests see by it what a panic tells. */
#pragma once

/* Called at each tick of the timer. About a second after the boot list is done an instruction is invalid. */
void plant_tick(void);
