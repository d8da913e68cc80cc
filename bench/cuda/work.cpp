#include "work.h"

#include <algorithm>

namespace eik::bench {
namespace {

// Calls visit(grid) for all grids of an encoding.
template <class Visit>
void for_grids(const EncodingPlan& plan, const Visit& visit) {
  if (plan.kind == EncodingKind::grid) visit(plan);
  for (int i = 0; i < plan.parts; ++i) for_grids(*plan.part[i], visit);
}

// Multiplications of one point in layers [begin, end).
double products(const MlpPlan& plan, int begin, int end) {
  double sum = 0;
  for (int l = begin; l < end; ++l) sum += static_cast<double>(plan.inputs[l]) * plan.width[l + 1];
  return sum;
}
double products(const MlpPlan& plan) { return products(plan, 0, plan.layers); }

// Bytes of the tables that n points read or, both ways, add to: no more than all of them.
double table_bytes(const EncodingPlan& plan, double n, double bytes_each) {
  double sum = 0;
  for_grids(plan, [&](const EncodingPlan& grid) {
    const double corners = static_cast<double>(1 << grid.inputs) * n * grid.grid.features;
    for (int l = 0; l < grid.grid.levels; ++l)
      sum += bytes_each * std::min(corners, static_cast<double>(grid.grid.level[l].entries) * grid.grid.features);
  });
  return sum;
}

bool has_encoding(const ModulePlan& plan) { return plan.kind != ModuleKind::network; }
bool has_network(const ModulePlan& plan) { return plan.kind != ModuleKind::encoding; }
bool has_head(const ModulePlan& plan) { return plan.kind == ModuleKind::radiance; }

double network_parameters(const ModulePlan& plan) {
  return static_cast<double>((has_network(plan) ? plan.network.parameters : 0) + (has_head(plan) ? plan.head.parameters : 0));
}

}  // namespace

double corners(const EncodingPlan& plan) {
  double sum = 0;
  for_grids(plan, [&](const EncodingPlan& grid) { sum += static_cast<double>(grid.grid.levels) * (1 << grid.inputs); });
  return sum;
}

Work forward_work(const ModulePlan& plan, double n, bool half) {
  Work work;
  work.bytes = 4 * n * (plan.inputs + plan.outputs) + 4 * network_parameters(plan);
  if (has_encoding(plan)) {
    work.gathers = n * corners(plan.encoding);
    work.bytes += table_bytes(plan.encoding, n, half ? 2 : 4);
  }
  if (has_network(plan)) work.flops += 2 * n * products(plan.network);
  if (has_head(plan)) work.flops += 2 * n * products(plan.head);
  return work;
}

Work backward_work(const ModulePlan& plan, double n, bool half, bool inputs) {
  Work work;
  work.bytes = 4 * n * (plan.inputs + plan.outputs + (inputs ? plan.inputs : 0)) + 3 * 4 * network_parameters(plan);
  if (has_encoding(plan)) {
    work.adds = n * corners(plan.encoding);
    work.bytes += table_bytes(plan.encoding, n, 2 * 4);
    if (inputs || has_network(plan)) {
      work.gathers = n * corners(plan.encoding);
      work.bytes += table_bytes(plan.encoding, n, half ? 2 : 4);
    }
  }
  const auto back = [&](const MlpPlan& network, bool whole, bool to_inputs) {
    const double again = products(network, 0, whole ? network.layers : network.layers - 1);
    work.flops += 2 * n * (again + products(network) + products(network, to_inputs ? 0 : 1, network.layers));
  };
  if (has_network(plan)) back(plan.network, has_head(plan), inputs || has_encoding(plan));
  if (has_head(plan)) back(plan.head, false, true);
  return work;
}

Work optimize_work(const ModulePlan& plan, double touched, bool half) {
  // Value, gradient and two moments each way, and the half-precision copy; without a gradient, that alone is read.
  const double all = 2 * 4 * 4 + (half ? 2 : 0), networks = network_parameters(plan);
  const double grids = static_cast<double>(plan.parameters) - networks;
  Work work;
  work.bytes = all * (networks + std::min(touched, grids)) + 4 * std::max(grids - touched, 0.0);
  return work;
}

Work train_work(const ModulePlan& plan, double samples, double live, bool half) {
  const int last = plan.network.layers - 1;
  const double density = products(plan.network, 0, last) + plan.network.inputs[last];  // of one output
  Work work = optimize_work(plan, live * corners(plan.encoding) * plan.encoding.grid.features, half);
  work.bytes += table_bytes(plan.encoding, samples, half ? 2 : 4) + table_bytes(plan.encoding, live, 2 * 4);
  work.flops = 2 * samples * density + 3 * 2 * live * (products(plan.network) + products(plan.head));
  work.gathers = samples * corners(plan.encoding);
  work.adds = live * corners(plan.encoding);
  return work;
}

}  // namespace eik::bench
