#include "core/config.h"

#include <cmath>

#include "core/error.h"
#include "math/random.h"
#include "math/spherical_harmonics.h"

namespace eik {
namespace {

constexpr int kMaxFrequencies = 32;
constexpr int kMaxOctaves = 16;      // of the integrated encoding, whose angles are not in half turns: sin(2^15 x) is the last
constexpr int kDensityOutputs = 16;  // of a radiance field's first network: the raw density and what the colours see of it

// Vertices of an icosahedron and middles of its edges on the unit sphere, one of each two that are opposite: the directions of
// Mip-NeRF 360, in the order in which its appendix prints them.
constexpr float kP = 0.850650808f, kQ = 0.525731112f, kR = 0.809016994f, kS = 0.309016994f;
constexpr float kIcosahedron[kMaxDirections][3] = {
    {kP, 0, kQ},      {kR, .5f, kS},    {kQ, kP, 0},    {1, 0, 0},     {kR, .5f, -kS},  {kP, 0, -kQ},   {kS, kR, -.5f},
    {0, kQ, -kP},     {.5f, kS, -kR},   {0, 1, 0},      {-kQ, kP, 0},  {-kS, kR, -.5f}, {0, kQ, kP},    {-kS, kR, .5f},
    {kS, kR, .5f},    {.5f, kS, kR},    {.5f, -kS, kR}, {0, 0, 1},     {-.5f, kS, kR},  {-kR, .5f, kS}, {-kR, .5f, -kS}};

const std::vector<std::string> kActivations = {"None",     "ReLU",       "LeakyReLU", "Exponential", "Sigmoid",
                                               "Softplus", "Squareplus", "Tanh",      "Sine",        "SiLU"};

const Json& required(const Json& json, const std::string& key, const std::string& what) {
  const Json* child = json.find(key);
  require(child != nullptr, what + ": " + quoted(key) + " is missing");
  return *child;
}

class Layout {
 public:
  explicit Layout(ModuleLayout& out) : out_(out) {}

  EncodingPlan encoding(const Json& json, int inputs, int first_input) {
    const std::string otype = name_of(json, "encoding");
    Keys keys(json, "encoding " + otype);
    keys.ignore({"otype"});
    EncodingPlan plan{};
    plan.first_input = first_input;
    plan.inputs = inputs;
    plan.offset = offset_;
    if (is(otype, "Grid") || is(otype, "HashGrid") || is(otype, "DenseGrid") || is(otype, "TiledGrid")) {
      grid(keys, otype, plan);
    } else if (is(otype, "SphericalHarmonics")) {
      plan.kind = EncodingKind::spherical_harmonics;
      plan.degree = keys.integer("degree", 4, 1, kMaxHarmonicsDegree);
      plan.outputs = plan.degree * plan.degree;
      require(inputs == 3, keys.what() + ": needs 3 inputs (a unit direction), has " + std::to_string(inputs));
    } else if (is(otype, "Identity")) {
      coordinate(plan, CoordinateKind::identity, 1, 1);
      plan.coordinate.scale = static_cast<float>(keys.number("scale", 1, -1e6, 1e6));
      plan.coordinate.bias = static_cast<float>(keys.number("offset", 0, -1e6, 1e6));
    } else if (is(otype, "Frequency")) {
      coordinate(plan, CoordinateKind::frequency, keys.integer("n_frequencies", 12, 1, kMaxFrequencies), 2);
    } else if (is(otype, "TriangleWave")) {
      coordinate(plan, CoordinateKind::triangle_wave, keys.integer("n_frequencies", 12, 1, kMaxFrequencies), 1);
    } else if (is(otype, "OneBlob")) {
      coordinate(plan, CoordinateKind::one_blob, keys.integer("n_bins", 16, 1, 256), 1);
    } else if (is(otype, "IntegratedFrequency")) {
      integrated_frequency(keys, plan);
    } else if (is(otype, "Contraction")) {
      contraction(keys, plan);
    } else if (is(otype, "Composite")) {
      composite(keys, plan);
    } else {
      invalid("unknown encoding " + cited(otype) + "; known are HashGrid, DenseGrid, TiledGrid, Grid, Frequency, "
              "TriangleWave, OneBlob, SphericalHarmonics, IntegratedFrequency, Identity, Contraction, Composite");
    }
    keys.finish();
    require(plan.outputs <= kMaxChannels, keys.what() + ": " + std::to_string(plan.outputs) + " outputs, at most " +
                                              std::to_string(kMaxChannels));
    return plan;
  }

