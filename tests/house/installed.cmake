# Installs the build into a folder of the build tree and tests what lies there, as a user finds it.
set(prefix ${CMAKE_CURRENT_BINARY_DIR}/prefix)
add_test(NAME house.install COMMAND ${CMAKE_COMMAND} -DBUILD_DIR=${PROJECT_BINARY_DIR} -DPREFIX=${prefix}
                                    -P ${CMAKE_CURRENT_SOURCE_DIR}/install.cmake)
set_tests_properties(house.install PROPERTIES FIXTURES_SETUP installed LABELS consumer)

# Pages that headers name.
set(pages ${prefix}/${CMAKE_INSTALL_DOCDIR})
add_test(NAME house.pages COMMAND ${CMAKE_COMMAND} -E cat ${pages}/embedding.md ${pages}/formats-network.md ${pages}/learners.md)
set_tests_properties(house.pages PROPERTIES FIXTURES_REQUIRED installed LABELS consumer)

set(libraries perfmodel)
if(PERFMODEL_BUILD_MEASURE)
  list(APPEND libraries perfmodel_measure)
endif()
if(PERFMODEL_BUILD_TRAIN)
  list(APPEND libraries perfmodel_train)
endif()

if(Python3_FOUND AND BUILD_SHARED_LIBS)
  foreach(check symbols dependencies)
    add_test(NAME house.${check} COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/check_${check}.py
                                         ${PROJECT_SOURCE_DIR} ${prefix}/${CMAKE_INSTALL_LIBDIR} ${libraries})
    set_tests_properties(house.${check} PROPERTIES FIXTURES_REQUIRED installed LABELS consumer)
  endforeach()
endif()

# perfmodel_consumer_test(<name> <folder> [<cmake option>...]): configures, builds and runs consumers/<folder>.
function(perfmodel_consumer_test name folder)
  add_test(NAME consumer.${name} COMMAND ${CMAKE_CTEST_COMMAND}
    --build-and-test ${CMAKE_CURRENT_SOURCE_DIR}/consumers/${folder} ${CMAKE_CURRENT_BINARY_DIR}/consumers/${name}
    --build-generator ${CMAKE_GENERATOR} --build-makeprogram ${CMAKE_MAKE_PROGRAM}
    --build-options -DCMAKE_C_COMPILER=${CMAKE_C_COMPILER} -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}
                    -DCMAKE_C_COMPILER_LAUNCHER=${CMAKE_C_COMPILER_LAUNCHER}
                    -DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER} ${ARGN}
    --test-command consumer)
  set_tests_properties(consumer.${name} PROPERTIES FIXTURES_REQUIRED installed LABELS consumer)
endfunction()

perfmodel_consumer_test(find_package find_package -DCMAKE_PREFIX_PATH=${prefix})
perfmodel_consumer_test(c_only c_only -DCMAKE_PREFIX_PATH=${prefix})
if(PERFMODEL_BUILD_MEASURE)
  perfmodel_consumer_test(measure measure -DCMAKE_PREFIX_PATH=${prefix})
endif()
if(PERFMODEL_BUILD_TRAIN AND BUILD_SHARED_LIBS)  # it must not meet LibTorch, which users of a static library link
  perfmodel_consumer_test(train train -DCMAKE_PREFIX_PATH=${prefix})
endif()

# perfmodel as a part of somebody else's project, then its static libraries installed from there. Without optimisation and
# debug information: it is quick to build.
perfmodel_consumer_test(add_subdirectory add_subdirectory -DPERFMODEL_SOURCE_DIR=${PROJECT_SOURCE_DIR}
  -DPERFMODEL_WITH_SQLITE=${PERFMODEL_WITH_SQLITE} -DCMAKE_CXX_FLAGS=-O0 -DCMAKE_INSTALL_LIBDIR=lib)
set_tests_properties(consumer.add_subdirectory PROPERTIES TIMEOUT 900 PROCESSORS 2 FIXTURES_SETUP static_libraries)
add_test(NAME consumer.static COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_CURRENT_SOURCE_DIR}
  -DBUILD_DIR=${CMAKE_CURRENT_BINARY_DIR}/consumers/add_subdirectory -DGENERATOR=${CMAKE_GENERATOR}
  -DCOMPILER=${CMAKE_C_COMPILER} -P ${CMAKE_CURRENT_SOURCE_DIR}/static.cmake)
set_tests_properties(consumer.static PROPERTIES FIXTURES_REQUIRED static_libraries LABELS consumer)

find_program(PKG_CONFIG pkg-config)
if(PKG_CONFIG AND BUILD_SHARED_LIBS)  # consumer.static asks it for the static ones
  add_test(NAME consumer.pkg_config COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/pkg_config.sh ${CMAKE_C_COMPILER}
    ${prefix}/${CMAKE_INSTALL_LIBDIR} ${CMAKE_CURRENT_SOURCE_DIR}/consumers/c_only/main.c ${CMAKE_CURRENT_BINARY_DIR})
  set_tests_properties(consumer.pkg_config PROPERTIES FIXTURES_REQUIRED installed LABELS consumer)
endif()
