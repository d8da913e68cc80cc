package org.eikonal.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A peer: the field of {@link InstantNgp} and a training step of it on libtorch, fp32, at random points, 32 samples a ray.
 * Tables are read by {@code index_select}, the fastest of what libtorch has for it ({@code embedding} and
 * {@code embedding_bag} are slower); the optimiser is libtorch's own Adam. Encoded directions are given, not computed.
 */
@State(Scope.Benchmark)
public class TorchBenchmark extends Measured {
    @Param("18")
    public int log2Batch = 18;

    @Param("19")
    public int log2Table = 19;

    @Param("1")
    public int threads = 1;

    private final List<Tensor> tables = new ArrayList<>();
    private final List<Tensor> matrices = new ArrayList<>();
    private PlainGrid shape;
    private int rays;
    private Tensor points;
    private Tensor harmonics;
    private Tensor target;
    private Tensor features;
    private Tensor featuresWithGradient;
    private Adam adam;

    @Setup
    public void prepare() {
        torch.set_num_threads(threads);
        // OpenBLAS, which multiplies, does not ask libtorch; with threads of its own on top it is slower.
        openblas.blas_set_num_threads(threads);
        torch.manual_seed(1);
        int n = 1 << log2Batch;
        rays = n / RayBenchmark.SAMPLES_PER_RAY;
        shape = new PlainGrid(log2Table, null);
        TensorVector parameters = new TensorVector();
        for (int level = 0; level < InstantNgp.LEVELS; level++) {
            tables.add(parameter(parameters, 1e-4, shape.entries[level], 2));
        }
        int[][] sizes = {{64, 32}, {16, 64}, {64, 32}, {64, 64}, {3, 64}};
        for (int[] size : sizes) {
            matrices.add(parameter(parameters, Math.sqrt(6.0 / (size[0] + size[1])), size[0], size[1]));
        }
        points = torch.rand(n, 3);
        harmonics = torch.randn(rays, 1, 16).expand(rays, RayBenchmark.SAMPLES_PER_RAY, 16).reshape(n, 16);
        target = torch.rand(rays, 3);
        AdamOptions options = new AdamOptions(1e-4);
        options.eps().put(1e-15);
        adam = new Adam(parameters, options);
        try (NoGradGuard guard = new NoGradGuard()) {
            features = encode();
        }
        featuresWithGradient = features.clone().detach().requires_grad_(true);
    }

    private static Tensor parameter(TensorVector all, double limit, long rows, long columns) {
        Tensor values = torch.rand(rows, columns).sub(number(0.5)).mul(number(2 * limit)).requires_grad_(true);
        all.push_back(values);
        return values;
    }

    private static Scalar number(double value) {
        return new Scalar(value);
    }

    private static Scalar number(long value) {
        return new Scalar(value);
    }

    /** All eight corners of all points at once, level by level. */
    private Tensor encode() {
        TensorVector levels = new TensorVector();
        for (int level = 0; level < InstantNgp.LEVELS; level++) {
            Tensor position = points.mul(number((double) shape.scale[level])).add(number(0.5));
            Tensor low = position.floor();
            Tensor upperWeight = position.sub(low);
            Tensor vertex = low.to(torch.ScalarType.Long);
            Tensor vertices = torch.stack(new TensorVector(vertex, vertex.add(number(1L))), 2);
            Tensor weights = torch.stack(new TensorVector(upperWeight.neg().add(number(1.0)), upperWeight), 2);
            Tensor x = vertices.select(1, 0).reshape(-1, 1, 1, 2);
            Tensor y = vertices.select(1, 1).mul(number(Integer.toUnsignedLong(shape.strideY[level]))).reshape(-1, 1, 2, 1);
            Tensor z = vertices.select(1, 2).mul(number(Integer.toUnsignedLong(shape.strideZ[level]))).reshape(-1, 2, 1, 1);
            Tensor entry = shape.hashed[level]
                    ? x.bitwise_xor(y).bitwise_xor(z).bitwise_and(number(shape.entries[level] - 1L))
                    : x.add(y).add(z).remainder(number((long) shape.entries[level]));
            Tensor weight = weights.select(1, 0).reshape(-1, 1, 1, 2).mul(weights.select(1, 1).reshape(-1, 1, 2, 1))
                    .mul(weights.select(1, 2).reshape(-1, 2, 1, 1));
            levels.push_back(tables.get(level).index_select(0, entry.reshape(-1)).view(-1, 8, 2)
                    .mul(weight.reshape(-1, 8, 1)).sum(1));
        }
        return torch.cat(levels, 1);
    }

    /** Raw density and three channels. */
    private Tensor[] networks(Tensor encoded) {
        Tensor density = torch.linear(torch.relu(torch.linear(encoded, matrices.get(0))), matrices.get(1));
        Tensor color = torch.cat(new TensorVector(density, harmonics), 1);
        color = torch.relu(torch.linear(color, matrices.get(2)));
        color = torch.relu(torch.linear(color, matrices.get(3)));
        return new Tensor[] {density.select(1, 0), torch.linear(color, matrices.get(4))};
    }

    private Tensor composite(Tensor rawDensity, Tensor color) {
        long samples = RayBenchmark.SAMPLES_PER_RAY;
        Tensor depth = rawDensity.clamp(new ScalarOptional(number(-15.0)), new ScalarOptional(number(15.0))).exp()
                .mul(number(0.02)).view(rays, samples);
        Tensor transmittance = depth.cumsum(1).sub(depth).neg().exp();
        Tensor weight = transmittance.mul(depth.neg().exp().neg().add(number(1.0)));
        return weight.unsqueeze(2).mul(torch.sigmoid(color).view(rays, samples, 3)).sum(1);
    }

    @Benchmark
    public void encodingForward() {
        try (PointerScope scope = new PointerScope(); NoGradGuard guard = new NoGradGuard()) {
            encode();
        }
    }

    @Benchmark
    public void networksForward() {
        try (PointerScope scope = new PointerScope(); NoGradGuard guard = new NoGradGuard()) {
            networks(features);
        }
    }

    @Benchmark
    public void networksForwardAndBackward() {
        try (PointerScope scope = new PointerScope()) {
            adam.zero_grad();
            Tensor[] outputs = networks(featuresWithGradient);
            outputs[0].sum().add(outputs[1].sum()).backward();
        }
    }

    @Benchmark
    public void step() {
        try (PointerScope scope = new PointerScope()) {
            adam.zero_grad();
            Tensor[] outputs = networks(encode());
            composite(outputs[0], outputs[1]).sub(target).pow(number(2.0)).mean().backward();
            adam.step();
        }
    }
}
