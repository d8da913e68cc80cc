package org.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.PictureFiles.Size;
import org.eikonal.studio.scene.Framing;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SceneBuilder;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.SceneFolder;
import org.eikonal.studio.scene.SceneFormat;
import org.eikonal.studio.scene.SparsePoints;
import org.eikonal.studio.scene.Split;

/**
 * A format of one's own: {@code cameras.csv}, a line a photo, with its path, where its camera stands, what it looks at,
 * and its horizontal field of view in degrees: {@code path,x,y,z,x,y,z,degrees}. Up is z.
 */
public final class CsvFormat implements SceneFormat {
    private static final String FILE = "cameras.csv";
    private static final long LONGEST = 64 << 20;

    @Override
    public String name() {
        return "cameras.csv";
    }

    @Override
    public List<String> files() {
        return List.of(FILE);
    }

    @Override
    public Scene read(SceneFolder folder) {
        Path file = folder.file(FILE).orElseThrow();
        SceneBuilder scene = new SceneBuilder(folder, name());
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            try {
                add(scene, folder, lines.get(i));
            } catch (IllegalArgumentException | IOException e) {
                throw new SceneException(file, "line " + (i + 1), lines.get(i), e.getMessage());
            }
        }
        scene.holdOut(); // every 8th, as all formats do that say nothing of it
        if (scene.cameras().isEmpty()) {
            throw new SceneException(file, "it names no photo that is there; write a line for each");
        }
        return scene.build(file, "lines", Framing.cube(scene.cameras(), SparsePoints.NONE), SparsePoints.NONE);
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new SceneException(file, "it is longer than 64 MiB; take fewer photos");
            }
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw SceneException.unreadable(file, e);
        }
    }

    private static void add(SceneBuilder scene, SceneFolder folder, String line) throws IOException {
        String[] parts = line.split(",");
        if (parts.length != 8) {
            throw new IllegalArgumentException("write path,x,y,z,x,y,z,degrees");
        }
        Path image = folder.image(parts[0]).orElse(null); // no file outside the folder is found
        if (image == null) {
            scene.skip(parts[0], "there is no such image");
            return;
        }
        double[] numbers = Arrays.stream(parts).skip(1).mapToDouble(Double::parseDouble).toArray();
        Pose pose = Pose.lookAt(Arrays.copyOf(numbers, 3), Arrays.copyOfRange(numbers, 3, 6), new double[] {0, 0, 1});
        Size size = PictureFiles.size(image);
        float focal = (float) (size.width() / 2.0 / Math.tan(Math.toRadians(numbers[6]) / 2));
        scene.add(parts[0], image, Orientation.NORMAL,
                Camera.perspective(size.width(), size.height(), focal, pose), Split.TRAIN);
    }
}
