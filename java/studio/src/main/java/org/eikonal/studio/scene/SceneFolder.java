package org.eikonal.studio.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of a scene, and the only door to its files: a path that leads out of it, by its spelling or by a link, is
 * refused.
 *
 * @param path the folder's real path
 */
record SceneFolder(Path path) {
    private static final String[] SUFFIXES = {"", ".png", ".jpg", ".jpeg"};

    static SceneFolder open(Path folder) {
        if (Files.isRegularFile(folder)) {
            throw new SceneException(folder, "it is a file; name the folder of the scene, in which transforms.json or"
                    + " transforms_train.json is");
        }
        if (!Files.isDirectory(folder)) {
            throw new SceneException(folder,
                    "no such folder; a scene is a folder with transforms.json or transforms_train.json");
        }
        try {
            return new SceneFolder(folder.toRealPath());
        } catch (IOException e) {
            throw SceneException.unreadable(folder, e);
        }
    }

    /** A file of the folder itself, if it is there. */
    Optional<Path> file(String name) {
        Path file = path.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            if (!file.toRealPath().startsWith(path)) {
                throw new SceneException(file, "it is a link out of the scene folder; put the file itself there");
            }
            return Optional.of(file);
        } catch (IOException e) {
            throw SceneException.unreadable(file, e);
        }
    }

    /** The real path of a frame's image, its suffix added where it is missing; empty if there is no such file. */
    Optional<Path> image(JsonObject frame) {
        String name = frame.text("file_path");
        try {
            Path plain = path.resolve(name).normalize();
            if (Path.of(name).isAbsolute() || !plain.startsWith(path)) {
                throw outside(frame);
            }
            if (plain.equals(path)) {
                return Optional.empty();
            }
            for (String suffix : SUFFIXES) {
                Path candidate = plain.resolveSibling(plain.getFileName() + suffix);
                if (Files.isRegularFile(candidate)) {
                    Path real = candidate.toRealPath();
                    if (!real.startsWith(path)) {
                        throw outside(frame);
                    }
                    return Optional.of(real);
                }
            }
            return Optional.empty();
        } catch (InvalidPathException e) {
            throw frame.wrong("file_path", "this is no path here (" + e.getReason()
                    + "): write a path inside the scene folder; letters beyond ASCII need a locale such as C.UTF-8");
        } catch (IOException e) {
            throw frame.wrong("file_path", "it can't be opened (" + SceneException.reason(e)
                    + "): check the file and its permissions");
        }
    }

    private static SceneException outside(JsonObject frame) {
        return frame.wrong("file_path",
                "it leads out of the scene folder: put the image inside and write its path from there");
    }
}
