// The one exception of the native core: it carries the status that crosses the ABI and one line for a person.
#pragma once
#include <stdexcept>
#include <string>

#include "eikonal/eikonal.h"

namespace eik {

class Error : public std::runtime_error {
 public:
  Error(eik_status status, const std::string& message) : std::runtime_error(message), status(status) {}
  const eik_status status;
};

[[noreturn]] inline void invalid(const std::string& message) { throw Error(EIK_INVALID_ARGUMENT, message); }

inline void require(bool condition, const std::string& message) {
  if (!condition) invalid(message);
}

}  // namespace eik
