# Runs a small study anew; where PERFMODEL_DATA_DIR names no measured tables there is nothing to run on.
# usage: cmake -DSTUDY=<program> -DOUTPUT=<folder> -P quick_study.cmake
if("$ENV{PERFMODEL_DATA_DIR}" STREQUAL "")
  if("$ENV{PERFMODEL_REQUIRE_DATA}" STREQUAL "1")
    message(FATAL_ERROR "PERFMODEL_REQUIRE_DATA is 1, but PERFMODEL_DATA_DIR is unset")
  endif()
  message("skipped: PERFMODEL_DATA_DIR is unset")
  return()
endif()
file(REMOVE_RECURSE ${OUTPUT})
execute_process(COMMAND ${STUDY} --strategy dm,gs_aic,lms --learner tree --budget 19,pool --repeats 1 --output ${OUTPUT}
                COMMAND_ERROR_IS_FATAL ANY)
