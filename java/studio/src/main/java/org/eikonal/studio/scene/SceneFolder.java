package org.eikonal.studio.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of a scene, and the only door to its files: a path that leads out of it, by its spelling or by a link, is
 * refused.
 *
 * @param path the folder's real path
 */
public record SceneFolder(Path path) {
    private static final String[] SUFFIXES = {"", ".png", ".jpg", ".jpeg", ".exr"};

    /** @throws SceneException if there is no such folder */
    public static SceneFolder open(Path folder) {
        if (Files.isRegularFile(folder)) {
            throw new SceneException(folder, "it is a file; name the folder of the scene, in which photos are, or a"
                    + " film (MP4, MOV, MKV, WebM, AVI)");
        }
        if (!Files.isDirectory(folder)) {
            throw new SceneException(folder,
                    "no such folder; a scene is a folder with photos, and their poses if they are known");
        }
        try {
            return new SceneFolder(folder.toRealPath());
        } catch (IOException e) {
            throw SceneException.unreadable(folder, e);
        }
    }

    /** @return the folder's name, which is the scene's */
    public String name() {
        return path.getFileName() == null ? "scene" : path.getFileName().toString();
    }

    /**
     * A file of a known name, if it is there.
     *
     * @param name its path in the folder, with '/'
     * @throws SceneException if it leads out of the folder
     */
    public Optional<Path> file(String name) {
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

    /**
     * The real path of an image that a file of the scene names, its suffix added where it is missing.
     *
     * @param name its path in the folder
     * @return empty if there is no such file
     * @throws IllegalArgumentException saying what is wrong with the name and what to do about it; the caller knows
     *     where it stands
     */
    public Optional<Path> image(String name) {
        try {
            Path plain = path.resolve(name).normalize();
            if (Path.of(name).isAbsolute() || !plain.startsWith(path)) {
                throw outside();
            }
            if (plain.equals(path)) {
                return Optional.empty();
            }
            for (String suffix : SUFFIXES) {
                Path candidate = plain.resolveSibling(plain.getFileName() + suffix);
                if (Files.isRegularFile(candidate)) {
                    Path real = candidate.toRealPath();
                    if (!real.startsWith(path)) {
                        throw outside();
                    }
                    return Optional.of(real);
                }
            }
            return Optional.empty();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("this is no path here (" + e.getReason()
                    + "): write a path inside the scene folder; letters beyond ASCII need a locale such as C.UTF-8");
        } catch (IOException e) {
            throw new IllegalArgumentException("it can't be opened (" + SceneException.reason(e)
                    + "): check the file and its permissions");
        }
    }

    /**
     * The folder with the photos of a format that keeps them apart: images, or a scaled copy of it where that is
     * missing: images_2, images_4 or images_8.
     *
     * @throws SceneException if there is none of them
     */
    public String images() {
        return Stream.of("images", "images_2", "images_4", "images_8")
                .filter(name -> Files.isDirectory(path.resolve(name))).findFirst()
                .orElseThrow(() -> new SceneException(path,
                        "there is no folder images (nor images_2, images_4, images_8): put the photos there"));
    }

    /**
     * The photos in a folder of the scene, those in folders below it left out.
     *
     * @param name of the folder, as {@link #images} gives it; may end with '/', and be empty for the scene's own
     * @return paths in the scene's folder, sorted by name; without the drawing that {@code eikonal scene} makes there
     * @throws SceneException if the folder can't be read, leads out of the scene's or has too many files
     */
    public List<String> imagesIn(String name) {
        Path folder = path.resolve(name);
        String drawing = name() + "-cameras.png";
        try {
            if (!folder.toRealPath().startsWith(path)) {
                throw new SceneException(folder, "it is a link out of the scene folder; put the photos there");
            }
            try (Stream<Path> files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(file -> file.matches("(?i)[^.].*\\.(png|jpe?g|bmp|gif|tiff?|exr)"))
                        .filter(file -> !file.equals(drawing))
                        .limit(Scenes.MAX_FRAMES + 1L).sorted()
                        .map(file -> name.isEmpty() || name.endsWith("/") ? name + file : name + "/" + file).toList();
            }
        } catch (IOException e) {
            throw SceneException.unreadable(folder, e);
        }
    }

    /** @return a file's name without its suffix */
    public static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static IllegalArgumentException outside() {
        return new IllegalArgumentException(
                "it leads out of the scene folder: put the image inside and write its path from there");
    }
}
