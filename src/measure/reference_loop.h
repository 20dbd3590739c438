#pragma once

namespace perfmodel {

/// Times a loop of multiply-adds on registers that keeps the vector units of the core busy for some 10 microseconds;
/// the better of two runs in a row after an untimed lead-in, in milliseconds. It touches no memory, so only the core's
/// own speed changes it: its clock, and whatever shares its execution units. How long it runs is settled at the first
/// call.
double reference_loop_ms() noexcept;

}  // namespace perfmodel
