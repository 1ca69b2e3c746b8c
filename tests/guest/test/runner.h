/* d\test: runs every test in a process of its own, says PASS or FAIL of each, and switches the machine off. */
#pragma once

/* Arguments: only=SUBSTRING runs the tests whose name holds it; soak runs those that take long, instead of the others. */
int runner_main(int argc, char **argv);
