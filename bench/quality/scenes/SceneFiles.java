import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eikonal.Pose;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;

/** The files of a scene as Blender synthetic has them. Pictures may come from several threads. */
final class SceneFiles {
    static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final ObjectNode train = JSON.createObjectNode();
    private final ObjectNode test = JSON.createObjectNode();

    /**
     * @param fieldOfView of all cameras, radians, at whatever resolution
     * @param aabbScale how many unit cubes are modelled, a power of two
     */
    SceneFiles(Path folder, double fieldOfView, int aabbScale) {
        this.folder = folder;
        train.put("camera_angle_x", fieldOfView).put("aabb_scale", aabbScale).putArray("frames");
        test.put("camera_angle_x", fieldOfView).put("aabb_scale", aabbScale).putArray("frames");
    }

    void picture(boolean heldOut, String name, Picture picture) throws IOException {
        PictureFiles.writePng(picture, folder.resolve(split(heldOut)).resolve(name + ".png"));
    }

    /** @return the frame, for more keys */
    ObjectNode frame(boolean heldOut, String name, Pose pose) {
        ObjectNode frame = ((ArrayNode) (heldOut ? test : train).get("frames")).addObject();
        ArrayNode rows = frame.put("file_path", "./" + split(heldOut) + "/" + name).putArray("transform_matrix");
        for (int row = 0; row < 3; row++) {
            ArrayNode values = rows.addArray();
            for (int column = 0; column < 4; column++) {
                values.add(pose.at(row, column));
            }
        }
        rows.addArray().add(0.0).add(0.0).add(0.0).add(1.0);
        return frame;
    }

    void finish() throws IOException {
        write(test, folder.resolve("transforms_test.json"));
        write(train, folder.resolve("transforms_train.json"));
    }

    static void write(ObjectNode root, Path file) throws IOException {
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }

    private static String split(boolean heldOut) {
        return heldOut ? "test" : "train";
    }
}
