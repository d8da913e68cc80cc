package org.eikonal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eikonal.internal.Json;

/** An encoding: how coordinates become the features that a network sees. */
public final class EncodingConfig extends Config {
    private EncodingConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with tiny-cuda-nn's keys, such as {@code {"otype": "HashGrid", "n_levels": 8}}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static EncodingConfig fromJson(String json) {
        return new EncodingConfig(Json.parseObject(json));
    }

    /** {@return the coordinates themselves} */
    public static EncodingConfig identity() {
        return new EncodingConfig(Map.of("otype", "Identity"));
    }

    /**
     * Real spherical harmonics of a direction, given as a unit vector.
     *
     * @param degree 1 to 8; degree d has d * d outputs
     * @return the configuration
     */
    public static EncodingConfig sphericalHarmonics(int degree) {
        return counted("SphericalHarmonics", "degree", degree);
    }

    private static EncodingConfig counted(String otype, String key, int count) {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("otype", otype);
        entries.put(key, count);
        return new EncodingConfig(entries);
    }

    /**
     * Sines and cosines of each coordinate x (Mildenhall et al. 2020, NeRF, equation 4): sin(2<sup>f</sup> pi x),
     * cos(2<sup>f</sup> pi x) for f = 0, 1, ..
     *
     * @param frequencies 1 to 32; each coordinate has 2 * frequencies outputs
     * @return the configuration
     */
    public static EncodingConfig frequency(int frequencies) {
        return counted("Frequency", "n_frequencies", frequencies);
    }

    /**
     * Triangle waves of each coordinate, in [-1, 1], of periods 2, 1, 1/2, .. (Mueller et al. 2021, "Real-time Neural
     * Radiance Caching").
     *
     * @param frequencies 1 to 32, as many as each coordinate has outputs
     * @return the configuration
     */
    public static EncodingConfig triangleWave(int frequencies) {
        return counted("TriangleWave", "n_frequencies", frequencies);
    }

    /**
     * How much of a blob about each coordinate lies in each of some bins of [0, 1], wrapping around (Mueller et al.
     * 2019, "Neural Importance Sampling").
     *
     * @param bins 1 to 256, as many as each coordinate has outputs
     * @return the configuration
     */
    public static EncodingConfig oneBlob(int bins) {
        return counted("OneBlob", "n_bins", bins);
    }

    /** {@return the options of sines and cosines that are integrated over a Gaussian, to be built} */
    public static IntegratedFrequency integratedFrequency() {
        return new IntegratedFrequency();
    }

    /** {@return the options of a multiresolution hash grid (Mueller et al. 2022, section 3), to be built} */
    public static Grid hashGrid() {
        return new Grid("HashGrid");
    }

    /** {@return the options of a grid whose levels are all dense, to be built} */
    public static Grid denseGrid() {
        return new Grid("DenseGrid");
    }

    /** {@return the options of a grid whose levels repeat their table, to be built} */
    public static Grid tiledGrid() {
        return new Grid("TiledGrid");
    }

    /**
     * Another encoding of contracted positions: of all space (Barron et al. 2022, Mip-NeRF 360, equation 10). With y =
     * (x - 0.5) / radius, the other encoding sees c(y) / 4 + 0.5, which lies in [0, 1]; c(y) is y where |y| is at most
     * 1 and (2 - 1/|y|) y/|y| elsewhere. So what is within the radius has half of the other one's coordinates each way,
     * and all that lies beyond has the rest.
     *
     * @param norm {@code "L2"}: |y| is the length, and what stays as it is a ball; {@code "LInfinity"}: |y| is the largest
     *     coordinate's magnitude, and what stays is a cube
     * @param radius above 0, in the units of the inputs
     * @param nested of 3 inputs, such as a grid
     * @return the configuration; 3 inputs, as many outputs as the other one has
     */
    public static EncodingConfig contraction(String norm, double radius, EncodingConfig nested) {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("otype", "Contraction");
        entries.put("norm", norm);
        entries.put("radius", radius);
        entries.put("nested", nested.entries());
        return new EncodingConfig(entries);
    }

    /** {@return the parts of a composite encoding, to be added and built} */
    public static Composite composite() {
        return new Composite();
    }

    /**
     * Collects the options of the integrated positional encoding (Barron et al. 2021, Mip-NeRF, equations 13 and 14;
     * 2022, Mip-NeRF 360); for one thread. Its 9 inputs are a Gaussian, as {@link Sampling#frustums} answers them: mean
     * x, y, z, then xx, xy, xz, yy, yz, zz of its covariance. For each direction p of the basis and each octave k it
     * has what sin(2<sup>k</sup> p.x) and cos(2<sup>k</sup> p.x) are on average: first the sines, octave by octave and
     * within an octave direction by direction, then so the cosines. Gradients are those of all 9 inputs; an entry of
     * the covariance off the diagonal stands for both of its places. A variance that rounding made negative counts as
     * 0. Angles beyond 10<sup>4</sup> lose accuracy.
     */
    public static final class IntegratedFrequency {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private IntegratedFrequency() {
            entries.put("otype", "IntegratedFrequency");
        }

        /**
         * Sets the number of octaves, {@code "n_frequencies"}.
         *
         * @param octaves 1 to 16; 12 by default
         * @return this builder
         */
        public IntegratedFrequency frequencies(int octaves) {
            return put("n_frequencies", octaves);
        }

        /**
         * Sets along which directions waves run, {@code "basis"}.
         *
         * @param basis {@code "Axes"} (default): 3, 6 outputs an octave; {@code "Icosahedron"}: the 21 of Mip-NeRF 360,
         *     vertices and middles of edges of half an icosahedron, 42 outputs an octave, which tell how a Gaussian
         *     lies in space
         * @return this builder
         */
        public IntegratedFrequency basis(String basis) {
            return put("basis", basis);
        }

        /**
         * Sets how unbounded space is contracted about the origin before, {@code "contraction"}: x stays where |x| is
         * at most 1 and becomes (2 - 1/|x|) x/|x| elsewhere (Mip-NeRF 360, equation 10); the covariance becomes J
         * covariance J<sup>T</sup> with the derivative J at the mean. Gradients are exact: J goes with the mean.
         *
         * @param contraction {@code "None"} (default); {@code "L2"}: |x| is the length; {@code "LInfinity"}: |x| is the
         *     largest coordinate's magnitude
         * @return this builder
         */
        public IntegratedFrequency contraction(String contraction) {
            return put("contraction", contraction);
        }

        /** {@return the configuration; the builder may be used further} */
        public EncodingConfig build() {
            return new EncodingConfig(entries);
        }

        private IntegratedFrequency put(String key, Object value) {
            entries.put(key, value);
            return this;
        }
    }

    /** Collects the options of a grid encoding; for one thread. What is not set has the engine's default. */
    public static final class Grid {
        private final Map<String, Object> entries = new LinkedHashMap<>();

        private Grid(String otype) {
            entries.put("otype", otype);
        }

        /**
         * Sets the number of resolutions, {@code "n_levels"}.
         *
         * @param levels 1 to 32; 16 by default
         * @return this builder
         */
        public Grid levels(int levels) {
            return put("n_levels", levels);
        }

        /**
         * Sets the features of a grid point, {@code "n_features_per_level"}.
         *
         * @param features 1, 2 (default), 4 or 8
         * @return this builder
         */
        public Grid featuresPerLevel(int features) {
            return put("n_features_per_level", features);
        }

        /**
         * Sets the base-2 logarithm of the most points that a level keeps, {@code "log2_hashmap_size"}.
         *
         * @param log2 8 to 24; 19 by default
         * @return this builder
         */
        public Grid log2HashmapSize(int log2) {
            return put("log2_hashmap_size", log2);
        }

        /**
         * Sets the cells along an edge of the coarsest level, {@code "base_resolution"}.
         *
         * @param cells 1 to 2<sup>20</sup>; 16 by default
         * @return this builder
         */
        public Grid baseResolution(int cells) {
            return put("base_resolution", cells);
        }

        /**
         * Sets how much finer each level is than the one before, {@code "per_level_scale"}.
         *
         * @param factor 1 to 16; 2 by default
         * @return this builder
         */
        public Grid perLevelScale(double factor) {
            return put("per_level_scale", factor);
        }

        /**
         * Sets what lies between grid points, {@code "interpolation"}.
         *
         * @param interpolation {@code "Linear"} (default), {@code "Smoothstep"} or {@code "Nearest"}
         * @return this builder
         */
        public Grid interpolation(String interpolation) {
            return put("interpolation", interpolation);
        }

        /** {@return the configuration; the builder may be used further} */
        public EncodingConfig build() {
            return new EncodingConfig(entries);
        }

        private Grid put(String key, Object value) {
            entries.put(key, value);
            return this;
        }
    }

    /** Collects encodings that each take a slice of the input; for one thread. */
    public static final class Composite {
        private final List<Map<String, Object>> nested = new ArrayList<>();
        private String reduction;

        private Composite() {}

        /**
         * Adds an encoding of the coordinates behind those that the last part took.
         *
         * @param dimensions how many coordinates it takes
         * @param encoding of these coordinates
         * @return this builder
         */
        public Composite add(int dimensions, EncodingConfig encoding) {
            return add(Map.of(), dimensions, encoding);
        }

        /**
         * Adds an encoding of a slice of the coordinates; slices may overlap.
         *
         * @param first the first coordinate it takes, 0 and more
         * @param dimensions how many it takes
         * @param encoding of these coordinates
         * @return this builder
         */
        public Composite add(int first, int dimensions, EncodingConfig encoding) {
            return add(Map.of("dims_to_encode_begin", first), dimensions, encoding);
        }

        private Composite add(Map<String, Object> begin, int dimensions, EncodingConfig encoding) {
            Map<String, Object> part = new LinkedHashMap<>(begin);
            part.put("n_dims_to_encode", dimensions);
            part.putAll(encoding.entries());
            nested.add(part);
            return this;
        }

        /**
         * Sets how the parts' outputs come together, {@code "reduction"}; for a sum or a product all parts must have as
         * many outputs.
         *
         * @param reduction {@code "Concatenation"} (default), {@code "Sum"} or {@code "Product"}
         * @return this builder
         */
        public Composite reduction(String reduction) {
            this.reduction = reduction;
            return this;
        }

        /** {@return the configuration; the builder may be used further} */
        public EncodingConfig build() {
            Map<String, Object> entries = new LinkedHashMap<>();
            entries.put("otype", "Composite");
            if (reduction != null) {
                entries.put("reduction", reduction);
            }
            entries.put("nested", List.copyOf(nested));
            return new EncodingConfig(entries);
        }
    }
}
