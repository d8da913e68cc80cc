/* Eikonal's C ABI: neural fields on the CPU and, where its library is present, on CUDA.
 *
 * Everything differentiable (an encoding, a network, both in a row, a radiance field) is an eik_module made from
 * JSON with tiny-cuda-nn's keys; what drives it (optimiser, occupancy grid, views, trainer) is an object beside it.
 *
 * Conventions
 * - Arrays are host memory, row-major [n][channels], 32-bit floats, and belong to the caller; a call does not keep them.
 * - Positions given to fields lie in [0,1]^3, the box of the outermost occupancy cascade. Rays live in the unit-cube
 *   frame: the innermost cascade is [0,1]^3, cascade c is the cube of side 2^c about (.5,.5,.5). t and dt are lengths
 *   in that frame (directions are unit vectors); densities are per unit length of it.
 * - Cameras use OpenGL axes (x right, y up, looking along -z), pixel centres at +0.5.
 * - Every function that can fail answers an eik_status; eik_last_error() then has one line that names the thing, the
 *   value, the limit and the remedy. No C++ exception crosses this border.
 * - Objects keep what they were made from alive; destroying in any order is fine, destroying NULL is fine.
 * - Functions on different objects of one device may be called from different threads (the device takes them in turn);
 *   one object must not be used by two threads at the same time.
 */
#pragma once
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define EIK_API __attribute__((visibility("default")))
#define EIK_ABI_VERSION 1

typedef int32_t eik_status;
#define EIK_OK 0
#define EIK_INVALID_ARGUMENT 1 /* a value, shape or configuration that cannot be meant */
#define EIK_OUT_OF_MEMORY 2
#define EIK_UNAVAILABLE 3 /* a device or instruction set that this machine does not have */
#define EIK_INTERNAL 4

typedef struct eik_device eik_device;
typedef struct eik_module eik_module;
typedef struct eik_optimizer eik_optimizer;
typedef struct eik_views eik_views;
typedef struct eik_occupancy eik_occupancy;
typedef struct eik_trainer eik_trainer;

/** EIK_ABI_VERSION of the library that was loaded. */
EIK_API int32_t eik_abi_version(void);
/** Why the last call of this thread failed; valid until its next call. Never NULL. */
EIK_API const char* eik_last_error(void);
/** JSON: version, cpu {isa compiled in, isa found, best}, devices [{type, index, name, available, reason}].
 *  Valid until the thread's next call of it. */
EIK_API const char* eik_system(void);

/* ---- device ------------------------------------------------------------------------------------------------- */

/** Opens a device. config: {"type": "auto"|"cpu"|"cuda", "precision": "auto"|"fp32"|"bf16"|"fp16"}, storage and products
 *  only: sums are always fp32; "auto" takes what the device multiplies natively. CPU: "threads": 0 (all), "isa": "auto"|
 *  "avx512bf16"|"avx512"|"avx2"|"portable" (at most this). CUDA: "index": 0, "deterministic": false (true: the same bits
 *  every time), "stream": address of a cudaStream_t to work on (0: one of its own), "library": the file of the CUDA backend (default: libeikonal_cuda.so that was loaded or that the system finds).
 *  "auto" takes a CUDA device where one answers, the CPU elsewhere. */
EIK_API eik_status eik_device_open(const char* config, eik_device** device);
EIK_API void eik_device_close(eik_device* device);
/** JSON: type, name, isa, threads or index, precision, why (what "auto" chose and why not the other). Lives as long as the device. */
EIK_API const char* eik_device_describe(const eik_device* device);

/* ---- modules: differentiable maps R^inputs -> R^outputs with parameters ---------------------------------------- */

/** Makes a module. Recognised by its keys:
 *  - an encoding:        {"otype": "HashGrid", ...}
 *  - a network:          {"otype": "FullyFusedMLP", ...} (n_outputs taken from the argument)
 *  - both in a row:      {"encoding": {...}, "network": {...}}
 *  - a radiance field:   {"encoding", "network", "dir_encoding", "rgb_network"}, instant-ngp's keys: inputs are
 *                        position (3) and unit direction (3); outputs are colour (n_outputs - 1) and raw density, last.
 *  n_inputs: 1 and more; n_outputs: 0 where the configuration decides it. Parameters are initialised from seed. */
