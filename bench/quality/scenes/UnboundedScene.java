import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.eikonal.Pose;

/**
 * Textured things within 1 of the origin, cameras around them at 2, and textured spheres around all with radii from 10
 * to 1000, each of which is seen through gaps of those before it; the last one has none. The box is the largest that a
 * file can ask for and ends at 194. Held-out views come three times: {@code _whole}, {@code _near} with a mask that has
 * the things alone, {@code _far} with one that shows the rest.
 */
final class UnboundedScene {
    private static final int SIZE = 128;
    private static final int RAYS = 4; // along a pixel's side
    private static final double FIELD_OF_VIEW = 1.1;
    private static final double[] RADII = {10, 30, 100, 300, 1000};
    private static final double[] COVERED = {0.3, 0.3, 0.4, 0.5, 1}; // each has 12 to 32 % of all directions

    private UnboundedScene() {}

    static void write(Path folder, long seed) throws IOException {
        Random random = new Random(seed);
        List<Thing> things = new ArrayList<>(List.of(
                new Thing.Disc(-0.4, 1, Pattern.checkers(0.4, random)),
                new Thing.Ball(new Vec(0.45, 0.35, -0.08), 0.32, Pattern.stripes(0.2, random)),
                new Thing.Ball(new Vec(-0.35, -0.5, -0.15), 0.25, Pattern.checkers(0.25, random)),
                new Thing.Block(new Vec(-0.4, 0.35, -0.1), new Vec(0.22, 0.25, 0.3), Pattern.stripes(0.15, random)),
                new Thing.Block(new Vec(0.4, -0.4, -0.25), new Vec(0.25, 0.15, 0.15), Pattern.checkers(0.2, random))));
        for (int i = 0; i < RADII.length; i++) {
            things.add(new Shell(RADII[i], COVERED[i], random.nextLong()));
        }
        List<Pose> poses = Cameras.around(64, 2, 3, 45, new Vec(0, 0, 0.1), random);
        SceneFiles files = new SceneFiles(folder, FIELD_OF_VIEW, 128);
        Cameras.render(things, poses, SIZE, RAYS, FIELD_OF_VIEW, (index, image) -> {
            if (!Cameras.isHeldOut(index)) {
                files.picture(false, "r_" + index, image.picture());
                return;
            }
            for (String part : List.of("whole", "near", "far")) {
                files.picture(true, "r_" + index + "_" + part, image.picture());
            }
            files.picture(true, "mask_" + index + "_near", image.mask(true));
            files.picture(true, "mask_" + index + "_far", image.mask(false));
        });
        for (int i = 0; i < poses.size(); i++) {
            if (Cameras.isHeldOut(i)) {
                files.frame(true, "r_" + i + "_whole", poses.get(i));
                for (String part : List.of("near", "far")) {
                    files.frame(true, "r_" + i + "_" + part, poses.get(i))
                            .put("mask_path", "./test/mask_" + i + "_" + part + ".png");
                }
            } else {
                files.frame(false, "r_" + i, poses.get(i));
            }
        }
        files.finish();
    }
}
