package org.eikonal;

import java.util.List;

/**
 * Where one matrix, bias or table of a model lies among its parameters.
 *
 * @param name such as {@code "encoding.level0"}, {@code "network.layer0"} or {@code "network.layer0.bias"}
 * @param offset of its first number
 * @param shape row-major: matrices are {@code [outputs][inputs]}, biases {@code [outputs]}, grid levels
 *     {@code [entries][features]}
 */
public record ParameterBlock(String name, long offset, List<Long> shape) {
    /** {@return how many numbers it holds} */
    public long size() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
