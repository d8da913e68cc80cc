import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.eikonal.Pose;

/**
 * Stripes and checkers over nothing, in four resolutions: {@code r_I_d1.png} is a picture of 192 pixels, {@code
 * r_I_d8.png} the same at an eighth of it, each pixel the mean of the 64 that it covers. At the middle of the scene and
 * at full resolution, their periods are 3, 6, 12 and 24 pixels: two pixels, which Nyquist asks for, are crossed at a
 * half, at a quarter, at an eighth, and never.
 */
final class MultiscaleScene {
    private static final int SIZE = 192;
    private static final int RAYS = 8; // along a pixel's side: with 4, 40 dB lie between this truth and a finer one
    private static final double FIELD_OF_VIEW = 0.69;
    private static final double DISTANCE = 3.6;
    private static final double PIXEL = 2 * DISTANCE * Math.tan(FIELD_OF_VIEW / 2) / SIZE;

    private MultiscaleScene() {}

    static void write(Path folder, long seed) throws IOException {
        Random random = new Random(seed);
        List<Thing> things = List.of(
                new Thing.Disc(-0.5, 1.15, Pattern.checkers(12 * PIXEL, random)),
                new Thing.Ball(new Vec(0.48, 0.44, -0.1), 0.4, Pattern.stripes(3 * PIXEL, random)),
                new Thing.Ball(new Vec(-0.5, -0.42, -0.14), 0.36, Pattern.stripes(6 * PIXEL, random)),
                new Thing.Block(new Vec(-0.46, 0.48, -0.16), new Vec(0.3, 0.27, 0.34),
                        Pattern.checkers(6 * PIXEL, random)),
                new Thing.Block(new Vec(0.47, -0.46, -0.22), new Vec(0.26, 0.3, 0.28),
                        Pattern.stripes(3 * PIXEL, random)),
                new Thing.Ball(new Vec(0, 0, -0.28), 0.22, Pattern.stripes(24 * PIXEL, random)));
        List<Pose> poses = Cameras.around(48, DISTANCE, 20, 70, new Vec(0, 0, -0.15), random);
        SceneFiles files = new SceneFiles(folder, FIELD_OF_VIEW, 1);
        Cameras.render(things, poses, SIZE, RAYS, FIELD_OF_VIEW, (index, image) -> {
            Image scaled = image;
            for (int divisor = 1; divisor <= 8; divisor *= 2, scaled = scaled.halved()) {
                files.picture(Cameras.isHeldOut(index), "r_" + index + "_d" + divisor, scaled.picture());
            }
        });
        for (int i = 0; i < poses.size(); i++) {
            for (int divisor = 1; divisor <= 8; divisor *= 2) {
                files.frame(Cameras.isHeldOut(i), "r_" + i + "_d" + divisor, poses.get(i));
            }
        }
        files.finish();
    }
}
