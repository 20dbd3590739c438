#pragma once

#include <string>

namespace perfmodel {

/// Where bench/peers.sh keeps what the peers share (peer_inputs.h), and how often each is timed.
struct PeerOptions {
  std::string folder;
  int rounds = 21;
};

/// main() of a peer's program, whose arguments are FOLDER ROUNDS: calls `run`, which prints one line of JSON per
/// comparison. An exception, a check that fails among them, becomes a message and the exit status 1.
int peer_main(int argc, char** argv, void (*run)(const PeerOptions& options));

}  // namespace perfmodel
