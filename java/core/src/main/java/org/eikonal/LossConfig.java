package org.eikonal;

import java.util.Map;
import org.eikonal.internal.Json;

/** A loss: how far a prediction is from its target. */
public final class LossConfig extends Config {
    private LossConfig(Map<String, Object> entries) {
        super(entries);
    }

    /**
     * Reads a configuration; what its keys hold is checked when a component is made of it.
     *
     * @param json a JSON object with tiny-cuda-nn's keys, such as {@code {"otype": "Huber", "delta": 0.1}}
     * @return the configuration
     * @throws IllegalArgumentException if the text is not one JSON object
     */
    public static LossConfig fromJson(String json) {
        return new LossConfig(Json.parseObject(json));
    }

    /** {@return the squared difference} */
    public static LossConfig l2() {
        return of("L2");
    }

    /** {@return the absolute difference} */
    public static LossConfig l1() {
        return of("L1");
    }

    /**
     * Squared for small differences e, linear for large ones, so that outliers weigh less (Huber 1964): e<sup>2</sup>/2
     * within the key {@code "delta"}, 0.1 by default, delta (|e| - delta/2) outside.
     *
     * @return the configuration
     */
    public static LossConfig huber() {
        return of("Huber");
    }

    /**
     * The squared difference over the squared prediction plus 0.01, for values of high dynamic range (Lehtinen et al.
     * 2018); the denominator counts as a constant in the gradient.
     *
     * @return the configuration
     */
    public static LossConfig relativeL2() {
        return of("RelativeL2");
    }

    /**
     * The absolute difference over the absolute target plus 0.01.
     *
     * @return the configuration
     */
    public static LossConfig mape() {
        return of("Mape");
    }

    /**
     * The absolute difference over the mean of absolute prediction and target plus 0.01; the denominator counts as a
     * constant in the gradient.
     *
     * @return the configuration
     */
    public static LossConfig smape() {
        return of("Smape");
    }

    /**
     * The root of e<sup>2</sup> + epsilon<sup>2</sup> for a difference e (Charbonnier et al. 1994; Barron et al. 2022),
     * with the key {@code "epsilon"}, 0.001 by default.
     *
     * @return the configuration
     */
    public static LossConfig charbonnier() {
        return of("Charbonnier");
    }

    private static LossConfig of(String otype) {
        return new LossConfig(Map.of("otype", otype));
    }
}
