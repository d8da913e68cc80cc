package org.eikonal.studio.run;

import org.eikonal.Rendering;
import org.eikonal.studio.image.Colormap;
import org.eikonal.studio.image.Normals;
import org.eikonal.studio.image.Picture;

/**
 * What a rendering looks like, channel by channel; depths are painted over a range.
 *
 * @param nearest the depth painted darkest, in world units, above 0
 * @param farthest the depth painted lightest, above {@code nearest}
 */
public record FieldPictures(double nearest, double farthest) {
    private static final float FAINT = 0.05f;

    /** @return depths from half to twice a distance, such as that of an orbit from its centre */
    public static FieldPictures around(double distance) {
        return new FieldPictures(distance / 2, distance * 2);
    }

    /** @return the colours, as stored sRGB */
    public static Picture rgb(Rendering rendering) {
        return Picture.ofRgb(rendering.width(), rendering.height(), rendering.color());
    }

    /** @return depth in colours, on a logarithmic scale; black where there is nearly nothing */
    public Picture depth(Rendering rendering) {
        float[] log = new float[rendering.depth().length];
        for (int i = 0; i < log.length; i++) {
            log[i] = rendering.opacity()[i] < FAINT ? Float.NaN : (float) Math.log(rendering.depth()[i]);
        }
        return Colormap.paint(rendering.width(), rendering.height(), log, (float) Math.log(nearest),
                (float) Math.log(farthest));
    }

    /** @return opacity in grey: black is empty, white is solid */
    public static Picture opacity(Rendering rendering) {
        float[] rgb = new float[rendering.opacity().length * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = rendering.opacity()[i / 3];
        }
        return Picture.ofRgb(rendering.width(), rendering.height(), rgb);
    }

    /**
     * @param directions {@code [height][width][3]}: unit vectors along which the rendering looks, in the world
     * @return {@code [height][width][3]}: unit vectors in the world that face the camera, NaN where there is nearly
     *     nothing
     */
    public static float[] normals(Rendering rendering, float[] directions) {
        float[] points = new float[directions.length];
        for (int i = 0; i < points.length; i++) {
            points[i] = rendering.opacity()[i / 3] < FAINT ? Float.NaN : rendering.depth()[i / 3] * directions[i];
        }
        return Normals.of(rendering.width(), rendering.height(), points, directions);
    }

    /** @return normals in colours: red, green and blue are x, y and z of the world, from -1 to 1; black is nothing */
    public static Picture normal(Rendering rendering, float[] directions) {
        float[] rgb = normals(rendering, directions);
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = 0.5f + 0.5f * rgb[i];
        }
        return Picture.ofRgb(rendering.width(), rendering.height(), rgb);
    }

    /**
     * @param truth {@code [height][width][3]}
     * @return the mean absolute difference to the truth in colours: 0 is dark, 0.25 and more light
     */
    public static Picture error(Rendering rendering, float[] truth) {
        float[] error = new float[rendering.opacity().length];
        for (int i = 0; i < truth.length; i++) {
            error[i / 3] += Math.abs(rendering.color()[i] - truth[i]) / 3;
        }
        return Colormap.paint(rendering.width(), rendering.height(), error, 0, 0.25f);
    }
}
