# Flags for perfmodel's own targets, never seen by whoever links it.
add_library(perfmodel_dev_flags INTERFACE)
target_compile_features(perfmodel_dev_flags INTERFACE cxx_std_17 c_std_99)
if(PERFMODEL_IS_TOP_LEVEL)
  target_compile_options(perfmodel_dev_flags INTERFACE
    -Wall -Wextra -Wpedantic $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>)
endif()
if(PERFMODEL_SANITIZE)
  target_compile_options(perfmodel_dev_flags INTERFACE
    -fsanitize=${PERFMODEL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(perfmodel_dev_flags INTERFACE -fsanitize=${PERFMODEL_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND PERFMODEL_SANITIZE MATCHES "undefined")
    # These two need the C++ part of Clang's runtime, which programs in C are linked without.
    target_compile_options(perfmodel_dev_flags INTERFACE -fno-sanitize=vptr,function)
  endif()
endif()
