# Runs a small study, then again: a second run finds all its rows. Where PERFMODEL_DATA_DIR names no measured tables there
# is nothing to run on.
# usage: cmake -DSTUDY=<program> -DOUTPUT=<folder> -P quick_study.cmake
if("$ENV{PERFMODEL_DATA_DIR}" STREQUAL "")
  if("$ENV{PERFMODEL_REQUIRE_DATA}" STREQUAL "1")
    message(FATAL_ERROR "PERFMODEL_REQUIRE_DATA is 1, but PERFMODEL_DATA_DIR is unset")
  endif()
  message("skipped: PERFMODEL_DATA_DIR is unset")
  return()
endif()
file(REMOVE_RECURSE ${OUTPUT})
file(MAKE_DIRECTORY ${OUTPUT}/page)
file(WRITE ${OUTPUT}/page/layers.md "before\n<!-- begin table_1_300 -->\nold\n<!-- end -->\n"
                                    "<!-- begin table_1 -->\nof all rows\n<!-- end -->\nafter\n")
set(study ${STUDY} --rows 300 --kinds dense --draws 2 --svr-minutes 0.01 --output ${OUTPUT}/study)
set(all_parts ${study} --learners xgboost)
set(learners ${study} --part learners --learners xgboost,polynomial,mlp,svr,perfnet_paper)
execute_process(COMMAND ${all_parts} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${learners} --page ${OUTPUT}/page/layers.md COMMAND_ERROR_IS_FATAL ANY)

file(READ ${OUTPUT}/page/layers.md page)
if(page MATCHES "old" OR NOT page MATCHES "^before.*polynomial.*of all rows.*after\n$")
  message(FATAL_ERROR "the page does not hold the table in the place of the old one:\n${page}")
endif()
foreach(part time_column features networks end_to_end devices justus learners)
  foreach(file layers_${part}_300.json layers_${part}_300.csv)
    if(NOT EXISTS ${OUTPUT}/page/${file})
      message(FATAL_ERROR "${file} is not beside the page")
    endif()
  endforeach()
endforeach()

# What each kind of learner and part tells is in its rows; without libsvm there is no svr.
file(READ ${OUTPUT}/study/rows.jsonl rows)
foreach(says "\"method\":\"mlp\".*\"chosen\":\"hidden" "\"method\":\"perfnet_paper\".*\"epoch_validation_mape_pct\":\\["
             "\"method\":\"transfer residual\"" "\"method\":\"transfer auto\"" "\"step\":\"gtx1080ti xgboost draw 1\""
             "\"features\":\"physics_tiles\"" "\"features_values\":\"[0-9a-f]+\"" "\"num_threads\":1")
  if(NOT rows MATCHES "${says}")
    message(FATAL_ERROR "no row says ${says}")
  endif()
endforeach()
if(rows MATCHES "\"method\":\"svr\"" AND NOT rows MATCHES "\"method\":\"svr\".*\"svr_minutes\":0.01")
  message(FATAL_ERROR "rows of svr do not tell svr_minutes")
endif()

file(STRINGS ${OUTPUT}/study/rows.jsonl first)
foreach(again all_parts learners)
  execute_process(COMMAND ${${again}} COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
endforeach()
file(STRINGS ${OUTPUT}/study/rows.jsonl second)
if(NOT "${first}" STREQUAL "${second}")
  message(FATAL_ERROR "a second run made rows that were on record")
endif()

# Other minutes make another row, and the old one stays.
if(rows MATCHES "\"method\":\"svr\"")
  execute_process(COMMAND ${STUDY} --rows 300 --part learners --learners svr --kinds dense --svr-minutes 0.02
                          --output ${OUTPUT}/study COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
  file(READ ${OUTPUT}/study/rows.jsonl rows)
  if(NOT rows MATCHES "\"svr_minutes\":0.01.*\"svr_minutes\":0.02")
    message(FATAL_ERROR "svr of other minutes was taken from the record")
  endif()
endif()

# A row of an older study: without what rows tell now, and under a name that was another method's.
string(REGEX MATCH "{\"part\":\"devices\",\"step\":\"100 dense rtx2080ti source gp 0\"[^\n]*}" row "${rows}")
string(REPLACE "source gp" "residual" row "${row}")
string(REGEX REPLACE ",\"features_values\":\"[0-9a-f]+\",\"num_threads\":1" "" row "${row}")
file(WRITE ${OUTPUT}/older/rows.jsonl "${row}\n")
execute_process(COMMAND ${STUDY} --rows 300 --part devices --kinds dense --report --output ${OUTPUT}/older
                COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
file(READ ${OUTPUT}/older/layers_devices_300.csv csv)
if(NOT csv MATCHES "100 dense rtx2080ti source gp 0")
  message(FATAL_ERROR "a row of an older study is not known again:\n${row}\n${csv}")
endif()

execute_process(COMMAND ${STUDY} --part networks --learners mlp --output ${OUTPUT}/study
                RESULT_VARIABLE code ERROR_VARIABLE says)
if(NOT code EQUAL 2 OR NOT says MATCHES "--learners: these parts have no 'mlp', but few_layers, layer_blend, ")
  message(FATAL_ERROR "a learner that a part does not have: exit code ${code}, ${says}")
endif()
