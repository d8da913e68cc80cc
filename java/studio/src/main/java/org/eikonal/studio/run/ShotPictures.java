package org.eikonal.studio.run;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eikonal.Rendering;
import org.eikonal.studio.image.ExrFile;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.path.Shot;

/**
 * What a field looks like from somewhere, channel by channel, as pictures and as files.
 *
 * @param field that is rendered
 * @param pictures how depths are painted
 * @param channels some of {@link #CHANNELS}
 */
public record ShotPictures(TrainedField field, FieldPictures pictures, List<String> channels) {
    /** Colours, depth, normals of the surface, and how solid it is. */
    public static final List<String> CHANNELS = List.of("rgb", "depth", "normal", "opacity");

    /**
     * One channel as people look at it.
     *
     * @param rendering of the field at the shot
     */
    public Picture picture(String channel, Shot shot, Rendering rendering) {
        return switch (channel) {
            case "depth" -> pictures.depth(rendering);
            case "normal" -> FieldPictures.normal(rendering, field.directions(shot));
            case "opacity" -> FieldPictures.opacity(rendering);
            default -> FieldPictures.rgb(rendering);
        };
    }

    /** The same as a PNG file. */
    public byte[] png(String channel, Shot shot, Rendering rendering) throws IOException {
        return PictureFiles.png(picture(channel, shot, rendering));
    }

    /** All channels in one EXR file of 32-bit floats, under the names that other programs know; colours are linear. */
    public byte[] exr(Shot shot, Rendering rendering) {
        Map<String, float[]> planes = new LinkedHashMap<>();
        for (String channel : channels) {
            switch (channel) {
                case "depth" -> planes.put("Z", rendering.depth());
                case "normal" -> put(planes, FieldPictures.normals(rendering, field.directions(shot)),
                        "N.X", "N.Y", "N.Z");
                case "opacity" -> planes.put("A", rendering.opacity());
                default -> put(planes, linear(rendering.color()), "R", "G", "B");
            }
        }
        return ExrFile.encode(rendering.width(), rendering.height(), planes);
    }

    private static void put(Map<String, float[]> planes, float[] values, String... names) {
        for (int c = 0; c < names.length; c++) {
            float[] plane = new float[values.length / names.length];
            for (int i = 0; i < plane.length; i++) {
                plane[i] = values[i * names.length + c];
            }
            planes.put(names[c], plane);
        }
    }

    /** The inverse of sRGB's curve (IEC 61966-2-1). */
    static float[] linear(float[] srgb) {
        float[] linear = new float[srgb.length];
        for (int i = 0; i < srgb.length; i++) {
            double value = srgb[i];
            linear[i] = (float) (value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
        }
        return linear;
    }
}
