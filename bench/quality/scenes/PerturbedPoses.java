import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.eikonal.studio.demo.DemoScene;

/**
 * The demo scene with training poses that are wrong: each is turned by 2 degrees about a random axis through the camera
 * and moved by 2 % of the scene's diameter in a random direction. Every second error is the opposite of the one before
 * it, so that all of them together neither turn nor move the scene away from its held-out poses, which are exact.
 */
final class PerturbedPoses {
    private static final double TURN = Math.toRadians(2);
    private static final double SHIFT = 0.02 * 2.5;

    private PerturbedPoses() {}

    static void write(Path folder, long seed) throws IOException {
        DemoScene.write(folder);
        Path file = folder.resolve("transforms_train.json");
        ObjectNode root = (ObjectNode) SceneFiles.JSON.readTree(file.toFile());
        Random random = new Random(seed);
        Vec axis = null;
        Vec shift = null;
        for (int i = 0; i < root.get("frames").size(); i++) {
            axis = i % 2 == 0 ? Vec.direction(random) : axis.times(-1);
            shift = i % 2 == 0 ? Vec.direction(random).times(SHIFT) : shift.times(-1);
            ArrayNode rows = (ArrayNode) root.get("frames").get(i).get("transform_matrix");
            for (int column = 0; column < 4; column++) {
                Vec old = new Vec(rows.at("/0/" + column).doubleValue(), rows.at("/1/" + column).doubleValue(),
                        rows.at("/2/" + column).doubleValue());
                double[] changed = (column < 3 ? old.turned(axis, TURN) : old.plus(shift)).array();
                for (int row = 0; row < 3; row++) {
                    ((ArrayNode) rows.get(row)).set(column, changed[row]);
                }
            }
        }
        SceneFiles.write(root, file);
    }
}
