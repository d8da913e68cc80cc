// The road: what a radiance field, an optimiser, an occupancy grid and views do together.
#pragma once
#include "core/occupancy.h"
#include "core/optimizer.h"
#include "core/views.h"

namespace eik {

class Trainer {
 public:
  Trainer(std::shared_ptr<Module> field, std::shared_ptr<Optimizer> optimizer, std::shared_ptr<OccupancyGrid> occupancy,
          std::shared_ptr<Views> views, const std::string& config);
  void step(int64_t step, double progress, double* stats);

 private:
  std::shared_ptr<Module> field_;
  std::shared_ptr<Optimizer> optimizer_;
  std::shared_ptr<OccupancyGrid> occupancy_;
  std::shared_ptr<Views> views_;
  TrainPlan plan_{};
  int32_t rays_per_pixel_;
  double rays_per_pixel_from_;  // progress
};

void render(const Module& field, const OccupancyGrid& occupancy, const std::string& config, const CameraModel& camera,
            int row_begin, int row_end, float* color, float* depth, float* opacity);

}  // namespace eik