  MlpPlan network(const Json& json, int inputs, int outputs) {
    const std::string otype = name_of(json, "network");
    require(is(otype, "FullyFusedMLP") || is(otype, "CutlassMLP") || is(otype, "MLP"),
            "unknown network " + cited(otype) + "; known are FullyFusedMLP, CutlassMLP, MLP");
    Keys keys(json, "network " + otype);
    keys.ignore({"otype", "feedback_alignment"});
    MlpPlan plan{};
    plan.hidden = parse_activation(keys, "activation", "ReLU");
    plan.output = parse_activation(keys, "output_activation", "None");
    const int width = keys.integer("n_neurons", 128, 1, kMaxWidth);
    const int hidden = keys.integer("n_hidden_layers", 5, 0, kMaxHiddenLayers);
    plan.bias = keys.boolean("bias", false);
    plan.layers = hidden + 1;
    for (const double layer : keys.numbers("skip_connections")) {
      require(layer >= 1 && layer <= hidden && layer == std::floor(layer),
              keys.what() + ": \"skip_connections\" has " + shown(layer) + ", must be layers in [1, " + std::to_string(hidden) +
                  "]; layer " + std::to_string(hidden) + " is the output layer");
      plan.skip[static_cast<int>(layer)] = true;
    }
    keys.finish();
    require(outputs >= 1 && outputs <= kMaxChannels, keys.what() + ": " + std::to_string(outputs) +
                                                         " outputs, must be in [1, " + std::to_string(kMaxChannels) + "]");
    plan.width[0] = inputs;
    for (int l = 1; l <= hidden; ++l) plan.width[l] = width;
    plan.width[plan.layers] = outputs;
    for (int l = 0; l < plan.layers; ++l) {
      plan.inputs[l] = plan.width[l] + (plan.skip[l] ? inputs : 0);
      plan.weights[l] = plan.parameters;
      plan.parameters += (static_cast<int64_t>(plan.inputs[l]) + (plan.bias ? 1 : 0)) * plan.width[l + 1];
    }
    plan.offset = offset_;
    offset_ += plan.parameters;
    return plan;
  }

  int64_t parameters() const { return offset_; }

  static std::string name_of(const Json& json, const char* what) {
    require(json.type == Json::Type::object, std::string(what) + ": expected a JSON object");
    const Json& otype = required(json, "otype", what);
    require(otype.type == Json::Type::string, std::string(what) + ": \"otype\" must be a string");
    return otype.string;
  }

 private:
  static void coordinate(EncodingPlan& plan, CoordinateKind kind, int count, int outputs_each) {
    plan.kind = EncodingKind::coordinate;
    plan.coordinate = {kind, count * outputs_each, count, 0, 0};
    plan.outputs = plan.inputs * count * outputs_each;
  }

