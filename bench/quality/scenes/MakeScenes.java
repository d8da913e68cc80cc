import java.io.IOException;
import java.nio.file.Path;
import org.eikonal.studio.demo.DemoScene;

/**
 * Writes a scene that asks one question. Arguments: its kind, a folder, and the seed of all that is random (0 if it is
 * not said; the demo scene has nothing random). The same seed gives the same bytes.
 */
final class MakeScenes {
    private MakeScenes() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2 || arguments.length > 3) {
            throw new IllegalArgumentException("arguments: KIND FOLDER [SEED]");
        }
        Path folder = Path.of(arguments[1]);
        long seed = arguments.length == 3 ? Long.parseLong(arguments[2]) : 0;
        switch (arguments[0]) {
            case "multiscale" -> MultiscaleScene.write(folder, seed);
            case "unbounded" -> UnboundedScene.write(folder, seed);
            case "poses" -> PerturbedPoses.write(folder, seed);
            case "poses-exact" -> DemoScene.write(folder);
            case "positional" -> DemoScene.write(folder, 40, 8, 80);
            default -> throw new IllegalArgumentException("there is no scene " + arguments[0]
                    + "; there are multiscale, unbounded, poses, poses-exact, positional");
        }
    }
}
