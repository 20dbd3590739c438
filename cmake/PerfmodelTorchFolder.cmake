# The target "torch" from PERFMODEL_TORCH_FOLDER as it lies there. TorchConfig.cmake of a LibTorch built for CUDA wants the
# CUDA toolkit, which a machine that only runs PyTorch does not have and which perfmodel does not need.
if(NOT EXISTS ${PERFMODEL_TORCH_FOLDER}/include/torch/csrc/api/include/torch/torch.h)
  message(FATAL_ERROR "PERFMODEL_TORCH_FOLDER: ${PERFMODEL_TORCH_FOLDER} does not hold include/torch/csrc/api/include/torch/torch.h")
endif()
add_library(torch INTERFACE IMPORTED)
target_include_directories(torch SYSTEM INTERFACE ${PERFMODEL_TORCH_FOLDER}/include
                                                  ${PERFMODEL_TORCH_FOLDER}/include/torch/csrc/api/include)
# libtorch_cuda is never called directly: it registers its operators when it is loaded.
target_link_options(torch INTERFACE -L${PERFMODEL_TORCH_FOLDER}/lib -Wl,-rpath,${PERFMODEL_TORCH_FOLDER}/lib
                                    -Wl,-rpath-link,${PERFMODEL_TORCH_FOLDER}/lib)
target_link_libraries(torch INTERFACE -Wl,--push-state,--no-as-needed -ltorch -ltorch_cpu -lc10)
foreach(library torch_cuda c10_cuda)
  if(EXISTS ${PERFMODEL_TORCH_FOLDER}/lib/lib${library}.so)
    target_link_libraries(torch INTERFACE -l${library})
  endif()
endforeach()
target_link_libraries(torch INTERFACE -Wl,--pop-state)