  static void integrated_frequency(Keys& keys, EncodingPlan& plan) {
    IntegratedFrequencyPlan& integrated = plan.integrated;
    plan.kind = EncodingKind::integrated_frequency;
    require(plan.inputs == kGaussian, keys.what() + ": needs 9 inputs (a mean, and xx, xy, xz, yy, yz, zz of a covariance), has " +
                                          std::to_string(plan.inputs));
    integrated.frequencies = keys.integer("n_frequencies", 12, 1, kMaxOctaves);
    integrated.contraction = static_cast<ContractionKind>(keys.choice("contraction", "None", {"None", "L2", "LInfinity"}));
    const bool axes = keys.choice("basis", "Axes", {"Axes", "Icosahedron"}) == 0;
    integrated.directions = axes ? 3 : kMaxDirections;
    for (int d = 0; d < integrated.directions; ++d)
      for (int i = 0; i < 3; ++i) integrated.direction[d][i] = axes ? static_cast<float>(d == i) : kIcosahedron[d][i];
    plan.outputs = 2 * integrated.frequencies * integrated.directions;
  }

  void grid(Keys& keys, const std::string& otype, EncodingPlan& plan) {
    GridPlan& grid = plan.grid;
    plan.kind = EncodingKind::grid;
    require(plan.inputs >= 1 && plan.inputs <= kMaxGridDims,
            keys.what() + ": " + std::to_string(plan.inputs) + " inputs, must be in [1, 4]");
    const std::string fallback = is(otype, "DenseGrid") ? "Dense" : is(otype, "TiledGrid") ? "Tiled" : "Hash";
    const int type = keys.choice("type", fallback, {"Hash", "Dense", "Tiled"});
    grid.levels = keys.integer("n_levels", 16, 1, kMaxGridLevels);
    grid.features = keys.integer("n_features_per_level", 2, 1, 8);
    require((grid.features & (grid.features - 1)) == 0,
            keys.what() + ": \"n_features_per_level\" is " + std::to_string(grid.features) + ", must be 1, 2, 4 or 8");
    const int log2_size = keys.integer("log2_hashmap_size", 19, 8, 24);
    const double base = keys.integer("base_resolution", 16, 1, 1 << 20);
    const double growth = keys.number("per_level_scale", 2.0, 1.0, 16.0);
    grid.interpolation = static_cast<Interpolation>(keys.choice("interpolation", "Linear", {"Linear", "Smoothstep", "Nearest"}));
    keys.ignore({"hash", "stochastic_interpolation", "fixed_point_pos"});
    for (int l = 0; l < grid.levels; ++l) {
      GridLevel& level = grid.level[l];
      const double scale = base * std::pow(growth, l) - 1.0;
      require(scale < 1 << 24, keys.what() + ": level " + std::to_string(l) + " has resolution " + std::to_string(scale) +
                                   ", at most 2^24; lower \"per_level_scale\" or \"n_levels\"");
      level.scale = static_cast<float>(scale);
      level.resolution = static_cast<uint32_t>(std::ceil(level.scale)) + 1;
      double vertices = 1;
      for (int d = 0; d < plan.inputs; ++d) vertices *= level.resolution;
      const int64_t limit = int64_t{1} << log2_size;
      if (type == 1 || vertices <= static_cast<double>(limit)) {
        require(vertices <= 1 << 27, keys.what() + ": dense level " + std::to_string(l) + " has " +
                                         std::to_string(vertices) + " entries, at most 2^27; use Hash");
        level.indexing = Indexing::dense;
        level.entries = static_cast<uint32_t>((static_cast<int64_t>(vertices) + 7) / 8 * 8);
      } else {
        level.indexing = type == 0 ? Indexing::hashed : Indexing::tiled;
        level.entries = static_cast<uint32_t>(limit);
      }
      int64_t stride = 1;
      for (int d = 0; d < plan.inputs; ++d) {
        level.factor[d] = level.indexing == Indexing::hashed ? kPrimes[d]
                          : stride <= level.entries          ? static_cast<uint32_t>(stride)
                                                             : 0;  // beyond the table: tiles repeat
        if (stride <= level.entries) stride *= level.resolution;
      }
      level.offset = plan.parameters;
      plan.parameters += static_cast<int64_t>(level.entries) * grid.features;
    }
    plan.outputs = grid.levels * grid.features;
    offset_ += plan.parameters;
  }

