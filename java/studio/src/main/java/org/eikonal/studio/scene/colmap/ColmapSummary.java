package org.eikonal.studio.scene.colmap;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a binary COLMAP model amounts to.
 *
 * @param photos that it placed, by their path in the folder of photos, sorted
 * @param points how many there are
 * @param reprojectionError the mean over points of their mean errors, in pixels; NaN without points
 */
public record ColmapSummary(List<String> photos, int points, double reprojectionError) {
    /** @throws org.eikonal.studio.scene.SceneException if a file is missing or damaged */
    public static ColmapSummary of(Path model) {
        double[] errors = ColmapBinary.points(model.resolve("points3D.bin"), new Tracks()).error();
        List<String> photos = ColmapBinary.images(model.resolve("images.bin")).stream().map(ColmapModel.Image::name)
                .sorted().toList();
        return new ColmapSummary(photos, errors.length, Arrays.stream(errors).average().orElse(Double.NaN));
    }
}
