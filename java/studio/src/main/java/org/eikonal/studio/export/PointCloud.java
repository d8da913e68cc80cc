package org.eikonal.studio.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.eikonal.Camera;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.TrainedField;

/** Points on the surfaces that the photos show: where rays of their cameras end. The same every time. */
final class PointCloud {
    /** The most points. */
    static final int MAX_COUNT = 20_000_000;

    private static final double SPARE = 1.15; // more rays than points, since small pictures tell only roughly
    private static final double SKETCHING = 0.1; // of the whole time, roughly
    private static final int REACH = 2; // pixels of the photo over which a normal is taken

    private PointCloud() {}

    /**
     * Makes points, as many of each camera as its share of what all of them see.
     *
     * @param cameras of the training photos
     * @param count 1 to {@value #MAX_COUNT}
     * @param progress is told the part that is done, 0 to 1
     * @return so many points, or fewer where the photos show too little
     * @throws RunException if the photos show nothing solid
     */
    static Vertices of(TrainedField field, List<Camera> cameras, int count, DoubleConsumer progress) {
        if (count < 1 || count > MAX_COUNT) {
            throw new ConfigException("--count is " + count + "; it must be 1 to " + MAX_COUNT);
        }
        double[] solid = new double[cameras.size()];
        for (int i = 0; i < solid.length; i++) {
            Camera sketch = Hits.sketch(cameras.get(i));
            progress.accept(SKETCHING * i / solid.length);
            solid[i] = (double) Hits.of(field, sketch, 1).count() / ((long) sketch.width() * sketch.height());
        }
        double all = Arrays.stream(solid).sum();
        if (all == 0) {
            throw new RunException("there are no points: no photo's ray meets anything solid; train longer");
        }
        List<Vertices> parts = new ArrayList<>();
        double share = 0;
        int made = 0;
        for (int i = 0; i < solid.length; i++) {
            share += solid[i] / all;
            int wanted = (int) Math.round(share * count) - made;
            if (wanted > 0 && solid[i] > 0) {
                Camera photo = cameras.get(i);
                Camera camera = withPixels(photo, SPARE * wanted / solid[i]);
                Hits hits = Hits.of(field, camera, Math.max(1, REACH * camera.width() / photo.width()));
                int n = Math.min(wanted, hits.count());
                int[] which = new int[n];
                Arrays.setAll(which, k -> (int) ((k + 0.5) * hits.count() / n));
                parts.add(vertices(hits.only(which)));
                made += n;
            }
            progress.accept(SKETCHING + (1 - SKETCHING) * (i + 1) / solid.length);
        }
        return joined(parts, made);
    }

    /** The same view in so many pixels, about. */
    private static Camera withPixels(Camera camera, double pixels) {
        double factor = Math.sqrt(pixels / ((double) camera.width() * camera.height()));
        int largest = Math.max(camera.width(), camera.height());
        return camera.scaled((float) Math.min(factor, (double) Camera.MAX_SIZE / largest));
    }

    private static Vertices vertices(Hits hits) {
        float[] positions = new float[hits.positions().length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = (float) hits.positions()[i];
        }
        return new Vertices(positions, hits.normals(), Vertices.stored(hits.colors()));
    }

    private static Vertices joined(List<Vertices> parts, int count) {
        Vertices all = new Vertices(new float[3 * count], new float[3 * count], new byte[3 * count]);
        int at = 0;
        for (Vertices part : parts) {
            System.arraycopy(part.positions(), 0, all.positions(), at, part.positions().length);
            System.arraycopy(part.normals(), 0, all.normals(), at, part.normals().length);
            System.arraycopy(part.colors(), 0, all.colors(), at, part.colors().length);
            at += part.positions().length;
        }
        return all;
    }
}
