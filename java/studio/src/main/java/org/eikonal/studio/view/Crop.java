package org.eikonal.studio.view;

import java.util.Arrays;
import org.eikonal.studio.run.FieldRenderer;

/** An axis-aligned box of the world, to which pictures are limited: 3 numbers each, {@code min} below {@code max}. */
record Crop(double[] min, double[] max) {
    /** Pictures of a field in a box. */
    static FieldRenderer of(FieldRenderer field, Crop crop) {
        return crop == null ? field : field.within(crop.min, crop.max);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Crop crop && Arrays.equals(min, crop.min) && Arrays.equals(max, crop.max);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(min) + Arrays.hashCode(max);
    }
}