EIK_API eik_status eik_module_create(eik_device* device, const char* config, int32_t n_inputs, int32_t n_outputs,
                                     uint64_t seed, eik_module** module);
/** How many parameters such a module would have; nothing is made. */
EIK_API eik_status eik_module_measure(const char* config, int32_t n_inputs, int32_t n_outputs, int64_t* parameters);
EIK_API void eik_module_destroy(eik_module* module);
EIK_API int32_t eik_module_inputs(const eik_module* module);
EIK_API int32_t eik_module_outputs(const eik_module* module);
EIK_API int64_t eik_module_parameters(const eik_module* module);
/** JSON: the parameter layout, [{"name", "offset", "shape": [..]}]: matrices are [outputs][inputs], grid levels
 *  [entries][features]. Lives as long as the module. */
EIK_API const char* eik_module_layout(const eik_module* module);
/** Copies all parameters (count = eik_module_parameters) out of or into the module. */
EIK_API eik_status eik_module_get_parameters(const eik_module* module, float* values, int64_t count);
EIK_API eik_status eik_module_set_parameters(eik_module* module, const float* values, int64_t count);
/** Gradients accumulated by eik_module_backward since the last eik_module_zero_gradients or optimiser step. */
EIK_API eik_status eik_module_get_gradients(const eik_module* module, float* values, int64_t count);
EIK_API eik_status eik_module_zero_gradients(eik_module* module);
/** outputs[n][module outputs] = module(inputs[n][module inputs]). Arrays of this function, of the next, and those of
 *  parameters and gradients above may also be memory of the module's CUDA device; then the work is queued on its stream. */
EIK_API eik_status eik_module_forward(eik_module* module, int64_t n, const float* inputs, float* outputs);
/** Vector-Jacobian product at inputs. d_inputs[n][inputs] is overwritten (NULL: not wanted); parameter gradients are
 *  added to the module's when parameters != 0. */
EIK_API eik_status eik_module_backward(eik_module* module, int64_t n, const float* inputs, const float* d_outputs,
                                       float* d_inputs, int32_t parameters);

/* ---- optimiser ---------------------------------------------------------------------------------------------------- */

/** tiny-cuda-nn's keys: Adam {learning_rate, beta1, beta2, epsilon, l2_reg, weight_decay} bare or nested in
 *  ExponentialDecay {decay_start, decay_interval, decay_base, decay_end}, Ema {decay}, Warmup {n_steps},
 *  CosineDecay {begin, end_factor}, LogDecay {begin, end_factor} (begin: the fraction of training done). */
EIK_API eik_status eik_optimizer_create(eik_module* module, const char* config, eik_optimizer** optimizer);
EIK_API void eik_optimizer_destroy(eik_optimizer* optimizer);
/** One update from the module's gradients, which are then zero. progress: the fraction of training done, [0,1]. */
EIK_API eik_status eik_optimizer_step(eik_optimizer* optimizer, double progress);
/** The learning rate that the next step would use. */
EIK_API double eik_optimizer_rate(const eik_optimizer* optimizer, double progress);
/** State: 2 (first, second moment) or 3 (moving average) blocks of all parameters. */
EIK_API int64_t eik_optimizer_state_size(const eik_optimizer* optimizer);
EIK_API eik_status eik_optimizer_get_state(const eik_optimizer* optimizer, int64_t* step, float* values, int64_t count);
EIK_API eik_status eik_optimizer_set_state(eik_optimizer* optimizer, int64_t step, const float* values, int64_t count);

/* ---- forward map --------------------------------------------------------------------------------------------------- */

/** Loss of prediction p against target y, both [n][channels], e = p - y: L2 e^2; L1 |e|; Huber {"delta": 0.1} (e^2/2
 *  within delta, delta (|e| - delta/2) outside); RelativeL2 e^2/(p^2 + 0.01); Mape |e|/(|y| + 0.01); Smape
 *  |e|/((|p| + |y|)/2 + 0.01); Charbonnier {"epsilon": 1e-3} sqrt(e^2 + epsilon^2). *value: the mean over n*channels;
 *  gradient (may be NULL): d value / d prediction, in which denominators count as constants. */
EIK_API eik_status eik_loss(eik_device* device, const char* config, int64_t n, int32_t channels,
                            const float* prediction, const float* target, double* value, float* gradient);

