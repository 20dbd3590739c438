# Read by ctest: other tests beside it would disturb what this one measures, and it them.
foreach(test IN LISTS layers_job_test_TESTS)
  set_tests_properties(${test} PROPERTIES RUN_SERIAL TRUE)
endforeach()
