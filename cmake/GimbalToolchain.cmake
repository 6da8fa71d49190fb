# Language level, warnings and floating-point contract of the whole tree, as one interface target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# The cache is told where the tree begins, so that two clones of it, wherever they lie, share what they compile; and
# how it may treat precompiled headers (ccache's manual, section of that name).
find_program(GIMBAL_CCACHE ccache)
if(GIMBAL_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${GIMBAL_CCACHE})
endif()

add_library(gimbal_flags INTERFACE)
target_compile_options(gimbal_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror
  # g++ fuses a*b+c by itself where the target allows; then two compilers give two answers.
  -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 warns of overlapping copies inside std::string that cannot happen (GCC bug 105651).
  target_compile_options(gimbal_flags INTERFACE -Wno-restrict)
endif()
target_include_directories(gimbal_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)

if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(gimbal_flags INTERFACE -march=x86-64-v3)
elseif(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  message(FATAL_ERROR "Gimbal builds for x86-64 or arm64; this is ${CMAKE_SYSTEM_PROCESSOR}")
endif()

find_program(GIMBAL_MOLD mold)
if(GIMBAL_MOLD)
  target_link_options(gimbal_flags INTERFACE -fuse-ld=mold)
endif()

set(GIMBAL_SANITIZE "" CACHE STRING "Comma-separated sanitizers, for example address,undefined")
if(GIMBAL_SANITIZE)
  target_compile_options(gimbal_flags INTERFACE
    -fsanitize=${GIMBAL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    # A third of the time to compile, for what the address sanitizer reports at the access itself.
    -fno-sanitize=null,object-size,alignment,vptr)
  target_link_options(gimbal_flags INTERFACE -fsanitize=${GIMBAL_SANITIZE})
endif()
