# Builds perfmodel and perfmodel_measure as static libraries, installs them and builds a consumer, who must get everything
# that a link needs from find_package, and from pkg-config.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(common -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER_LAUNCHER=${LAUNCHER}
           -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER})
run(${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${WORK_DIR}/perfmodel ${common} -DBUILD_SHARED_LIBS=OFF
    -DPERFMODEL_BUILD_TRAIN=OFF -DPERFMODEL_BUILD_TESTS=OFF -DPERFMODEL_BUILD_EXAMPLES=OFF
    -DPERFMODEL_BUILD_BENCHMARKS=OFF -DPERFMODEL_WITH_SQLITE=${WITH_SQLITE} -DCMAKE_INSTALL_LIBDIR=lib)
run(${CMAKE_COMMAND} --build ${WORK_DIR}/perfmodel)
file(REMOVE_RECURSE ${WORK_DIR}/prefix)
run(${CMAKE_COMMAND} --install ${WORK_DIR}/perfmodel --prefix ${WORK_DIR}/prefix)

run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/tests/house/consumers/measure -B ${WORK_DIR}/consumer ${common}
    -DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix)
run(${CMAKE_COMMAND} --build ${WORK_DIR}/consumer)
run(${WORK_DIR}/consumer/consumer)

find_program(PKG_CONFIG pkg-config)
if(PKG_CONFIG)
  run(${CMAKE_COMMAND} -E env PKG_CONFIG_FLAGS=--static ${SOURCE_DIR}/tests/house/pkg_config.sh cc ${WORK_DIR}/prefix/lib
      ${SOURCE_DIR}/tests/house/consumers/c_only/main.c ${WORK_DIR})
endif()
