package org.eikonal;

import java.util.List;

/**
 * Where one matrix or table of a model lies among its parameters.
 *
 * @param name such as {@code "network.0"}
 * @param offset of its first number
 * @param shape row-major: matrices are [outputs][inputs], grid levels [entries][features]
 */
public record ParameterBlock(String name, long offset, List<Long> shape) {
    /** @return how many numbers it holds */
    public long size() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
