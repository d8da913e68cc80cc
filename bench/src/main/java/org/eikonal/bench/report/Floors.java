package org.eikonal.bench.report;

import java.util.stream.LongStream;
import org.eikonal.bench.InstantNgp;
import org.eikonal.bench.NetworkBenchmark;

/**
 * The time below which this machine cannot do a piece of work, in nanoseconds a point: what the work needs at least, at the
 * ceilings of {@link Limits}. Each counts the one resource that bounds it and takes all else for free; with several threads
 * the work is divided by them, at ceilings measured on as many. NaN where a ceiling was not measured.
 *
 * <p>Table accesses are counted as if points were random. Those along a ray have neighbours in coarse levels and may be
 * cheaper.
 */
final class Floors {
    private static final int CORNERS = 8;
    /** A parameter, its gradient and two moments. */
    private static final int ADAM_BYTES = 4 * Float.BYTES;

    /** Multiply-adds of the density network 32-64-16 at a point. */
    private static final int DENSITY_PRODUCTS = 32 * 64 + 64 * 16;
    /** And of the colour network 32-64-64-3. */
    private static final int COLOR_PRODUCTS = 32 * 64 + 64 * 64 + 64 * 3;
    /** Multiply-adds that lead back to the 16 numbers of the encoded direction, which nobody asks for. */
    private static final int DIRECTION_PRODUCTS = 16 * 64;

    private final Limits limits;

    Floors(Limits limits) {
        this.limits = limits;
    }

    /** Eight entries a level are read: 4 bytes each of a table in bf16, 8 in fp32. Dense levels are as small as they are. */
    double encodingForward(Setting s, int log2Table) {
        return accesses(s, s.half() ? "read4" : "read8", log2Table);
    }

    /** As many 8-byte gradients, in fp32 always, are added to. */
    double encodingBackward(Setting s, int log2Table) {
        return accesses(s, "update8", log2Table);
    }

    private double accesses(Setting s, String what, int log2Table) {
        return LongStream.of(InstantNgp.entries(log2Table))
                .mapToDouble(entries -> CORNERS * limits.access(what, s.isa(), s.threads(), entries)).sum() / s.threads();
    }

    /** Products by the rate of multiply-adds: of bf16 pairs where the processor multiplies those, else of fp32. */
    double products(Setting s, double multiplyAdds) {
        boolean dot = s.half() && s.isa().equals("avx512bf16");
        return 2 * multiplyAdds / limits.products(dot ? "bf16" : "fp32", s.isa(), s.threads());
    }

    /** A network of square matrices. */
    double network(Setting s, int width) {
        return products(s, (double) NetworkBenchmark.MATRICES * width * width);
    }

    /** Forward, gradients of weights and gradients of inputs are as many products each. */
    double networkAndBack(Setting s, int width) {
        return 3 * network(s, width);
    }

    /** 18.8 kFLOP. */
    double instantNgpNetworks(Setting s) {
        return products(s, DENSITY_PRODUCTS + COLOR_PRODUCTS);
    }

    /** 56.4 kFLOP, with the gradients of all inputs. */
    double instantNgpNetworksAndBack(Setting s) {
        return 3 * instantNgpNetworks(s);
    }

    /** 54.4 kFLOP: the encoded direction needs no gradient. */
    double fieldNetworksAndBack(Setting s) {
        return products(s, 3.0 * (DENSITY_PRODUCTS + COLOR_PRODUCTS) - DIRECTION_PRODUCTS);
    }

    double field(Setting s, int log2Table) {
        return encodingForward(s, log2Table) + instantNgpNetworks(s);
    }

    double fieldAndBack(Setting s, int log2Table) {
        return encodingForward(s, log2Table) + fieldNetworksAndBack(s) + encodingBackward(s, log2Table);
    }

    /** Of one cell: where a density is all that is wanted. */
    double density(Setting s, int log2Table) {
        return encodingForward(s, log2Table) + products(s, DENSITY_PRODUCTS);
    }

    /**
     * Adam for one parameter of a cache line with a gradient: it, its gradient and both moments are read and written where
     * those of all parameters are; likewise a moving average; a copy of a grid in bf16 is written.
     */
    double adam(Setting s, double parameters, boolean average) {
        double bytes = 2 * ADAM_BYTES + (s.half() ? 2 : 0) + (average ? 2 * Float.BYTES : 0);
        return bytes / limits.bandwidth("update", s.threads(), ADAM_BYTES * parameters);
    }

    /** What is read once and written once, of all points together in so many bytes. */
    double stream(Setting s, double bytesEach, double points) {
        return bytesEach / limits.bandwidth("triad", s.threads(), bytesEach * points);
    }

    /** Compositing reads density, length, distance and three channels of a sample and writes its weight. */
    double compositing(Setting s, double samples) {
        return stream(s, 7 * Float.BYTES, samples);
    }

    /** And back: reads the same, writes four gradients. */
    double compositingBack(Setting s, double samples) {
        return stream(s, 10 * Float.BYTES, samples);
    }

    /**
     * A whole training step, of one sample: the sum of its stages.
     *
     * @param touched parameters in cache lines with a gradient, for each sample
     */
    double step(Setting s, int log2Table, double samples, double touched) {
        double parameters = 2.0 * LongStream.of(InstantNgp.entries(log2Table)).sum();
        return fieldAndBack(s, log2Table) + compositing(s, samples) + compositingBack(s, samples)
                + touched * adam(s, parameters, false);
    }
}
