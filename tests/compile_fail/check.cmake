# cmake -DCOMPILER=... -DFLAGS=... -DSOURCE=... -P check.cmake
#
# Compiles one case twice. Without MISUSE it must be accepted, so that what follows fails for the right reason; with it
# the compiler must refuse and say one of the fragments on the case's `// error:` lines (two compilers word it in two
# ways).
separate_arguments(FLAGS UNIX_COMMAND "${FLAGS}")

execute_process(COMMAND ${COMPILER} ${FLAGS} -fsyntax-only ${SOURCE}
  RESULT_VARIABLE accepted ERROR_VARIABLE output)
if(NOT accepted EQUAL 0)
  message(FATAL_ERROR "the positive twin of ${SOURCE} does not compile:\n${output}")
endif()

execute_process(COMMAND ${COMPILER} ${FLAGS} -fsyntax-only -DMISUSE ${SOURCE}
  RESULT_VARIABLE refused ERROR_VARIABLE output)
if(refused EQUAL 0)
  message(FATAL_ERROR "${SOURCE} compiles with MISUSE and must not")
endif()

# Compilers quote with ' or with typographic marks, by locale.
string(REGEX REPLACE "‘|’" "'" output "${output}")
file(STRINGS ${SOURCE} expectations REGEX "^// error: ")
foreach(expectation ${expectations})
  string(REGEX REPLACE "^// error: " "" fragment "${expectation}")
  string(FIND "${output}" "${fragment}" at)
  if(NOT at EQUAL -1)
    return()
  endif()
endforeach()
message(FATAL_ERROR "${SOURCE} is refused, but not for its reason:\n${output}")
