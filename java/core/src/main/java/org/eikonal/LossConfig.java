package org.eikonal;

import java.util.Map;
import org.eikonal.internal.Json;

/** A loss: how far a prediction is from its target. */
public final class LossConfig extends Config {
    private LossConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * @param json a JSON object with tiny-cuda-nn's keys, such as {@code {"otype": "Huber"}}
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static LossConfig fromJson(String json) {
        return new LossConfig(Json.parseObject(json));
    }

    /** The squared difference. */
    public static LossConfig l2() {
        return new LossConfig(Map.of("otype", "L2"));
    }

    /** Squared for small differences, linear for large ones: outliers weigh less. */
    public static LossConfig huber() {
        return new LossConfig(Map.of("otype", "Huber"));
    }
}
