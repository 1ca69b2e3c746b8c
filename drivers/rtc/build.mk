programs += rtc
rtc_sources := drivers/rtc/main.c drivers/rtc/chip.c drivers/rtc/calendar.c
