// Tests of the tools' parts hold perfmodel's objects and, through the tools, its shared libraries: two of each global,
// on purpose.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "detect_odr_violation=0";
}
