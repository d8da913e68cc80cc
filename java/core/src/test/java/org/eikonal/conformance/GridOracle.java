package org.eikonal.conformance;

import org.eikonal.EncodingConfig;

/**
 * The multiresolution grid in float64, from Mueller et al. 2022, section 3, with tiny-cuda-nn's conventions where the
 * paper leaves them open: level l has scale base * growth^l - 1 and ceil(scale) + 1 vertices along an axis; a position x
 * lies at scale * x + 1/2 among them; a table that holds all vertices is dense, its size a multiple of 8.
 */
final class GridOracle implements PointMap {
    private static final long[] PRIMES = {1, 2654435761L, 805459861L, 3674653429L};

    /** What a grid is made from. */
    record Shape(String otype, int dims, int levels, int features, int log2Size, int base, double growth,
            String interpolation) {
        EncodingConfig config() {
            EncodingConfig.Grid grid = switch (otype) {
                case "HashGrid" -> EncodingConfig.hashGrid();
                case "DenseGrid" -> EncodingConfig.denseGrid();
                default -> EncodingConfig.tiledGrid();
            };
            return grid.levels(levels).featuresPerLevel(features).log2HashmapSize(log2Size).baseResolution(base)
                    .perLevelScale(growth).interpolation(interpolation).build();
        }
    }

    private record Level(double scale, long resolution, int entries, boolean dense, int offset) {}

    private final Shape shape;
    private final Level[] levels;
    private final int parameters;

    GridOracle(Shape shape) {
        this.shape = shape;
        levels = new Level[shape.levels];
        int offset = 0;
        for (int l = 0; l < shape.levels; l++) {
            // The scale is a float on every device: at a fine level its rounding moves points visibly.
            double scale = (float) (shape.base * Math.pow(shape.growth, l) - 1);
            long resolution = (long) Math.ceil(scale) + 1;
            double vertices = Math.pow(resolution, shape.dims);
            boolean dense = shape.otype.equals("DenseGrid") || vertices <= 1 << shape.log2Size;
            int entries = dense ? ((int) vertices + 7) / 8 * 8 : 1 << shape.log2Size;
            levels[l] = new Level(scale, resolution, entries, dense, offset);
            offset += entries * shape.features;
        }
        parameters = offset;
    }

    /** One corner of a point's cell: the first of its features, its weight, and the weight's derivatives. */
    private interface Corner {
        void visit(int level, int parameter, double weight, double[] slopes);
    }

    private void corners(double[] x, Corner corner) {
        int dims = shape.dims;
        double[] weight = new double[dims];
        double[] slope = new double[dims];
        long[] low = new long[dims];
        for (int l = 0; l < levels.length; l++) {
            Level level = levels[l];
            for (int d = 0; d < dims; d++) {
                boolean inside = x[d] >= 0 && x[d] <= 1;
                double clamped = x[d] > 0 ? Math.min(x[d], 1) : 0;  // NaN is 0
                double position = clamped * level.scale + 0.5;
                low[d] = (long) Math.floor(position);
                double f = position - low[d];
                weight[d] = switch (shape.interpolation) {
                    case "Smoothstep" -> 3 * f * f - 2 * f * f * f;
                    case "Nearest" -> f < 0.5 ? 0 : 1;
                    default -> f;
                };
                double byFraction = switch (shape.interpolation) {
                    case "Smoothstep" -> 6 * f - 6 * f * f;
                    case "Nearest" -> 0;
                    default -> 1;
                };
                slope[d] = inside ? byFraction * level.scale : 0;
            }
            for (int c = 0; c < 1 << dims; c++) {
                long[] vertex = new long[dims];
                double[] factors = new double[dims];
                for (int d = 0; d < dims; d++) {
                    boolean upper = (c >> d & 1) == 1;
                    vertex[d] = low[d] + (upper ? 1 : 0);
                    factors[d] = upper ? weight[d] : 1 - weight[d];
                }
                double product = 1;
                double[] slopes = new double[dims];
                for (int d = 0; d < dims; d++) {
                    product *= factors[d];
                    slopes[d] = (c >> d & 1) == 1 ? slope[d] : -slope[d];
                    for (int other = 0; other < dims; other++) {
                        slopes[d] *= other == d ? 1 : factors[other];
                    }
                }
                corner.visit(l, level.offset + entry(level, vertex) * shape.features, product, slopes);
            }
        }
    }

    /** Equation 4 where the level hashes; rows, slices and so on elsewhere, as far as the table goes. */
    private int entry(Level level, long[] vertex) {
        long index = 0;
        if (!level.dense && shape.otype.equals("HashGrid")) {
            for (int d = 0; d < vertex.length; d++) {
                index ^= vertex[d] * PRIMES[d] & 0xffffffffL;
            }
        } else {
            long stride = 1;
            for (int d = 0; d < vertex.length && stride <= level.entries; d++) {
                index += vertex[d] * stride;
                stride *= level.resolution;
            }
        }
        return (int) (index % level.entries);
    }

    @Override
    public int inputs() {
        return shape.dims;
    }

    @Override
    public int outputs() {
        return shape.levels * shape.features;
    }

    @Override
    public int parameters() {
        return parameters;
    }

    /** @return the finest level's vertices along an axis: where rounding of positions weighs most */
    double finest() {
        return levels[levels.length - 1].resolution;
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        double[] out = new double[outputs()];
        corners(x, (level, at, weight, slopes) -> {
            for (int f = 0; f < shape.features; f++) {
                out[level * shape.features + f] += weight * parameters[at + f];
            }
        });
        return out;
    }

    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[] back = new double[shape.dims];
        corners(x, (level, at, weight, slopes) -> {
            for (int f = 0; f < shape.features; f++) {
                double g = outputGradients[level * shape.features + f];
                parameterGradients[at + f] += weight * g;
                for (int d = 0; d < shape.dims; d++) {
                    back[d] += slopes[d] * parameters[at + f] * g;
                }
            }
        });
        return back;
    }
}
