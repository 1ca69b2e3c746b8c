/* d\test: runs every test in a process of its own, says PASS or FAIL of each, and switches the machine off. */
#pragma once

/* Arguments: only=SUBSTRING runs the tests whose name holds it. */
int runner_main(int argc, char **argv);
