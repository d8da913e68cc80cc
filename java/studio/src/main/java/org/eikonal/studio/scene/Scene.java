package org.eikonal.studio.scene;

import java.nio.file.Path;
import java.util.List;

/**
 * Posed photos, read by {@link Scenes#open}. Immutable; no pixel has been decoded yet.
 *
 * @param name the folder's name
 * @param folder the folder's real path
 * @param format the format it was read in, as users know it, such as "COLMAP"
 * @param views every view that has its image, train before val before test, each split sorted by file_path
 * @param cube the mapping of world units to the unit cube, and the size of the modelled box
 * @param points points on surfaces that the scene's files hold beside the photos; often {@link SparsePoints#NONE}
 * @param skipped every photo that was left out, mostly because its image is missing
 */
public record Scene(String name, Path folder, String format, List<View> views, UnitCube cube, SparsePoints points,
        List<Skipped> skipped) {
    /** Copies the lists. */
    public Scene {
        views = List.copyOf(views);
        skipped = List.copyOf(skipped);
    }

    /** @return the views of one split, sorted by file_path */
    public List<View> views(Split split) {
        return views.stream().filter(view -> view.split() == split).toList();
    }

    /** @return the colour behind transparent pixels unless a run says otherwise: white, 3 values of 0..1 */
    public float[] background() {
        return new float[] {1, 1, 1};
    }
}
