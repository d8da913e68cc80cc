package org.eikonal.studio.scene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;

/** Writes scenes for tests: JSON as text, pictures of any size. */
record SceneFixture(Path folder) {
    /** A pose whose x tells frames apart. */
    static String pose(double x) {
        return String.format(Locale.ROOT, "[[1,0,0,%s],[0,1,0,0],[0,0,1,4],[0,0,0,1]]", x);
    }

    static String frame(String filePath, double x, String... more) {
        return "{\"file_path\":\"" + filePath + "\",\"transform_matrix\":" + pose(x)
                + (more.length == 0 ? "" : "," + String.join(",", more)) + "}";
    }

    SceneFixture json(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SceneFixture transforms(String keys, String... frames) {
        return json("transforms.json", "{" + keys + ",\"frames\":[" + String.join(",", frames) + "]}");
    }

    SceneFixture image(String name, int width, int height) {
        try {
            PictureFiles.writePng(new Picture(width, height, new byte[width * height * 4]), folder.resolve(name));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
