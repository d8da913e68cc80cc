package org.eikonal.studio.scene;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Opens scenes of every {@link SceneFormat} there is. */
public final class Scenes {
    /** The most photos of a scene. */
    public static final int MAX_FRAMES = 100_000;

    private Scenes() {}

    /**
     * Reads a scene's cameras, and the header of every image, by the first format that fits. No file outside the folder
     * is ever opened.
     *
     * @param path the scene's folder
     * @throws SceneException if it can't be used: the message is one line and names file, field, value and remedy
     */
    public static Scene open(Path path) {
        SceneFolder folder = SceneFolder.open(path);
        return format(folder).orElseThrow(() -> new SceneException(path, "neither " + formats().stream()
                .map(Scenes::sought).collect(Collectors.joining(" nor ")) + " is there; a scene is a folder with one of"
                + " them, which holds the photos' poses: 'eikonal scene' has COLMAP estimate those of a folder of"
                + " photos, or of a film")).read(folder);
    }

    /**
     * Whether a folder holds a scene, by the files that are in it.
     *
     * @return false too where there is no such folder
     */
    public static boolean isScene(Path path) {
        return Files.isDirectory(path) && format(SceneFolder.open(path)).isPresent();
    }

    private static Optional<SceneFormat> format(SceneFolder folder) {
        return formats().stream().filter(format -> format.fits(folder)).findFirst();
    }

    /** @return every format there is, in the order in which they are asked: ours first, whatever the class path */
    public static List<SceneFormat> formats() {
        String ours = Scenes.class.getPackageName();
        return ServiceLoader.load(SceneFormat.class, Scenes.class.getClassLoader()).stream()
                .sorted(Comparator.comparing(provider -> !provider.type().getName().startsWith(ours + ".")))
                .map(ServiceLoader.Provider::get).toList();
    }

    private static String sought(SceneFormat format) {
        return String.join(" nor ", format.files()) + " (" + format.name() + ")";
    }
}
