# Installs the static libraries that the consumer in BUILD_DIR built, and builds programs that must get everything a link
# needs from find_package and from pkg-config.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(prefix ${BUILD_DIR}/prefix)
file(REMOVE_RECURSE ${prefix})
run(${CMAKE_COMMAND} --install ${BUILD_DIR}/perfmodel --prefix ${prefix})

run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/consumers/measure -B ${BUILD_DIR}/static_consumer -G ${GENERATOR}
    -DCMAKE_PREFIX_PATH=${prefix})
run(${CMAKE_COMMAND} --build ${BUILD_DIR}/static_consumer)
run(${BUILD_DIR}/static_consumer/consumer)

find_program(PKG_CONFIG pkg-config)
if(PKG_CONFIG)
  run(${CMAKE_COMMAND} -E env PKG_CONFIG_FLAGS=--static ${SOURCE_DIR}/pkg_config.sh ${COMPILER} ${prefix}/lib
      ${SOURCE_DIR}/consumers/c_only/main.c ${BUILD_DIR})
endif()