/** Inverse-CDF sampling along rays (NeRF section 5.2) of histograms edges[n_rays][n_bins+1], ascending and finite, and
 *  weights[n_rays][n_bins] (negative or not finite: as 0; a ray whose weights are all 0: as if they were equal). Out:
 *  t[n_rays][n_samples]; sample i is the quantile (i + jitter)/n_samples of the piecewise linear distribution, so that t
 *  ascends. jitter[n_rays][n_samples] in [0,1), NULL: 0.5. One bin: stratified sampling between its edges. n_bins and
 *  n_samples are in [1, 65536]. */
EIK_API eik_status eik_resample(eik_device* device, int64_t n_rays, int32_t n_bins, const float* edges,
                                const float* weights, int32_t n_samples, const float* jitter, float* t);

/** Makes such histograms wider and flatter before they are sampled again (Mip-NeRF 360): each place gets the largest density
 *  (weight / length) within dilation of it, and weights are raised to the power exponent, both finite and 0 or more. Out:
 *  wide_edges[n_rays][3*n_bins+1], clamped to [low, high], and wide_weights[n_rays][3*n_bins]; bins without length weigh
 *  nothing, and with exponent 0 all others 1. n_bins is in [1, 21845]; each bin costs as many steps as it has neighbours
 *  within the dilation. */
EIK_API eik_status eik_dilate(eik_device* device, int64_t n_rays, int32_t n_bins, const float* edges,
                              const float* weights, float dilation, float low, float high, float exponent,
                              float* wide_edges, float* wide_weights);

/** The Gaussians that stand for pieces of cones along rays (Mip-NeRF, equations 7 and 8): origins[n_rays][3],
 *  directions[n_rays][3] and radii[n_rays], a cone's at t = 1; edges[n_rays][n_bins+1], where its pieces begin and end,
 *  ascending and finite from 0 on. Out: gaussians[n_rays][n_bins][9], each the mean and xx, xy, xz, yy, yz, zz of the
 *  covariance, as the encoding IntegratedFrequency takes them. n_bins is in [1, 65536]. */
EIK_API eik_status eik_frustums(eik_device* device, int64_t n_rays, int32_t n_bins, const float* origins,
                                const float* directions, const float* radii, const float* edges, float* gaussians);

/** The distortion of packed samples (Mip-NeRF 360, equation 15), small where weights lie close together: ray r owns samples
 *  ray_start[r] .. +ray_count[r], of middles t[m] (ascending along a ray), lengths dt[m] and weights[m]. Out: loss[n_rays],
 *  sum_ij w_i w_j |t_i - t_j| + 1/3 sum_i w_i^2 dt_i, and d_weights[m], the slopes of a ray's own loss. */
EIK_API eik_status eik_distortion_loss(eik_device* device, int64_t n_rays, const int32_t* ray_start,
                                       const int32_t* ray_count, int64_t n_samples, const float* t, const float* dt,
                                       const float* weights, float* loss, float* d_weights);

/** What proposals lack of the histograms that a field made, whose weights w count as constants: edges[n_rays][n_bins+1],
 *  weights[n_rays][n_bins]; proposal_edges[n_rays][n_proposal_bins+1], proposal_weights[n_rays][n_proposal_bins], v. Edges
 *  ascend and are finite; weights are not negative. Out: loss[n_rays] and d_proposal_weights[n_rays][n_proposal_bins], the
 *  slopes of a ray's own loss. half_width 0: sum_i max(0, w_i - b_i)^2/(w_i + 2^-23), b_i being the sum of the proposal's
 *  bins that bin i overlaps (Mip-NeRF 360, equations 12 and 13). half_width > 0: sum_j max(0, w_j - v_j)^2/(v_j + 1e-5), w_j
 *  being what lies in bin j of the proposal once the field's histogram is spread evenly by so much to both sides (Zip-NeRF,
 *  section 3). Numbers of bins are in [1, 65536]. */
EIK_API eik_status eik_proposal_loss(eik_device* device, int64_t n_rays, int32_t n_bins, const float* edges,
                                     const float* weights, int32_t n_proposal_bins, const float* proposal_edges,
                                     const float* proposal_weights, float half_width, float* loss,
                                     float* d_proposal_weights);

