programs += date
date_sources := apps/date/main.c
