# gimbal_precompiled(TARGET KIND): the standard headers, and for tests GoogleTest's and rapidcheck's, are parsed once a
# build instead of once a file. KIND is `common`, `cold` (not optimised under sanitizers) or `test`. On with
# GIMBAL_PRECOMPILED, in builds that compile much and ship nothing: the builds that ship and the linter go without, and
# find what a file forgot to include.
option(GIMBAL_PRECOMPILED "Precompile the headers that nearly every file includes" OFF)

function(gimbal_precompiled target kind)
  if(GIMBAL_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM gimbal_${kind}_headers)
  endif()
endfunction()

function(gimbal_precompile kind)
  add_library(gimbal_${kind}_headers OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(gimbal_${kind}_headers PRIVATE gimbal_flags fmt::fmt)
  target_precompile_headers(gimbal_${kind}_headers PRIVATE
    <algorithm> <array> <bit> <charconv> <cmath> <compare> <cstddef> <cstdint> <functional> <limits> <map> <memory>
    <numeric> <optional> <set> <span> <string> <string_view> <utility> <variant> <vector> <fmt/format.h> ${ARGN})
endfunction()

if(GIMBAL_PRECOMPILED)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "// Nothing but the precompiled headers.\n")
  gimbal_precompile(common)
  gimbal_precompile(cold)
  if(GIMBAL_SANITIZE)
    target_compile_options(gimbal_cold_headers PRIVATE -O0)
  endif()
  if(GIMBAL_TESTS)
    gimbal_precompile(test <gtest/gtest.h> <rapidcheck.h> <rapidcheck/gtest.h>)
    target_link_libraries(gimbal_test_headers PRIVATE gimbal_test_flags)
  endif()
endif()