/** Composites packed samples front to back (Max 1995; NeRF eq. 3): ray r owns samples ray_start[r] .. +ray_count[r].
 *  config: {"density_activation": "Exponential"|"None"..., "early_stop": 1e-4}; the exponential is clamped to exponents
 *  in [-15, 15], and its gradient is that of the clamped point. raw_density[m], dt[m], t[m];
 *  values[m][channels]; background[n_rays][channels] or NULL. Out: color[n_rays][channels] (with the background behind
 *  what is left), opacity[n_rays] = sum w, depth[n_rays] = sum w t, live[n_rays]: samples before transmittance fell
 *  below early_stop (later ones have weight 0 and no gradient), weights[m]. opacity, depth, live, weights may be NULL. */
EIK_API eik_status eik_composite_forward(eik_device* device, const char* config, int64_t n_rays,
                                         const int32_t* ray_start, const int32_t* ray_count, int64_t n_samples,
                                         int32_t channels, const float* raw_density, const float* dt, const float* t,
                                         const float* values, const float* background, float* color, float* opacity,
                                         float* depth, int32_t* live, float* weights);
/** Gradients of the above. d_opacity, d_depth, d_background may be NULL. */
EIK_API eik_status eik_composite_backward(eik_device* device, const char* config, int64_t n_rays,
                                          const int32_t* ray_start, const int32_t* ray_count, int64_t n_samples,
                                          int32_t channels, const float* raw_density, const float* dt, const float* t,
                                          const float* values, const float* background, const float* d_color,
                                          const float* d_opacity, const float* d_depth, float* d_raw_density,
                                          float* d_values, float* d_background);

/** Room for count posed photos, resident on the device. */
EIK_API eik_status eik_views_create(eik_device* device, int32_t count, eik_views** views);
EIK_API void eik_views_destroy(eik_views* views);
/** Sets view i. lens: 0 perspective (OpenCV k1..k6, p1 p2), 1 fisheye (OpenCV k1..k4). camera[24]: fx fy cx cy
 *  (pixels), k1 k2 k3 k4 k5 k6 p1 p2, camera-to-unit-cube 3x4 row-major. rgba: 8 bit, straight alpha, width*height*4 bytes,
 *  or NULL for a camera without a picture, which training passes over. mask: width*height bytes, 0 where a pixel does not
 *  count: training never looks through it; not all 0; NULL: all count. */
EIK_API eik_status eik_views_set(eik_views* views, int32_t i, int32_t width, int32_t height, int32_t lens,
                                 const float* camera, const uint8_t* rgba, const uint8_t* mask);
/** Says which points on surfaces the picture of view i shows: xyz[n][3], in the unit cube's coordinates, as structure from
 *  motion finds them; n is in [0, 2^24]. They stay until they are said anew. See "depth_loss_mult" of a trainer. */
EIK_API eik_status eik_views_set_points(eik_views* views, int32_t i, int64_t n, const float* xyz);
/** Rays through pixels[n][2] (x right, y down; centres at +0.5) of view[n]: origins[n][3], unit directions[n][3]. */
EIK_API eik_status eik_views_rays(eik_views* views, int64_t n, const int32_t* view, const float* pixels,
                                  float* origins, float* directions);

/** Cascaded occupancy grid: {"cascades": 1, "resolution": 128, "decay": 0.95, "threshold": 0.01, "interval": 16,
 *  "warmup": 256}; everything is occupied until the first update. */
EIK_API eik_status eik_occupancy_create(eik_device* device, const char* config, eik_occupancy** occupancy);
EIK_API void eik_occupancy_destroy(eik_occupancy* occupancy);
/** Cells: cascades * resolution^3, x fastest. */
EIK_API int64_t eik_occupancy_cells(const eik_occupancy* occupancy);
/** The moving maximum of density * smallest step in every cell, from which the bits are made; -1: a closed cell, which
 *  stays empty (a trainer closes those that too few of its pictures show). Setting all to 0 occupies everything. */
EIK_API eik_status eik_occupancy_get(const eik_occupancy* occupancy, float* values, int64_t count);
EIK_API eik_status eik_occupancy_set(eik_occupancy* occupancy, const float* values, int64_t count);
/** The bits, eight cells a byte, the first in the lowest (count: bytes, cells / 8): set where rays take samples. A cell of
 *  a further cascade is set, too, if one inside it is. */
