// What a call has to do at least, counted by formula from what it is asked: no measure of what it does.
#pragma once
#include "core/backend.h"

namespace eik::bench {

struct Work {
  double bytes = 0;    // device memory: each array that comes in read once, each that goes out written once
  double flops = 0;    // of the networks' products
  double gathers = 0;  // entries of grids that are read: one a corner of a point's cell, in each level
  double adds = 0;     // and such that are added to

  Work& operator+=(const Work& other) {
    bytes += other.bytes;
    flops += other.flops;
    gathers += other.gathers;
    adds += other.adds;
    return *this;
  }
};

// The corners that one point reads in all levels of all grids.
double corners(const EncodingPlan& plan);

// half: whether the backend keeps grids in half precision.
Work forward_work(const ModulePlan& plan, double n, bool half);
// Without a tape of the forward pass: the layers below the last are computed again.
Work backward_work(const ModulePlan& plan, double n, bool half, bool inputs);
// One Adam step in which so many of the grids' parameters have a gradient.
Work optimize_work(const ModulePlan& plan, double touched, bool half);
// A step on so many marched samples, of which some are live.
Work train_work(const ModulePlan& plan, double samples, double live, bool half);

}  // namespace eik::bench
