# Installs libraries, headers and what find_package and pkg-config need. There is one export set per library and its C shim,
# so that a consumer looks for what a component needs only when it asks for that component.
include(CMakePackageConfigHelpers)
set(PERFMODEL_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/perfmodel)
set(PERFMODEL_IS_STATIC ON)
if(BUILD_SHARED_LIBS)
  set(PERFMODEL_IS_STATIC OFF)
endif()
file(RELATIVE_PATH PERFMODEL_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})  # so it may be moved
string(REGEX REPLACE "/$" "" PERFMODEL_PC_PREFIX ${PERFMODEL_PC_PREFIX})

# perfmodel_install(<library> HEADERS <component>...)
#
# Installs <library>, <library>_c, the public headers of its components and the C header.
function(perfmodel_install library)
  cmake_parse_arguments(ARG "" "" "HEADERS" ${ARGN})
  install(TARGETS ${library} ${library}_c EXPORT ${library}Targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT ${library}Targets NAMESPACE perfmodel:: DESTINATION ${PERFMODEL_CMAKE_DIR})
  foreach(component IN LISTS ARG_HEADERS)
    install(DIRECTORY include/perfmodel/${component} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/perfmodel
      FILES_MATCHING PATTERN "*.h")
  endforeach()
  install(FILES capi/${library}_c.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endfunction()

# perfmodel_install_pc(<library> <version> <description> [REQUIRES <module>...] [PRIVATE_REQUIRES <module>...]
#                      [PRIVATE_LIBS <flag>...])
#
# Installs <library>.pc. What is private is linked by users of static libraries only.
function(perfmodel_install_pc library version description)
  cmake_parse_arguments(ARG "" "" "REQUIRES;PRIVATE_REQUIRES;PRIVATE_LIBS" ${ARGN})
  set(name ${library})
  list(JOIN ARG_REQUIRES ", " requires)
  list(JOIN ARG_PRIVATE_REQUIRES ", " private_requires)
  list(JOIN ARG_PRIVATE_LIBS " " private_libs)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/library.pc.in ${PROJECT_BINARY_DIR}/${library}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${library}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()

perfmodel_install(perfmodel HEADERS core config data network learner transfer layer_time)
install(FILES capi/perfmodel_error_c.h capi/perfmodel_network_c.h capi/perfmodel_models_c.h capi/perfmodel_transfer_c.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_BINARY_DIR}/include/perfmodel/core/version.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/perfmodel/core)
perfmodel_install_pc(perfmodel ${PROJECT_VERSION} "${PROJECT_DESCRIPTION}" PRIVATE_LIBS -lstdc++ -lm -pthread)
perfmodel_install_pc(perfmodel_c ${PERFMODEL_C_API_VERSION} "C API of perfmodel" PRIVATE_REQUIRES perfmodel)

if(PERFMODEL_BUILD_MEASURE)
  perfmodel_install(perfmodel_measure HEADERS knob power measure)
  install(FILES capi/perfmodel_configuration_c.h capi/perfmodel_knob_c.h capi/perfmodel_power_c.h capi/perfmodel_simulated_c.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  set(sqlite)
  if(PERFMODEL_WITH_SQLITE)
    set(sqlite sqlite3)
  endif()
  perfmodel_install_pc(perfmodel_measure ${PROJECT_VERSION} "Timing protocol and campaigns of perfmodel"
    REQUIRES perfmodel PRIVATE_REQUIRES ${sqlite} PRIVATE_LIBS -ldl)
  perfmodel_install_pc(perfmodel_measure_c ${PERFMODEL_C_API_VERSION} "C API of perfmodel_measure"
    REQUIRES perfmodel_c PRIVATE_REQUIRES perfmodel_measure)
endif()

if(PERFMODEL_BUILD_TRAIN)
  perfmodel_install(perfmodel_train HEADERS train)
  if(BUILD_SHARED_LIBS)  # LibTorch and XGBoost have no pkg-config modules that users of static libraries could link
    perfmodel_install_pc(perfmodel_train ${PROJECT_VERSION} "Layer timing and fitting of perfmodel"
      REQUIRES perfmodel_measure)
    perfmodel_install_pc(perfmodel_train_c ${PERFMODEL_C_API_VERSION} "C API of perfmodel_train" REQUIRES perfmodel_c)
  endif()
  if(PERFMODEL_WITH_XGBOOST AND NOT BUILD_SHARED_LIBS)
    install(FILES cmake/FindXGBoost.cmake DESTINATION ${PERFMODEL_CMAKE_DIR})
  endif()
endif()

configure_package_config_file(cmake/perfmodelConfig.cmake.in ${PROJECT_BINARY_DIR}/perfmodelConfig.cmake
  INSTALL_DESTINATION ${PERFMODEL_CMAKE_DIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/perfmodelConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/perfmodelConfig.cmake ${PROJECT_BINARY_DIR}/perfmodelConfigVersion.cmake
  DESTINATION ${PERFMODEL_CMAKE_DIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN results EXCLUDE)