  void contraction(Keys& keys, EncodingPlan& plan) {
    plan.kind = EncodingKind::contraction;
    require(plan.inputs == 3, keys.what() + ": needs 3 inputs (a position), has " + std::to_string(plan.inputs));
    plan.contraction.kind = keys.choice("norm", "L2", {"L2", "LInfinity"}) == 0 ? ContractionKind::l2 : ContractionKind::l_infinity;
    plan.contraction.center = static_cast<float>(keys.number("center", 0.5, -1e6, 1e6));
    plan.contraction.radius = static_cast<float>(keys.number("radius", 0.25, 1e-6, 1e6));
    const Json* nested = keys.child("nested");
    require(nested, keys.what() + ": \"nested\" is missing; it is the encoding of what is contracted");
    out_.parts.push_back(std::make_unique<EncodingPlan>(encoding(*nested, 3, 0)));
    const EncodingPlan& part = *out_.parts.back();
    plan.part[plan.parts++] = &part;
    plan.parameters = part.parameters;
    plan.outputs = part.outputs;
  }

  void composite(Keys& keys, EncodingPlan& plan) {
    plan.kind = EncodingKind::composite;
    plan.reduction = static_cast<Reduction>(keys.choice("reduction", "Concatenation", {"Concatenation", "Sum", "Product"}));
    const Json* nested = keys.child("nested");
    require(nested && nested->type == Json::Type::array && !nested->array.empty(),
            keys.what() + ": \"nested\" must be a list of encodings");
    require(nested->array.size() <= kMaxParts, keys.what() + ": at most " + std::to_string(kMaxParts) + " nested encodings");
    int first = 0;
    for (const Json& each : nested->array) {
      Json own = each;  // without the keys that belong to the composite
      int dims = plan.inputs - first, begin = first;
      auto& members = own.object;
      for (size_t i = 0; i < members.size();) {
        int* target = members[i].first == "n_dims_to_encode"        ? &dims
                      : members[i].first == "dims_to_encode_begin" ? &begin
                                                                   : nullptr;
        if (!target) {
          ++i;
          continue;
        }
        const Json& value = members[i].second;
        require(value.type == Json::Type::number && value.number >= 0 && value.number <= kMaxChannels &&
                    value.number == std::floor(value.number),
                keys.what() + ": " + cited(members[i].first) + " must be a whole number in [0, " +
                    std::to_string(kMaxChannels) + "]");
        *target = static_cast<int>(value.number);
        members.erase(members.begin() + static_cast<std::ptrdiff_t>(i));
      }
      if (dims == 0) continue;  // nothing is left to encode: instant-ngp's configurations end like that
      require(begin >= 0 && dims >= 1 && begin + dims <= plan.inputs,
              keys.what() + ": a nested encoding takes inputs " + std::to_string(begin) + " to " +
                  std::to_string(begin + dims) + " of " + std::to_string(plan.inputs) +
                  "; set \"n_dims_to_encode\" and \"dims_to_encode_begin\"");
      out_.parts.push_back(std::make_unique<EncodingPlan>(encoding(own, dims, begin)));
      const EncodingPlan& part = *out_.parts.back();
      plan.part[plan.parts++] = &part;
      plan.parameters += part.parameters;
      if (plan.reduction == Reduction::concatenation || plan.parts == 1)
        plan.outputs += part.outputs;
      else
        require(part.outputs == plan.outputs, keys.what() + ": nested encoding " + std::to_string(plan.parts - 1) + " has " +
                                                  std::to_string(part.outputs) + " outputs, the first has " +
                                                  std::to_string(plan.outputs) + "; Sum and Product need as many of each");
      first = begin + dims;
    }
    require(plan.parts > 0, keys.what() + ": no nested encoding has inputs; set \"n_dims_to_encode\"");
  }

