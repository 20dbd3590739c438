#pragma once

/// Marks what the shared libraries offer to their users; everything else is hidden.
#define PERFMODEL_EXPORT __attribute__((visibility("default")))
