import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.eikonal.Pose;

/** Where cameras stand, and what they see. */
final class Cameras {
    private static final int HELD_OUT = 8; // one view of so many

    private Cameras() {}

    /** Takes a view's picture when it is rendered; from several threads. */
    interface Album {
        void add(int index, Image image) throws IOException;
    }

    static boolean isHeldOut(int index) {
        return index % HELD_OUT == HELD_OUT / 2;
    }

    /** Poses at a distance from what they look at, between two elevations (degrees) on a golden spiral. */
    static List<Pose> around(int count, double distance, double lowest, double highest, Vec target, Random random) {
        double start = random.nextDouble() * 2 * Math.PI;
        double low = Math.sin(Math.toRadians(lowest));
        double high = Math.sin(Math.toRadians(highest));
        return IntStream.range(0, count).mapToObj(i -> {
            double height = low + (high - low) * (i + 0.5) / count;
            double across = Math.sqrt(1 - height * height);
            double angle = start + i * Math.PI * (3 - Math.sqrt(5));
            Vec from = new Vec(across * Math.cos(angle), across * Math.sin(angle), height).times(distance).plus(target);
            return Pose.lookAt(from.array(), target.array(), new double[] {0, 0, 1});
        }).toList();
    }

    /**
     * Renders a picture of each pose, of {@code size} pixels a side.
     *
     * @param rays along a pixel's side
     */
    static void render(List<Thing> things, List<Pose> poses, int size, int rays, double fieldOfView, Album album)
            throws IOException {
        try {
            IntStream.range(0, poses.size()).parallel().forEach(i -> {
                try {
                    album.add(i, render(things, poses.get(i), size, rays, fieldOfView));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Colours are added as they are stored, which is how a field adds those along a ray and of a pixel's rays. */
    private static Image render(List<Thing> things, Pose pose, int size, int rays, double fieldOfView) {
        Image image = new Image(size);
        Vec origin = new Vec(pose.at(0, 3), pose.at(1, 3), pose.at(2, 3));
        double reach = Math.tan(fieldOfView / 2) * 2 / size;
        int side = size * rays;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double dx = ((x + 0.5) / rays - size / 2.0) * reach;
                double dy = (size / 2.0 - (y + 0.5) / rays) * reach;
                Vec direction = new Vec(pose.at(0, 0) * dx + pose.at(0, 1) * dy - pose.at(0, 2),
                        pose.at(1, 0) * dx + pose.at(1, 1) * dy - pose.at(1, 2),
                        pose.at(2, 0) * dx + pose.at(2, 1) * dy - pose.at(2, 2)).unit();
                Thing nearest = null;
                double t = Thing.MISS;
                for (Thing thing : things) {
                    double hit = thing.hit(origin, direction, t);
                    if (hit < t) {
                        t = hit;
                        nearest = thing;
                    }
                }
                if (nearest != null) {
                    image.add(x / rays, y / rays, nearest.colour(origin.plus(direction.times(t))),
                            !(nearest instanceof Shell), 1.0 / (rays * rays));
                }
            }
        }
        return image;
    }
}
