import java.nio.file.Path;
import org.eikonal.studio.demo.DemoScene;

/** Writes the demo scene. Arguments: folder, training views, held-out views, width and height; or the folder alone. */
final class MakeScene {
    private MakeScene() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        if (arguments.length == 1) {
            DemoScene.write(folder);
        } else {
            DemoScene.write(folder, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]),
                    Integer.parseInt(arguments[3]));
        }
    }
}
