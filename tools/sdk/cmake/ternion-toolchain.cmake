# For CMake: cmake -DCMAKE_TOOLCHAIN_FILE=SDK/share/cmake/ternion-toolchain.cmake -B build
include_guard()

get_filename_component(TERNION_SDK "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)

set(CMAKE_SYSTEM_NAME Ternion)
set(CMAKE_SYSTEM_PROCESSOR i386)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")

set(CMAKE_C_COMPILER "${TERNION_SDK}/bin/ternion-cc")
set(CMAKE_ASM_COMPILER "${TERNION_SDK}/bin/ternion-cc")
foreach(tool AR RANLIB STRIP LINKER NM OBJCOPY OBJDUMP READELF)
    string(TOLOWER ${tool} name)
    string(REPLACE linker ld name ${name})
    set(CMAKE_${tool} "${TERNION_SDK}/bin/ternion-${name}" CACHE FILEPATH "of Ternion's SDK")
endforeach()

# Programs are the host's; libraries, headers and packages are not.
list(APPEND CMAKE_FIND_ROOT_PATH "${TERNION_SDK}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
