#include "collectives.h"

#include "scheduler.h"

namespace emulator {
namespace {

struct Shuffle {
  uint64_t value, result;
  unsigned source;
};
struct Ballot {
  int predicate;
  unsigned result;
};
struct Match {
  uint64_t value;
  unsigned result;
};
struct Reduce {
  unsigned value, result;
};

template <class Request>
Request* request(void* const* arguments, unsigned lane) {
  return static_cast<Request*>(arguments[lane]);
}

void run_shuffle(void* const* arguments) {
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    Shuffle* r = request<Shuffle>(arguments, lane);
    if (!r) continue;
    const Shuffle* source = request<Shuffle>(arguments, r->source);
    r->result = source ? source->value : ~uint64_t{0};  // a lane that takes no part has nothing to give: poison
  }
}

void run_ballot(void* const* arguments) {
  unsigned votes = 0;
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    const Ballot* r = request<Ballot>(arguments, lane);
    if (r && r->predicate) votes |= 1u << lane;
  }
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    if (Ballot* r = request<Ballot>(arguments, lane)) r->result = votes;
  }
}

void run_match(void* const* arguments) {
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    Match* r = request<Match>(arguments, lane);
    if (!r) continue;
    r->result = 0;
    for (unsigned other = 0; other < kWarp; ++other) {
      const Match* o = request<Match>(arguments, other);
      if (o && o->value == r->value) r->result |= 1u << other;
    }
  }
}

template <Reduction reduction>
unsigned combine(unsigned a, unsigned b) {
  const int x = static_cast<int>(a), y = static_cast<int>(b);
  switch (reduction) {
    case kAdd: return a + b;
    case kMin: return a < b ? a : b;
    case kMax: return a > b ? a : b;
    case kMinSigned: return x < y ? a : b;
    case kMaxSigned: return x > y ? a : b;
    case kBitAnd: return a & b;
    case kBitOr: return a | b;
    default: return a ^ b;
  }
}

template <Reduction reduction>
void run_reduce(void* const* arguments) {
  bool first = true;
  unsigned result = 0;
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    const Reduce* r = request<Reduce>(arguments, lane);
    if (!r) continue;
    result = first ? r->value : combine<reduction>(result, r->value);
    first = false;
  }
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    if (Reduce* r = request<Reduce>(arguments, lane)) r->result = result;
  }
}

constexpr Collective kSyncWarp = {"__syncwarp", nullptr, false, true};
constexpr Collective kShuffle = {"a shuffle", run_shuffle, false, false};
constexpr Collective kBallot = {"a vote", run_ballot, false, false};
constexpr Collective kMatch = {"__match_any_sync", run_match, false, false};
constexpr Collective kReductions[] = {  // in the order of Reduction
    {"__reduce_add_sync", run_reduce<kAdd>, false, false},
    {"__reduce_min_sync", run_reduce<kMin>, false, false},
    {"__reduce_max_sync", run_reduce<kMax>, false, false},
    {"__reduce_min_sync", run_reduce<kMinSigned>, false, false},
    {"__reduce_max_sync", run_reduce<kMaxSigned>, false, false},
    {"__reduce_and_sync", run_reduce<kBitAnd>, false, false},
    {"__reduce_or_sync", run_reduce<kBitOr>, false, false},
    {"__reduce_xor_sync", run_reduce<kBitXor>, false, false},
};

}  // namespace

unsigned lane() { return current->lane(); }

// The least that the hardware may answer: lanes run together only by chance.
unsigned active_mask() { return 1u << current->lane(); }

void sync_warp(unsigned mask, Place place) { meet(kSyncWarp, mask, nullptr, place); }

uint64_t shuffle(unsigned mask, uint64_t value, unsigned source, Place place) {
  Shuffle r{value, 0, source & (kWarp - 1)};
  meet(kShuffle, mask, &r, place);
  return r.result;
}

unsigned ballot(unsigned mask, int predicate, Place place) {
  Ballot r{predicate, 0};
  meet(kBallot, mask, &r, place);
  return r.result;
}

unsigned match_any(unsigned mask, uint64_t value, Place place) {
  Match r{value, 0};
  meet(kMatch, mask, &r, place);
  return r.result;
}

unsigned reduce(unsigned mask, unsigned value, Reduction reduction, Place place) {
  Reduce r{value, 0};
  meet(kReductions[reduction], mask, &r, place);
  return r.result;
}

}  // namespace emulator
