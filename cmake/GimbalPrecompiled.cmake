# gimbal_precompiled(TARGET), gimbal_test_precompiled(TARGET): the standard headers, and for tests GoogleTest's and
# rapidcheck's, are parsed once a build instead of once a file. On with GIMBAL_PRECOMPILED, in builds that compile much
# and ship nothing: the builds that ship and the linter go without, and find what a file forgot to include.
option(GIMBAL_PRECOMPILED "Precompile the headers that nearly every file includes" OFF)

function(gimbal_precompiled target)
  if(GIMBAL_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM gimbal_common_headers)
  endif()
endfunction()

function(gimbal_test_precompiled target)
  if(GIMBAL_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM gimbal_test_headers)
  endif()
endfunction()

if(GIMBAL_PRECOMPILED)
  set(common
    <algorithm> <array> <bit> <charconv> <cmath> <compare> <cstddef> <cstdint> <functional> <limits> <map> <memory>
    <numeric> <optional> <set> <span> <string> <string_view> <utility> <variant> <vector> <fmt/format.h>)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "// Nothing but the precompiled headers.\n")
  add_library(gimbal_common_headers OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(gimbal_common_headers PRIVATE gimbal_flags fmt::fmt)
  target_precompile_headers(gimbal_common_headers PRIVATE ${common})
  if(GIMBAL_TESTS)
    add_library(gimbal_test_headers OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
    target_link_libraries(gimbal_test_headers PRIVATE gimbal_flags gimbal_test_flags fmt::fmt)
    target_precompile_headers(gimbal_test_headers PRIVATE ${common} <gtest/gtest.h> <rapidcheck.h> <rapidcheck/gtest.h>)
  endif()
endif()
