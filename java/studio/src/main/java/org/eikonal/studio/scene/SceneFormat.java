package org.eikonal.studio.scene;

import java.util.List;

/**
 * A format of scenes: how poses and lenses of photos lie in a folder. Formats are found by {@link
 * java.util.ServiceLoader}, so that a jar on the class path adds its own by naming its class, which has a public
 * constructor without parameters, in {@code META-INF/services/org.eikonal.studio.scene.SceneFormat}; those of the
 * program come first. Thread-safe: formats have no state.
 */
public interface SceneFormat {
    /** @return the name that users read, such as "COLMAP" */
    String name();

    /**
     * The files by which a scene of this format is known.
     *
     * @return paths in the scene's folder, with '/'; any one of them will do
     */
    List<String> files();

    /**
     * Whether a folder is of this format, by the files that are in it; what they say is looked at by {@link #read}.
     *
     * @throws SceneException if such a file leads out of the folder
     */
    default boolean fits(SceneFolder folder) {
        return files().stream().anyMatch(file -> folder.file(file).isPresent());
    }

    /**
     * Reads a scene: all cameras, and the header of every photo; a {@link SceneBuilder} puts it together.
     *
     * @param folder one that {@link #fits}
     * @throws SceneException if it can't be used: the message is one line and names file, field, value and remedy
     */
    Scene read(SceneFolder folder);
}
