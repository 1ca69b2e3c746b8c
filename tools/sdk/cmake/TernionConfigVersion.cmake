# The version is that of the system calls; programs for an older one do not run.
set(PACKAGE_VERSION @ABI_VERSION@)
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
    set(PACKAGE_VERSION_EXACT TRUE)
endif()
