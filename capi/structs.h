#pragma once

#include <cstddef>
#include <cstdint>

#include "guard.h"

/// The name of a C struct for messages. Beside the structs, in the global namespace, where templates find them.
constexpr const char* struct_name(const perfmodel_layer&) {
  return "perfmodel_layer";
}
constexpr const char* struct_name(const perfmodel_layer_context&) {
  return "perfmodel_layer_context";
}
constexpr const char* struct_name(const perfmodel_layer_time&) {
  return "perfmodel_layer_time";
}
constexpr const char* struct_name(const perfmodel_network_time&) {
  return "perfmodel_network_time";
}
constexpr const char* struct_name(const perfmodel_feature&) {
  return "perfmodel_feature";
}
constexpr const char* struct_name(const perfmodel_model_info&) {
  return "perfmodel_model_info";
}
constexpr const char* struct_name(const perfmodel_fit_options&) {
  return "perfmodel_fit_options";
}

namespace perfmodel::capi {

/// @throws Error kInvalidArgument: a size that no version of a struct can have; also what memory that was never
///         initialised usually holds.
void check_struct_size(std::size_t struct_size, const char* name);

/// Overwrites the head of `value` (`known_bytes`, holding defaults) with a caller's struct of `struct_size` bytes.
/// @throws Error kInvalidArgument (size); kUnsupported: a newer caller set a field that this library does not know.
void read_bytes(const void* source, std::size_t struct_size, void* value, std::size_t known_bytes, const char* name);

/// Copies as much of `value` as the caller's struct holds, zeroes what this library does not know, keeps its
/// struct_size.
void write_bytes(const void* value, std::size_t known_bytes, void* destination, std::size_t struct_size) noexcept;

/// A caller's struct of any version as this library's; fields it lacks are those of `defaults`.
template <typename T>
T read_struct(const T* source, std::size_t struct_size, const T& defaults) {
  T value = defaults;
  read_bytes(source, struct_size, &value, sizeof(T), struct_name(defaults));
  value.struct_size = sizeof(T);
  return value;
}

/// The struct_size of a caller's output struct, checked before any work is done.
template <typename T>
std::size_t checked_size(const T* destination) {
  check_struct_size(destination->struct_size, struct_name(*destination));
  return destination->struct_size;
}

/// Element `index` of an array of the caller, whose elements are `struct_size` bytes each.
template <typename T>
T* element(T* array, std::size_t index, std::size_t struct_size) noexcept {
  return reinterpret_cast<T*>(reinterpret_cast<std::uintptr_t>(array) + index * struct_size);
}

template <typename T>
void write_struct(const T& value, T* destination, std::size_t struct_size) noexcept {
  write_bytes(&value, sizeof(T), destination, struct_size);
}

/// What an _init function does.
template <typename T>
perfmodel_status init_struct(T* destination, std::size_t struct_size, const T& defaults) noexcept {
  return guard([&] {
    require(destination != nullptr, "the struct to fill is NULL");
    check_struct_size(struct_size, struct_name(defaults));
    write_struct(defaults, destination, struct_size);
  });
}

}  // namespace perfmodel::capi
