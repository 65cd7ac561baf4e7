# SPDX-License-Identifier: BSD-3-Clause

# Flags every target shares. Contraction is off because fused and unfused kernels, packs and scalars, must give the same bits;
# code that wants a fused multiply-add says math::fma.
function(apical_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -ffp-contract=off -fno-math-errno -fno-trapping-math)
  if(APICAL_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # gcc 12 announces an ABI change of vector arguments that never cross a library boundary here
    target_compile_options(${target} PRIVATE -Wno-psabi)
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      # gcc bug 105651: "text" + string warns of an overlap that cannot be
      target_compile_options(${target} PRIVATE -Wno-restrict)
      # gcc bug 105593: its own AVX-512 intrinsics begin with `__m512d y = y`
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-uninitialized)
    endif()
  endif()
  if(APICAL_ARCH)
    target_compile_options(${target} PRIVATE -march=${APICAL_ARCH})
  endif()
endfunction()

# Tests and the program's own commands compute nothing that takes time: they are compiled quickly, not to be fast.
function(apical_quick_compile target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Og>)
endfunction()

# Fused kernels are a hundred independent chains of instructions; gcc interleaves them only if told to (docs/performance). Builds
# for debugging and the sanitizers do without, and compile in half the time.
function(apical_kernel_options)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(kernels ${ARGN})
    list(FILTER kernels INCLUDE REGEX "/generated/kernels_|/engine/fused/")
    # the address sanitizer takes minutes to guard every temporary of one inlined kernel; what they read and write in memory it watches
    set_source_files_properties(${kernels} PROPERTIES COMPILE_OPTIONS
      "$<IF:$<CONFIG:Debug>,-O1;--param=asan-stack=0,-O3;-fschedule-insns;-fsched-pressure>")
  endif()
endfunction()
