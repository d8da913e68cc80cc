package org.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SceneBuilder;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.SceneFolder;
import org.eikonal.studio.scene.SceneFormat;
import org.eikonal.studio.scene.SparsePoints;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.UnitCube;

/** A format as somebody else's jar would add it: names of images, a line each, all seen from one place. */
public final class OtherFormat implements SceneFormat {
    @Override
    public String name() {
        return "a list";
    }

    @Override
    public List<String> files() {
        return List.of("list.of.photos");
    }

    @Override
    public Scene read(SceneFolder folder) {
        Path file = folder.file("list.of.photos").orElseThrow();
        SceneBuilder scene = new SceneBuilder(folder, name());
        try {
            for (String line : Files.readAllLines(file)) {
                folder.image(line).ifPresentOrElse(image -> scene.add(line, image, Orientation.NORMAL,
                        Camera.perspective(8, 6, 10, Pose.IDENTITY), Split.TRAIN), () -> scene.skip(line, "gone"));
            }
        } catch (IOException e) {
            throw SceneException.unreadable(file, e);
        }
        return scene.build(file, "lines", new UnitCube(1, 0, 0, 0, 1), SparsePoints.NONE);
    }
}
