/* Stands in for libnvidia-ml. FAKE_NVML_FAIL in the environment names a call and the code that it answers, as in
 * "nvmlDeviceGetPowerUsage=4"; FAKE_NVML_REASONS is why clocks are low, FAKE_NVML_CAP_MHZ what the GPU's does not
 * exceed, FAKE_NVML_PERSISTENCE the persistence mode. Built with FAKE_NVML_OLD it is a version from before memory
 * clocks could be locked, with FAKE_NVML_OTHER another library. */
#ifdef FAKE_NVML_OTHER

int nvmlNothing(void) {
  return 0;
}

#else

#include <stdlib.h>
#include <string.h>

struct device {
  unsigned gpu_mhz, memory_mhz, limit_milliwatts;
};

static struct device devices[2] = {{1980, 2619, 700000}, {345, 1593, 310000}};
int fake_nvml_num_users = 0; /* started and not shut down */

static int answer(const char* call) {
  const char* const failure = getenv("FAKE_NVML_FAIL");
  const size_t length = strlen(call);
  if (failure == NULL || strncmp(failure, call, length) != 0 || failure[length] != '=') return 0;
  return atoi(failure + length + 1);
}

#define FAIL_IF_ASKED()                \
  do {                                 \
    const int code = answer(__func__); \
    if (code != 0) return code;        \
  } while (0)

int nvmlInit_v2(void) {
  FAIL_IF_ASKED();
  ++fake_nvml_num_users;
  return 0;
}

int nvmlShutdown(void) {
  --fake_nvml_num_users;
  return 0;
}

const char* nvmlErrorString(int code) {
  return code == 4 ? "Insufficient Permissions" : code == 15 ? "GPU is lost" : "some error";
}

int nvmlDeviceGetCount_v2(unsigned* count) {
  FAIL_IF_ASKED();
  *count = 2;
  return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, struct device** device) {
  FAIL_IF_ASKED();
  if (index >= 2) return 2;
  *device = &devices[index];
  return 0;
}

int nvmlDeviceGetName(struct device* device, char* name, unsigned size) {
  FAIL_IF_ASKED();
  strncpy(name, device == devices ? "Fake GPU" : "Another Fake GPU", size);
  return 0;
}

static int list(const unsigned* clocks, unsigned num_clocks, unsigned* count, unsigned* out) {
  const unsigned room = *count;
  *count = num_clocks;
  if (room < num_clocks) return 7;
  memcpy(out, clocks, num_clocks * sizeof(unsigned));
  return 0;
}

int nvmlDeviceGetSupportedMemoryClocks(struct device* device, unsigned* count, unsigned* clocks_mhz) {
  static const unsigned clocks[] = {1593, 2619};
  FAIL_IF_ASKED();
  return device == devices ? list(clocks, 2, count, clocks_mhz) : list(clocks, 0, count, clocks_mhz);
}

int nvmlDeviceGetSupportedGraphicsClocks(struct device* device, unsigned memory_mhz, unsigned* count,
                                         unsigned* clocks_mhz) {
  enum { num_clocks = 300 };
  unsigned clocks[num_clocks];
  FAIL_IF_ASKED();
  (void)device;
  for (unsigned i = 0; i < num_clocks; ++i) clocks[i] = 1980 - 5 * i; /* from high to low, as the real one does */
  return list(clocks, memory_mhz == 2619 ? num_clocks : 1, count, clocks_mhz);
}

int nvmlDeviceGetClockInfo(struct device* device, unsigned type, unsigned* mhz) {
  const char* const cap = getenv("FAKE_NVML_CAP_MHZ");
  FAIL_IF_ASKED();
  if (type != 0 && type != 2) return 2;
  *mhz = type == 0 ? device->gpu_mhz : device->memory_mhz;
  if (type == 0 && cap != NULL && *mhz > (unsigned)atoi(cap)) *mhz = (unsigned)atoi(cap);
  return 0;
}

int nvmlDeviceSetGpuLockedClocks(struct device* device, unsigned low_mhz, unsigned high_mhz) {
  FAIL_IF_ASKED();
  if (low_mhz != high_mhz) return 2;
  device->gpu_mhz = low_mhz;
  return 0;
}

int nvmlDeviceResetGpuLockedClocks(struct device* device) {
  FAIL_IF_ASKED();
  device->gpu_mhz = 1980;
  return 0;
}

#ifndef FAKE_NVML_OLD
int nvmlDeviceSetMemoryLockedClocks(struct device* device, unsigned low_mhz, unsigned high_mhz) {
  FAIL_IF_ASKED();
  if (low_mhz != high_mhz) return 2;
  device->memory_mhz = low_mhz;
  return 0;
}

int nvmlDeviceResetMemoryLockedClocks(struct device* device) {
  FAIL_IF_ASKED();
  device->memory_mhz = 2619;
  return 0;
}
#endif

int nvmlDeviceGetPowerManagementLimitConstraints(struct device* device, unsigned* least, unsigned* greatest) {
  FAIL_IF_ASKED();
  (void)device;
  *least = 200000;
  *greatest = 700500;
  return 0;
}

int nvmlDeviceGetPowerManagementLimit(struct device* device, unsigned* milliwatts) {
  FAIL_IF_ASKED();
  *milliwatts = device->limit_milliwatts;
  return 0;
}

int nvmlDeviceSetPowerManagementLimit(struct device* device, unsigned milliwatts) {
  FAIL_IF_ASKED();
  device->limit_milliwatts = milliwatts;
  return 0;
}

int nvmlDeviceGetPersistenceMode(struct device* device, unsigned* mode) {
  const char* const wanted = getenv("FAKE_NVML_PERSISTENCE");
  FAIL_IF_ASKED();
  (void)device;
  *mode = wanted == NULL ? 0 : (unsigned)atoi(wanted);
  return 0;
}

int nvmlDeviceGetTotalEnergyConsumption(struct device* device, unsigned long long* millijoules) {
  FAIL_IF_ASKED();
  (void)device;
  *millijoules = 5000000001250ull; /* more than 32 bits hold */
  return 0;
}

int nvmlDeviceGetPowerUsage(struct device* device, unsigned* milliwatts) {
  FAIL_IF_ASKED();
  (void)device;
  *milliwatts = 71250;
  return 0;
}

int nvmlDeviceGetTemperature(struct device* device, unsigned sensor, unsigned* celsius) {
  FAIL_IF_ASKED();
  (void)device;
  if (sensor != 0) return 2;
  *celsius = 41;
  return 0;
}

int nvmlDeviceGetCurrentClocksThrottleReasons(struct device* device, unsigned long long* reasons) {
  const char* const wanted = getenv("FAKE_NVML_REASONS");
  FAIL_IF_ASKED();
  (void)device;
  *reasons = wanted == NULL ? 0 : strtoull(wanted, NULL, 0);
  return 0;
}

#endif
