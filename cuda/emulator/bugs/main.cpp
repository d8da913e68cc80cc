// Runs every case as it should be and with each bug planted, each in a process of its own with several seeds, and prints
// what found what. Answers 0 if all correct runs passed and every bug was found as its case says.
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

int seeds = 6;

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
  if (build == "thread") seeds = 4;  // the slowest build, which depends least on schedules
  int failures = 0, bugs = 0;
  for (const Case& c : cases) {
    for (unsigned seed = 0; seed < static_cast<unsigned>(seeds); ++seed) {
      const Outcome outcome = run_apart(c, 0, seed);
      if (outcome.status) {
        printf("FAIL %s is correct and fails with seed %u:\n%s\n", c.name, seed, outcome.text.c_str());
        ++failures;
      }
    }
    for (size_t b = 0; b < c.bugs.size(); ++b) {
      const Bug& bug = c.bugs[b];
      const Found& found = expected(bug, build);
      int times = 0, failed = 0;
      std::string other;
      for (unsigned seed = 0; seed < static_cast<unsigned>(seeds); ++seed) {
        const Outcome outcome = run_apart(c, static_cast<int>(b + 1), seed);
        failed += outcome.status != 0;
        if (found.sign && outcome.status && outcome.text.find(found.sign) != std::string::npos) {
          ++times;
        } else if (other.empty()) {
          other = outcome.text;
        }
      }
      ++bugs;
      const bool ok = !found.sign || (found.seeds == Found::kAll ? times == seeds : times > 0);
      printf("%-4s %-12s %-48s %d/%d %s\n", ok ? "ok" : "FAIL", c.name, bug.name, found.sign ? times : failed, seeds,
             found.sign ? found.sign : failed ? "(nothing asked)" : "");
      if (!ok) {
        ++failures;
        printf("%s\n", other.substr(0, 2000).c_str());
      }
    }
  }
  printf("%s: %d bugs in %zu kernels, %d failures\n", build.c_str(), bugs, cases.size(), failures);
  return failures != 0;
}
