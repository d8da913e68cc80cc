// Runs every case as it should be and with each bug planted, each in a process of its own with several seeds, and prints a
// line for each bug that this build must catch. Answers 0 if all were caught as their cases say and all correct runs passed.
//   bugs plain|address|thread        bugs plain CASE BUG SEED: one run, here (BUG 0: none)
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

#include "bugs/cases.h"

namespace emulator {
void set_seed(unsigned seed);
}

namespace {

unsigned seeds = 6;

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& cases : {barrier_cases(), memory_cases(), atomic_cases(), collective_cases(), tensor_cases(), copy_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

int run_here(const Case& c, int bug, unsigned seed) {
  emulator::set_seed(seed);
  try {
    if (c.run(bug)) return 0;
    fprintf(stderr, "%s\n", kWrong);
  } catch (const std::exception& e) {
    fprintf(stderr, "%s\n", e.what());
  }
  return 1;
}

struct Outcome {
  int status;
  std::string text;
};

Outcome run_apart(const Case& c, int bug, unsigned seed) {
  int ends[2];
  if (pipe(ends)) abort();
  fflush(stdout);  // or the child would print it again
  const pid_t child = fork();
  if (child < 0) abort();
  if (child == 0) {
    dup2(ends[1], 2);
    close(ends[0]);
    close(ends[1]);
    exit(run_here(c, bug, seed));
  }
  close(ends[1]);
  Outcome outcome{0, {}};
  char buffer[4096];
  for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;) outcome.text.append(buffer, static_cast<size_t>(n));
  close(ends[0]);
  waitpid(child, &outcome.status, 0);
  return outcome;
}

const Found& expected(const Bug& bug, const std::string& build) {
  return build == "plain" ? bug.plain : build == "address" ? bug.address : bug.thread;
}

// The line of the text that has the sign, or "".
std::string line_with(const std::string& text, const char* sign) {
  const size_t at = text.find(sign);
  if (at == std::string::npos) return "";
  const size_t begin = text.rfind('\n', at) + 1;  // npos + 1 is 0
  return text.substr(begin, text.find('\n', at) - begin);
}

bool passes(const Case& c, const std::string& build) {
  for (unsigned seed = 0; seed < seeds; ++seed) {
    const Outcome outcome = run_apart(c, 0, seed);
    if (!outcome.status) continue;
    printf("FAILED %s, which is correct, by %s with seed %u:\n%s\n", c.name, build.c_str(), seed, outcome.text.c_str());
    return false;
  }
  return true;
}

bool caught(const Case& c, int number, const Found& found, const std::string& build) {
  const char* name = c.bugs[static_cast<size_t>(number - 1)].name;
  unsigned times = 0;
  std::string message, other;
  for (unsigned seed = 0; seed < seeds; ++seed) {
    const Outcome outcome = run_apart(c, number, seed);
    const std::string line = outcome.status ? line_with(outcome.text, found.sign) : "";
    times += !line.empty();
    (line.empty() ? other : message) = line.empty() ? outcome.text : line;
  }
  const bool enough = found.seeds == Found::kAll ? times == seeds : times > 0;
  if (enough) {
    printf("caught: %s (%s) by %s: %s\n", name, c.name, build.c_str(), message.c_str());
  } else {
    printf("MISSED: %s (%s) by %s: \"%s\" in %u of %u seeds, but\n%s\n", name, c.name, build.c_str(), found.sign, times, seeds,
           other.substr(0, 2000).c_str());
  }
  return enough;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string build = argv[1];
  const std::vector<Case> cases = all_cases();
  if (argc == 5) {
    for (const Case& c : cases) {
      if (!strcmp(c.name, argv[2])) return run_here(c, atoi(argv[3]), static_cast<unsigned>(atoi(argv[4])));
    }
    return 2;
  }
  if (build == "thread") seeds = 2;  // the slowest build, which depends least on schedules
  int failures = 0, asked = 0;
  for (const Case& c : cases) {
    failures += !passes(c, build);
    for (size_t b = 0; b < c.bugs.size(); ++b) {
      const Found& found = expected(c.bugs[b], build);
      if (!found.sign) continue;
      ++asked;
      failures += !caught(c, static_cast<int>(b + 1), found, build);
    }
  }
  printf("%s: %d bugs to catch, %zu correct cases, %d failures\n", build.c_str(), asked, cases.size(), failures);
  return failures != 0;
}