EIK_API eik_status eik_occupancy_get_bits(const eik_occupancy* occupancy, uint8_t* bits, int64_t count);
/** The fraction of cells that are occupied, of all cascades. */
EIK_API double eik_occupancy_fraction(const eik_occupancy* occupancy);
/** Samples the field's density, through the exponential activation, in some cells (the first "warmup" steps many, then
 *  fewer) and renews the bits. A trainer does this by itself, with its own activation. */
EIK_API eik_status eik_occupancy_update(eik_occupancy* occupancy, eik_module* field, uint64_t seed, int64_t step);
/** Marches rays through occupied cells: {"steps": 1024 (per sqrt(3)), "cone_angle": 0, "near": 0.05}. jitter[n] in
 *  [0,1): where in its first step a ray starts (NULL: 0.5). A ray has at most 1024 samples. Answers the samples in ray order: counts[n],
 *  positions[capacity][3] in [0,1]^3 of the outermost cascade, dt[capacity], t[capacity] (middle of a sample), and
 *  *n_samples; a ray that would pass the capacity gets 0 samples, as do all after it. */
EIK_API eik_status eik_occupancy_march(eik_occupancy* occupancy, const char* config, int64_t n, const float* origins,
                                       const float* directions, const float* jitter, int64_t capacity, int32_t* counts,
                                       float* positions, float* dt, float* t, int64_t* n_samples);

/* ---- the road: training and rendering a radiance field ---------------------------------------------------------------- */

/** config: {"samples_per_step": 32768, "rays_per_pixel": 1, "rays_per_pixel_from": 0, "prefer_detail": false,
 *  "loss": {...}, "distortion_loss_mult": 0, "depth_loss_mult": 0, "sampler": {march's keys},
 *  "density_activation": "Exponential", "early_stop": 1e-4, "background": "random" | [r,g,b], "min_views": 1, "seed": 0}.
 *  One ray a pixel goes through its centre; of several, spread over its area, the mean is compared, from that progress on.
 *  prefer_detail: of two pixels the one around which its picture changes more is likelier drawn. distortion_loss_mult: a
 *  ray's distortion (Mip-NeRF 360, eq. 15) over t/(1+t), and depth_loss_mult: sum w min(1, |t - known|/known) + T_end of
 *  rays through points that their view is known to show, at which one draw in eight then looks; means over the rays of
 *  pixels of which any has samples, as much beside the loss of colours, and not in the reported one. Cells of the
 *  occupancy grid that fewer than min_views of the views show are closed: what only one photo shows would be fog in front
 *  of its camera. Every view must be set, some with a picture: a step draws from those that have one then. */
EIK_API eik_status eik_trainer_create(eik_module* field, eik_optimizer* optimizer, eik_occupancy* occupancy,
                                      eik_views* views, const char* config, eik_trainer** trainer);
EIK_API void eik_trainer_destroy(eik_trainer* trainer);
/** One training step: draw rays, march, evaluate, composite, loss, back, optimise, and the occupancy update when due.
 *  step: how many steps were done before. stats[8]: loss, rays, rays with samples, samples marched, samples that light
 *  reached, learning rate, occupied fraction, samples of those that weigh at least 1e-4: they alone have a colour and
 *  gradients. Same seed, build and instruction set: the same bits on any number of threads. */
EIK_API eik_status eik_trainer_step(eik_trainer* trainer, int64_t step, double progress, double* stats);
/** Renders rows [row_begin, row_end) of the view camera[24] of size width x height. config: {"sampler", "early_stop",
 *  "density_activation", "background": [r,g,b], "supersampling": 1, "crop": [[x,y,z],[x,y,z]]}; supersampling n: the mean
 *  of n x n rays a pixel; crop: only samples in the box between its least and greatest corner are seen, which are given in
 *  the unit cube's coordinates and may lie outside of it. Out, for (row_end-row_begin)*width pixels: color[..][3],
 *  depth[..] (mean t of what was hit, 0 where nothing was), opacity[..]; depth and opacity may be NULL. */
EIK_API eik_status eik_render(eik_module* field, eik_occupancy* occupancy, const char* config, int32_t width,
                              int32_t height, int32_t lens, const float* camera, int32_t row_begin, int32_t row_end,
                              float* color, float* depth, float* opacity);

#ifdef __cplusplus
}
#endif
