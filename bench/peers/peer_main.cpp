#include "peer_main.h"

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace perfmodel {

int peer_main(int argc, char** argv, void (*run)(const PeerOptions& options)) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s FOLDER ROUNDS\n", argv[0]);
    return 2;
  }
  try {
    PeerOptions options{argv[1], std::stoi(argv[2])};
    if (options.rounds < 1) throw std::invalid_argument("ROUNDS must be at least 1");
    run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
  return 0;
}

}  // namespace perfmodel
