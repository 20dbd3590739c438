#pragma once

#include <string>

#include "sysfs/file_system.h"

namespace perfmodel {

/// The number in a sensor's file.
/// @throws Error as FileSystem::read(); kIo: no finite number, or more than one.
double read_sensor(FileSystem& files, const std::string& path);

}  // namespace perfmodel