  static constexpr uint32_t kPrimes[kMaxGridDims] = {1u, 2654435761u, 805459861u, 3674653429u};
  ModuleLayout& out_;
  int64_t offset_ = 0;
};

void list_block(const std::string& name, int64_t offset, const std::string& shape, std::string& out) {
  out += (out.size() > 1 ? ", " : "") + std::string("{\"name\": ") + quoted(name) + ", \"offset\": " +
         std::to_string(offset) + ", \"shape\": [" + shape + "]}";
}

void list_encoding(const EncodingPlan& plan, const std::string& name, std::string& out) {
  if (plan.kind == EncodingKind::contraction) list_encoding(*plan.part[0], name + ".nested", out);
  if (plan.kind == EncodingKind::composite)
    for (int i = 0; i < plan.parts; ++i) list_encoding(*plan.part[i], name + ".nested" + std::to_string(i), out);
  if (plan.kind != EncodingKind::grid) return;
  for (int l = 0; l < plan.grid.levels; ++l)
    list_block(name + ".level" + std::to_string(l), plan.offset + plan.grid.level[l].offset,
               std::to_string(plan.grid.level[l].entries) + ", " + std::to_string(plan.grid.features), out);
}

void list_network(const MlpPlan& plan, const std::string& name, std::string& out) {
  for (int l = 0; l < plan.layers; ++l) {
    const std::string layer = name + ".layer" + std::to_string(l);
    const int64_t offset = plan.offset + plan.weights[l], outputs = plan.width[l + 1];
    list_block(layer, offset, std::to_string(outputs) + ", " + std::to_string(plan.inputs[l]), out);
    if (plan.bias) list_block(layer + ".bias", offset + outputs * plan.inputs[l], std::to_string(outputs), out);
  }
}

void initialize_uniform(uint64_t seed, int64_t offset, int64_t n, float limit, float* parameters) {
  for (int64_t i = offset; i < offset + n; ++i) {
    const auto r = generic::random_bits(seed, static_cast<uint64_t>(i >> 32), static_cast<uint32_t>(i), 9);
    parameters[i] = (2.0f * generic::unit_float(r.x) - 1.0f) * limit;
  }
}

void initialize_encoding(const EncodingPlan& plan, uint64_t seed, float* parameters) {
  if (plan.kind == EncodingKind::grid) initialize_uniform(seed, plan.offset, plan.parameters, 1e-4f, parameters);
  for (int i = 0; i < plan.parts; ++i) initialize_encoding(*plan.part[i], seed, parameters);
}

void initialize_network(const MlpPlan& plan, uint64_t seed, float* parameters) {
  for (int l = 0; l < plan.layers; ++l) {
    const float limit = std::sqrt(6.0f / static_cast<float>(plan.inputs[l]));
    initialize_uniform(seed, plan.offset + plan.weights[l], static_cast<int64_t>(plan.inputs[l]) * plan.width[l + 1], limit,
                       parameters);
  }
}

}  // namespace

Activation parse_activation(Keys& keys, const std::string& key, const std::string& fallback) {
  return static_cast<Activation>(keys.choice(key, fallback, kActivations));
}

std::unique_ptr<ModuleLayout> parse_module(const Json& json, int inputs, int outputs) {
  require(inputs >= 1 && inputs <= kMaxChannels,
          "module: " + std::to_string(inputs) + " inputs, must be in [1, " + std::to_string(kMaxChannels) + "]");
  auto out = std::make_unique<ModuleLayout>();
  ModulePlan& plan = out->plan;
  plan = ModulePlan{};
  plan.inputs = inputs;
  Layout layout(*out);
  if (json.find("encoding")) {
    Keys keys(json, "field");
    const Json& encoding = *keys.child("encoding");
    const Json& network = required(json, "network", keys.what());
    const Json *direction = keys.child("dir_encoding"), *head = keys.child("rgb_network");
    // What stands beside a field in published configurations and is read by whoever trains it.
    keys.ignore({"network", "loss", "optimizer", "parent", "envmap", "distortion_map"});
    keys.finish();
    require(!direction == !head, "field: \"dir_encoding\" and \"rgb_network\" go together");
    plan.kind = head ? ModuleKind::radiance : ModuleKind::chain;
    if (!head) {
      plan.encoding = layout.encoding(encoding, inputs, 0);
      plan.network = layout.network(network, plan.encoding.outputs, outputs);
    } else {
      require(inputs == 6, "radiance field: needs 6 inputs (position and direction), has " + std::to_string(inputs));
      require(outputs >= 2, "radiance field: " + std::to_string(outputs) + " outputs, needs channels and density (4 for RGB)");
      plan.encoding = layout.encoding(encoding, 3, 0);
      plan.network = layout.network(network, plan.encoding.outputs, kDensityOutputs);
      require(plan.network.output == Activation::none,
              "radiance field: the density network's \"output_activation\" must be None; its first output is the raw density");
      plan.direction = layout.encoding(*direction, 3, 0);
      require(plan.direction.parameters == 0, "radiance field: \"dir_encoding\" must be one without parameters");
      Json head_network = *head;
      // instant-ngp's colours are logistic; its configurations leave that to the program.
      const Json* activation = head_network.find("output_activation");
      if (!activation || is(activation->string, "None")) {
        auto& members = head_network.object;
        for (size_t i = 0; i < members.size(); ++i)
          if (members[i].first == "output_activation") members.erase(members.begin() + static_cast<std::ptrdiff_t>(i--));
        Json sigmoid;
        sigmoid.type = Json::Type::string;
        sigmoid.string = "Sigmoid";
        members.emplace_back("output_activation", sigmoid);
      }
      plan.head = layout.network(head_network, plan.network.width[plan.network.layers] + plan.direction.outputs, outputs - 1);
    }
    plan.outputs = outputs;
  } else {
    const std::string otype = Layout::name_of(json, "module");
    if (otype.size() >= 3 && is(otype.substr(otype.size() - 3), "MLP")) {
      plan.kind = ModuleKind::network;
      plan.network = layout.network(json, inputs, outputs);
      plan.outputs = outputs;
    } else {
      plan.kind = ModuleKind::encoding;
      plan.encoding = layout.encoding(json, inputs, 0);
      plan.outputs = plan.encoding.outputs;
      require(outputs == 0 || outputs == plan.outputs, "encoding " + otype + ": has " + std::to_string(plan.outputs) +
                                                           " outputs, " + std::to_string(outputs) + " were asked for");
    }
  }
  plan.parameters = layout.parameters();
  return out;
}

std::string describe_layout(const ModulePlan& plan) {
  std::string out = "[";
  if (plan.kind != ModuleKind::network) list_encoding(plan.encoding, "encoding", out);
  if (plan.kind != ModuleKind::encoding) list_network(plan.network, "network", out);
  if (plan.kind == ModuleKind::radiance) list_network(plan.head, "rgb_network", out);
  return out + "]";
}

void initialize(const ModulePlan& plan, uint64_t seed, float* parameters) {
  if (plan.kind != ModuleKind::network) initialize_encoding(plan.encoding, seed, parameters);
  if (plan.kind != ModuleKind::encoding) initialize_network(plan.network, seed, parameters);
  if (plan.kind == ModuleKind::radiance) initialize_network(plan.head, seed, parameters);
}

LossPlan parse_loss(const Json& json) {
  Keys keys(json, "loss");
  required(json, "otype", keys.what());
  LossPlan plan;
  plan.kind = static_cast<LossKind>(
      keys.choice("otype", "L2", {"L2", "L1", "Huber", "RelativeL2", "Mape", "Smape", "Charbonnier"}));
  plan.scale = static_cast<float>(plan.kind == LossKind::huber         ? keys.number("delta", 0.1, 1e-6, 1e6)
                                  : plan.kind == LossKind::charbonnier ? keys.number("epsilon", 1e-3, 1e-6, 1e6)
                                                                       : 0.0);
  keys.finish();
  return plan;
}

OccupancyPlan parse_occupancy(Keys& keys) {
  OccupancyPlan plan;
  plan.cascades = keys.integer("cascades", 1, 1, 8);
  plan.resolution = keys.integer("resolution", 128, 16, 256);
  require((plan.resolution & (plan.resolution - 1)) == 0,
          keys.what() + ": \"resolution\" is " + std::to_string(plan.resolution) + ", must be 16, 32, 64, 128 or 256");
  plan.decay = static_cast<float>(keys.number("decay", 0.95, 0, 1));
  plan.threshold = static_cast<float>(keys.number("threshold", 0.01, 0, 1e6));
  plan.smallest_step = 1.7320508f / 1024.0f;
  return plan;
}

SamplerPlan parse_sampler(const Json* json, const OccupancyPlan& occupancy) {
  Json empty;
  empty.type = Json::Type::object;
  Keys keys(json ? *json : empty, "sampler");
  SamplerPlan plan;
  plan.step = static_cast<float>(1.7320508 / keys.integer("steps", 1024, 16, 65536));
  plan.cone_angle = static_cast<float>(keys.number("cone_angle", 0, 0, 1));
  plan.near_plane = static_cast<float>(keys.number("near", 0.05, 0, 1e6));
  keys.finish();
  // A step may grow to a cell of the outermost cascade (instant-ngp's MAX_CONE_STEPSIZE).
  plan.largest = plan.cone_angle == 0
                     ? plan.step
                     : static_cast<float>(1.7320508 * (1 << (occupancy.cascades - 1)) / occupancy.resolution);
  if (plan.largest < plan.step) plan.largest = plan.step;
  plan.cropped = false;
  return plan;
}

void parse_crop(Keys& keys, SamplerPlan& plan) {
  const Json* json = keys.child("crop");
  plan.cropped = json != nullptr;
  if (!json) return;
  const auto is_list = [](const Json& value, size_t n) { return value.type == Json::Type::array && value.array.size() == n; };
  require(is_list(*json, 2) && is_list(json->array[0], 3) && is_list(json->array[1], 3),
          keys.what() + ": \"crop\" must be [[x, y, z], [x, y, z]], the least and the greatest corner of a box");
  for (size_t k = 0; k < 3; ++k) {
    const std::string axis = keys.what() + ": \"crop\" along " + "xyz"[k] + " ";
    for (const Json& corner : json->array)
      require(corner.array[k].type == Json::Type::number && std::abs(corner.array[k].number) <= 1e9,
              axis + "must have numbers in [-1e9, 1e9]");
    const double low = json->array[0].array[k].number, high = json->array[1].array[k].number;
    plan.low[k] = static_cast<float>(low);
    plan.high[k] = static_cast<float>(high);
    require(plan.low[k] < plan.high[k],
            axis + "is from " + shown(low) + " to " + shown(high) + "; it must end behind where it begins");
  }
}

CompositingPlan parse_compositing(Keys& keys) {
  CompositingPlan plan;
  plan.density_activation = static_cast<int32_t>(parse_activation(keys, "density_activation", "Exponential"));
  plan.early_stop = static_cast<float>(keys.number("early_stop", 1e-4, 0, 0.5));
  return plan;
}

void parse_background(Keys& keys, float* rgb) {
  const Json* json = keys.child("background");
  for (int k = 0; k < 3; ++k) rgb[k] = 1.0f;
  if (!json) return;
  require(json->type == Json::Type::array && json->array.size() == 3, keys.what() + ": \"background\" must be [r, g, b]");
  for (size_t k = 0; k < 3; ++k) {
    const Json& each = json->array[k];
    require(each.type == Json::Type::number && each.number >= 0 && each.number <= 1,
            keys.what() + ": \"background\" must hold numbers in [0, 1]");
    rgb[k] = static_cast<float>(each.number);
  }
}

}  // namespace eik
