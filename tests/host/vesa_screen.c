/* d\vesa sets modes and goes back to text: with a BIOS that does it, and with such that do not. */
#include "vesa_tests.h"

int main(void)
{
    return tests_run(vesa_information_tests, vesa_information_test_count) | tests_run(vesa_linear_tests, vesa_linear_test_count)
        | tests_run(vesa_banks_tests, vesa_banks_test_count) | tests_run(vesa_colours_tests, vesa_colours_test_count)
        | tests_run(vesa_failures_tests, vesa_failures_test_count) | tests_run(vesa_text_tests, vesa_text_test_count)
        | tests_run(vesa_service_tests, vesa_service_test_count);
}
