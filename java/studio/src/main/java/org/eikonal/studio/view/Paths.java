package org.eikonal.studio.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eikonal.studio.path.Keyframes;
import org.eikonal.studio.run.AtomicFiles;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.scene.JsonObject;

/** Ways that were laid out in the viewer: {@code RUN/paths/NAME.json}, which {@code eikonal render --path} reads. */
record Paths(RunFolder run) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int MOST = 1000;
    private static final String SUFFIX = ".json";

    private Path folder() {
        return run.path().resolve("paths");
    }

    private Path file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new RunException("a path's name has 1 to 64 letters, digits, - and _");
        }
        return folder().resolve(name + SUFFIX);
    }

    /** @return the names, sorted */
    List<String> names() throws IOException {
        if (!Files.isDirectory(folder())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(Paths::isOurs).map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .filter(name -> NAME.matcher(name).matches()).sorted().limit(MOST).toList();
        }
    }

    /** Links are not followed: they may lead anywhere. */
    private static boolean isOurs(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    void save(String name, Keyframes path, int width, int height) throws IOException {
        Path file = file(name);
        if (!Files.exists(file) && names().size() >= MOST) {
            throw new RunException("there are " + MOST + " paths already; delete some in " + folder());
        }
        Files.createDirectories(folder());
        AtomicFiles.replace(file, (path.cameraPath(width, height).toPrettyString() + "\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    /** @return the path, or null if there is none of that name */
    Keyframes read(String name) {
        Path file = file(name);
        return isOurs(file) ? Keyframes.ofCameraPath(JsonObject.read(file)) : null;
    }
}
